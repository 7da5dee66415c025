"""What could stand at the cursor, by the code around it."""

import pytest

from puppet_kernel.editing.context import context
from tests.kernel.editing.marks import split

# Code with its cursor; what fits; the word; the type and the attribute at hand.
PLACES = [
    ("fi‸", "statement", "fi", "", ""),
    ("file { '/x': }\nser‸", "statement", "ser", "", ""),
    ("class a {\n  us‸", "statement", "us", "", ""),
    ("$a = 1\nfi‸", "statement", "fi", "", ""),
    ("$a = 5 / 2\nfi‸", "statement", "fi", "", ""),
    ("if true { fi‸", "statement", "fi", "", ""),
    ("if true { } else { fi‸", "statement", "fi", "", ""),
    ("if $x =~ /a{/ { fi‸", "statement", "fi", "", ""),
    ("case $x { 'a': { fi‸", "statement", "fi", "", ""),
    ("[1].each |$x| { fi‸", "statement", "fi", "", ""),
    ("with(1) |$x| >> Integer { fi‸", "statement", "fi", "", ""),
    ("function f(String $x) >> Integer { fi‸", "statement", "fi", "", ""),
    ("node 'web' { fi‸", "statement", "fi", "", ""),
    ("file { '/x': } -> pa‸", "statement", "pa", "", ""),
    ("@fi‸", "statement", "fi", "", ""),
    ("file { '/x': en‸", "attribute", "en", "file", ""),
    ('file { "/x/${y}": en‸', "attribute", "en", "file", ""),
    ("file { ['/x', '/y']: en‸", "attribute", "en", "file", ""),
    ("file { '/x':\n  ensure => file,\n  mo‸", "attribute", "mo", "file", ""),
    ("file { '/x':\n  ensure => file\n  mo‸", "attribute", "mo", "file", ""),
    ("file { '/x': ; '/y': mo‸", "attribute", "mo", "file", ""),
    ("file { '/x': content => @(E), mo‸", "attribute", "mo", "file", ""),
    (
        "file { '/x': require => [File['/a'], Package['b']], mo‸",
        "attribute",
        "mo",
        "file",
        "",
    ),
    ("exec { 'x': command => \"/bin/x ${y} }\", un‸", "attribute", "un", "exec", ""),
    ("a::b { 'x': un‸", "attribute", "un", "a::b", ""),
    ("::a::b { 'x': un‸", "attribute", "un", "a::b", ""),
    ("class { 'web': po‸", "attribute", "po", "class web", ""),
    ("class { '::web': po‸", "attribute", "po", "class web", ""),
    ("File { ow‸", "attribute", "ow", "file", ""),
    ("File['/x'] { ow‸", "attribute", "ow", "file", ""),
    ("File <| tag == 'x' |> { ow‸", "attribute", "ow", "file", ""),
    ("File <| ow‸", "attribute", "ow", "file", ""),
    ("File <<| tag == 'a' and ow‸", "attribute", "ow", "file", ""),
    ("$x = file { 'a': mo‸", "attribute", "mo", "file", ""),
    ("file { '/x': ensure => fi‸", "value", "fi", "file", "ensure"),
    ("file { '/x': ensure => 'fi‸", "value", "fi", "file", "ensure"),
    ("file { '/x': ensure => \"fi‸\"", "value", "fi", "file", "ensure"),
    ("file { '/x': require => [File['/a'], ‸", "value", "", "file", "require"),
    ("File <| owner == 'r‸", "value", "r", "file", "owner"),
    ("file { '/x': mode +> ‸", "value", "", "file", "mode"),
    ("$a = no‸", "expression", "no", "", ""),
    ("$a = 1 + no‸", "expression", "no", "", ""),
    ("notice(no‸", "expression", "no", "", ""),
    ("notice no‸", "expression", "no", "", ""),
    ("if no‸", "expression", "no", "", ""),
    ("if defined(Fi‸", "expression", "Fi", "", ""),
    ("$x ? { 'a' => no‸", "expression", "no", "", ""),
    ("$x = { 'a' => no‸", "expression", "no", "", ""),
    ("class x (String $a = fo‸", "expression", "fo", "", ""),
    ("$a.ea‸", "chained", "ea", "", ""),
    ("[1, 2].ea‸", "chained", "ea", "", ""),
    ("f(1).ea‸", "chained", "ea", "", ""),
    ('"${a.ea‸', "chained", "ea", "", ""),
    ("$‸", "variable", "$", "", ""),
    ("notice($ab‸", "variable", "$ab", "", ""),
    ('"hello ${fa‸', "variable", "fa", "", ""),
    ('"hello $fa‸', "variable", "$fa", "", ""),
    ('$x = @("E")\n hello ${fa‸', "variable", "fa", "", ""),
    ('$x = @("E")\n hello $fa‸', "variable", "$fa", "", ""),
    ("$facts['os‸", "key", "os", "", ""),
    ("$facts['os']['fa‸", "key", "fa", "", ""),
    ("$facts[‸", "key", "", "", ""),
    ("\"${facts['os']['fa‸", "key", "fa", "", ""),
    ("$facts.get('os.fa‸", "key", "fa", "", ""),
    ("$trusted['cert‸", "key", "cert", "", ""),
    ("File['/‸", "title", "/", "file", ""),
    ("Package['x'] -> File[‸", "title", "", "file", ""),
    ("file { '/x': require => File[\"‸", "title", "", "file", ""),
    ("include we‸", "class", "we", "", ""),
    ("include 'we‸", "class", "we", "", ""),
    ("include a, we‸", "class", "we", "", ""),
    ("include(we‸", "class", "we", "", ""),
    ("include [a, 'we‸", "class", "we", "", ""),
    ("contain we‸", "class", "we", "", ""),
    ("class { 'we‸", "class", "we", "class", ""),
    ("Class['we‸", "class", "we", "reference", ""),
    ("class x inherits we‸", "class", "we", "", ""),
    ("realize(Us‸", "reference", "Us", "", ""),
    ("class x (Str‸", "data type", "Str", "", ""),
    ("class x (Optional[Str‸", "data type", "Str", "", ""),
    ("[1].each |Inte‸", "data type", "Inte", "", ""),
    ("function f(String $x) >> Str‸", "data type", "Str", "", ""),
    ("# fi‸", "nothing", "", "", ""),
    ("/* fi‸", "nothing", "", "", ""),
    ("'fi‸", "nothing", "fi", "", ""),
    ("file { '/x‸", "nothing", "/x", "", ""),
    ("class fo‸", "nothing", "fo", "", ""),
    ("$a = 12‸", "nothing", "", "", ""),
    ("$x = @(E)\n fi‸", "nothing", "", "", ""),
]


@pytest.mark.parametrize(("marked", "want", "word", "of", "attribute"), PLACES)
def test_what_fits(marked: str, want: str, word: str, of: str, attribute: str) -> None:
    code, cursor = split(marked)
    found = context(code, cursor)
    assert (found.want, found.word, found.type, found.attribute) == (
        want,
        word,
        of,
        attribute,
    )
    assert code[found.start : cursor] == word


@pytest.mark.parametrize(
    ("marked", "given"),
    [
        ("file { 'x':\n  ‸\n  mode => '1', owner => [a, b] }", {"mode", "owner"}),
        ("file { 'x': mode => '1', ‸; 'y': owner => a }", {"mode"}),
        ("file { 'x': mode => '1'; 'y': ‸ }\nuser { 'a': uid => 1 }", set()),
        ("user { 'a': home => {a => 1}, ‸ shell => 'x' }", {"home", "shell"}),
    ],
)
def test_what_is_given(marked: str, given: set[str]) -> None:
    assert context(*split(marked)).given == given


@pytest.mark.parametrize(
    ("marked", "variables"),
    [
        ("$a = 1\n$b = 2\n‸", ["$b", "$a"]),
        ("[$a, $b] = [1, 2]\n‸", ["$b", "$a"]),
        ("$a = 1\nif true { $b = 1 }\n‸", ["$b", "$a"]),
        ("$a = 1\nclass x($b) { $c = 1 }\n‸", ["$a"]),
        ("$a = 1\ndefine x($b, $c = $d) { ‸", ["$c", "$b", "$a"]),
        ("[1].each |$i, String $j| { $k = 1 ‸ }", ["$k", "$j", "$i"]),
        ("[1].each |$i| { $k = 1 }\n‸", []),
        ('[1].each |$i| { notice("${‸', ["$i"]),
    ],
)
def test_variables_in_scope(marked: str, variables: list[str]) -> None:
    assert list(context(*split(marked)).walk.variables()) == variables


@pytest.mark.parametrize(
    ("marked", "declared"),
    [
        ("file { 'a': }\n‸\nuser { ['b', \"c\"]: }", ["a", "b", "c"]),
        ("file { 'a': require => File['‸'] }\nuser { 'b': }", ["a", "b"]),
        ("file { 'a': require => File[\"‸\"] }\nuser { 'b': }", ["a", "b"]),
        ("file { default: ; 'a': ; 'b': }‸", ["a", "b"]),
        ("notice(\"${‸ x\")\nuser { 'b': }", ["b"]),
        ("file { 'it\\'s': }‸", ["it's"]),
    ],
)
def test_resources_before_and_behind(marked: str, declared: list[str]) -> None:
    found = context(*split(marked)).everything().declared
    assert [title for _, title in found] == declared


def test_a_path_of_keys() -> None:
    found = context(*split("notice($facts['os']['release'][‸"))
    assert (found.root, found.path, found.dotted) == ("facts", ("os", "release"), False)
    found = context(*split("notice($facts.get('os.release.‸"))
    assert (found.root, found.path, found.dotted) == ("facts", ("os", "release"), True)


def test_the_word_goes_on_behind_the_cursor() -> None:
    code, cursor = split("file { 'x': ens‸ure => file }")
    found = context(code, cursor)
    assert code[found.start : found.end] == "ensure"
    assert found.arrow
