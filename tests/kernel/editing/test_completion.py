"""Completion on a real node."""

import json
from pathlib import Path

import pytest

from puppet_kernel.editing import Choice, Editor
from tests.kernel.editing.marks import complete, completed, offered


def kinds(editor: Editor, marked: str) -> dict[str, str]:
    """Return the offered texts with their kinds."""
    return {c.text: c.kind for c in complete(editor, marked).choices}


@pytest.mark.parametrize(
    ("marked", "texts"),
    [
        # Types, of Puppet and of modules.
        ("pack‸", ["package"]),
        ("gad‸", ["gadget"]),
        ("web::si‸", ["web::site"]),
        ("define local($a) { }\nloc‸", ["local"]),
        ("nothingatall‸", []),
        ("Pack‸", ["Package"]),
        ("PACK‸", ["Package"]),
        ("srvce‸", ["service"]),
        # Classes.
        ("include we‸", ["web"]),
        ("include 'we‸", ["web'"]),
        ("include 'we‸'", ["web"]),
        ("class { 'we‸", ["web':"]),
        ("class { ‸ }", ["'web':"]),
        ("class local { }\ninclude lo‸", ["local"]),
        # Attributes.
        ("file { 'x': ens‸", ["ensure => "]),
        ("file { 'x': ens‸ => file }", ["ensure"]),
        ("file { 'x': ensure => file, ensu‸", []),
        ("gadget { 'x': col‸", ["colour => "]),
        ("web::site { 'x': ro‸", ["root => "]),
        ("web::site { 'x': loglev‸", ["loglevel => "]),
        ("class { 'web': po‸", ["port => "]),
        ("File { ow‸", ["owner => "]),
        ("File['x'] { ow‸", ["owner => "]),
        ("User <| sh‸", ["shell"]),
        ("file { 'a': ; 'b': ow‸", ["owner => "]),
        # Values.
        ("file { 'x': ensure => dir‸", ["directory"]),
        ("file { 'x': ensure => 'dir‸", ["directory'"]),
        ("file { 'x': ensure => 'dir‸'", ["directory"]),
        ("service { 'x': ensure => run‸", ["running"]),
        ("gadget { 'x': shiny => tru‸", ["true"]),
        ("gadget { 'x': colour => '3‸", ["3d'"]),
        ("gadget { 'x': loglevel => deb‸", ["debug"]),
        ("gadget { 'x': colour => ye‸", []),
        ("class { 'web': mode => 'sa‸", ["safe'"]),
        ("class { 'web': letter => 'a‸'", ["a"]),
        ("class { 'web': mode => saf‸", ["'safe'"]),
        ("class { 'web': verbose => tru‸", ["true"]),
        ("web::site { 'x': ensure => 'ab‸", ["absent'"]),
        ("define l(Enum['up', 'down'] $w) { }\nl { 'x': w => 'd‸", ["down'"]),
        ("User <| ti‸", ["title"]),
        ("User <| ensure == abs‸", ["absent", "abs"]),
        # Functions.
        ("$a = versionc‸", ["versioncmp"]),
        ("$a = web::u‸", ["web::url"]),
        ("$a = web::tw‸", ["web::twice"]),
        ("$a = web::br‸", ["web::broken"]),
        ("$a.versionc‸", ["versioncmp"]),
        ("function mine() { }\n$a = min‸", ["mine", "min"]),
        # Variables.
        ("$some = 1\nnotice($so‸", ["$some"]),
        ('$some = 1\nnotice("${so‸', ["some", "sort"]),
        ('$some = 1\nnotice("$so‸', ["$some"]),
        ("$some = 1\nnotice($other)\nnotice($oth‸", []),
        ("notice($web::po‸", ["$web::port"]),
        ("notice($::kernelrel‸", ["$::kernelrelease"]),
        ("define x() { notice($ti‸", ["$title"]),
        ("notice($ti‸", []),
        # Facts.
        ("$facts['os']['fam‸", ["family']"]),
        ("$facts['os']['fam‸']", ["family"]),
        ("$facts['os'][‸]", None),
        ("notice(\"${facts['os']['fam‸", ["family']"]),
        ("$facts.get('os.fam‸", ["family"]),
        ("$trusted['cert‸", ["certname']"]),
        ("$facts['no']['such‸", []),
        # Data types.
        ("class x(Bool‸", ["Boolean"]),
        ("class x(Web::‸", ["Web::Mode"]),
        # Words of the language.
        ("uns‸", ["unless"]),
        ("case $x { def‸", ["default", "defined"]),
        ("if $x an‸", ["and"]),
        # Magics.
        ("%%ex‸", ["%%expect"]),
        ("%look‸", ["%lookup"]),
        ("%describe gad‸", ["gadget"]),
        ("%describe web::s‸", ["web::site"]),
        ("%facts os.fam‸", ["family"]),
        ("%help loo‸", ["lookup"]),
        ("%lookup web::po‸", ["web::port"]),
        ("%%as debian-13‸", ["debian-13"]),
        ("%%compiled x\n%as debian-13‸", ["debian-13"]),
        ("%%dri‸", ["%%drift"]),
        ("%%comp‸", ["%%compiled"]),
        ("%%compiled x\n%data a: 1\nfile { '/x': mod‸", ["mode => "]),
        ("%facts os\n%look‸", ["%lookup"]),
        # Other cells' text.
        ("%%noop\npack‸", ["package"]),
        ("%%sh\npack‸", []),
        ("%%file a.epp\npack‸", []),
        ("%%file a.pp\npack‸", ["package"]),
        ("# pack‸", []),
        ("'pack‸", []),
    ],
)
def test_what_is_offered(editor: Editor, marked: str, texts: list[str] | None) -> None:
    found = offered(editor, marked)
    if texts is None:
        assert "'family'" in found
    else:
        assert found == texts


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("fi‸", "file"),
        ("‸", "file"),
        ("file { 'x': ‸", "ensure => "),
        ("exec { 'x': ‸", "command => "),
        ("class { 'web': ‸", "port => "),
        ("web::site { 'x': ‸", "root => "),
        ("package { 'x': ensure => ‸", "installed"),
        ("service { 'x': ensure => ‸", "running"),
        ("gadget { 'x': provider => ‸", "plain"),
        ("$x.‸", "each"),
        ("$own = 1\nnotice($‸", "$own"),
        ("%‸", "%%noop"),
    ],
)
def test_what_comes_first(editor: Editor, marked: str, first: str) -> None:
    assert offered(editor, marked)[0] == first


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("file { 'x': ens‸", "file { 'x': ensure => "),
        ("file { 'x': ens‸ure => file }", "file { 'x': ensure => file }"),
        ("class { 'we‸", "class { 'web':"),
        ("class { 'we‸': }", "class { 'web': }"),
        ("notice($facts['os']['fam‸", "notice($facts['os']['family']"),
        ("notice($facts['os']['fam‸'])", "notice($facts['os']['family'])"),
        ("notice($facts['os'][‸])", "notice($facts['os']['architecture'])"),
        ("%facts os.fam‸", "%facts os.family"),
        (
            "file { '/a': }\nfile { '/b': require => ‸ }",
            "file { '/a': }\nfile { '/b': require => File['/a'] }",
        ),
        (
            "file { '/a': }\nfile { '/b': require => File['‸'] }",
            "file { '/a': }\nfile { '/b': require => File['/a'] }",
        ),
        (
            "file { '/b': require => Us‸ }\nuser { \"it's\": }",
            "file { '/b': require => User['it\\'s'] }\nuser { \"it's\": }",
        ),
    ],
)
def test_a_choice_taken(editor: Editor, marked: str, code: str) -> None:
    assert completed(editor, marked) == code


def test_each_choice_tells_its_kind(editor: Editor) -> None:
    assert kinds(editor, "web‸")["web::site"] == "defined type"
    assert kinds(editor, "fil‸")["file"] == "resource type"
    found = kinds(editor, "file { 'x': ‸")
    assert found["ensure => "] == "property"
    assert found["source => "] == "parameter"
    assert found["before => "] == "metaparameter"
    assert kinds(editor, "class { 'web': ‸")["port => "] == "parameter, required"


def test_signatures(editor: Editor) -> None:
    def signature(marked: str) -> str:
        return complete(editor, marked).choices[0].signature

    assert signature("$a = web::tw‸") == (
        "web::twice(Integer $number, [String $unit]) >> Integer"
    )
    assert signature("$a = web::ur‸") == (
        "web::url(String $host, [Integer $port]) >> String"
    )
    assert signature("$a = looku‸").startswith(
        "lookup(Variant[String, Array[String]] $name, [Type $value_type], "
    )
    assert signature("class { 'web': mod‸") == "Web::Mode"
    assert signature("gadget { 'x': colour‸") == "red | green | 3d"


def test_suitable_providers_come_first(editor: Editor) -> None:
    assert offered(editor, "gadget { 'x': provider => ‸")[:2] == ["plain", "alien"]


def test_the_facts_are_the_nodes(editor: Editor) -> None:
    (kernel,) = complete(editor, "$facts['kernelrelease‸").choices
    release = Path("/proc/sys/kernel/osrelease").read_text().strip()
    assert kernel.signature == json.dumps(release)


def test_references_to_other_cells(editor: Editor) -> None:
    editor.session.run_cell("%%noop\nfile { '/elsewhere': ensure => file }")
    here, elsewhere, *_ = complete(
        editor, "file { '/here': }\nuser { 'a': require => ‸ }"
    ).choices[::2]
    assert (here.text, elsewhere.kind) == ("File['/here']", "reference")
    assert elsewhere.signature == "declared in another cell"
    assert elsewhere.text == "File['/elsewhere']"


def test_paths_of_the_node(editor: Editor, web: Path) -> None:
    found = offered(editor, f"%%file {web}/ma‸")
    assert found == [f"{web}/manifests/"]
    assert offered(editor, "%%file envi‸") == ["environments/"]
    assert offered(editor, "%lint /no/such/‸") == []


def test_nothing_is_offered_twice(editor: Editor) -> None:
    for marked in ("‸", "$x = ‸", "file { 'x': ‸", "$x.‸", "notice($‸"):
        texts = offered(editor, marked)
        assert len(texts) == len(set(texts)), marked


def test_front_ends_read_the_kinds(editor: Editor) -> None:
    found = complete(editor, "pack‸")
    assert found.choices == (Choice("package", "package", "resource type", "built in"),)
    assert found.to_json() == [
        {
            "start": 0,
            "end": 4,
            "text": "package",
            "type": "resource type",
            "signature": "built in",
        }
    ]


def test_front_ends_show_the_parameters(editor: Editor) -> None:
    (told,) = complete(editor, "$a = web::tw‸").to_json()
    assert told["type"] == "function (Integer $number, [String $unit]) >> Integer"
    (told,) = complete(editor, "$a = unwra‸").to_json()
    assert told["type"] == "function (Sensitive $arg, [&$block])"


def test_offsets_count_characters(editor: Editor) -> None:
    marked = "notify { '\N{PILE OF POO}\N{DECIDUOUS TREE}': mess‸"
    assert completed(editor, marked) == marked[: marked.index("mess")] + "message => "


class TestNeverStale:
    """What is offered follows the files at once."""

    def test_a_class_gets_a_parameter(self, editor: Editor, web: Path) -> None:
        file = web / "manifests/grow.pp"
        file.write_text("class web::grow($one) { }\n")
        assert offered(editor, "class { 'web::grow': t‸") == ["tag => "]
        file.write_text("class web::grow($one, $two) { }\n")
        assert offered(editor, "class { 'web::grow': t‸") == ["two => ", "tag => "]
        file.unlink()
        assert offered(editor, "include web::gr‸") == []

    def test_a_cell_writes_a_function(self, editor: Editor, web: Path) -> None:
        assert offered(editor, "$a = web::late‸") == []
        text = "function web::later() { 1 }\\n"
        editor.session.run_cell(
            f"file {{ '{web}/functions/later.pp': content => \"{text}\" }}"
        )
        assert offered(editor, "$a = web::late‸") == ["web::later"]

    def test_a_type_gets_a_value(self, editor: Editor, web: Path) -> None:
        file = web / "lib/puppet/type/gadget.rb"
        before = file.read_text()
        assert offered(editor, "gadget { 'x': colour => 'bl‸") == []
        file.write_text(before.replace("'3d'", "'3d', :blue"))
        assert offered(editor, "gadget { 'x': colour => 'bl‸") == ["blue'"]
        file.write_text(before)
        assert offered(editor, "gadget { 'x': colour => 'bl‸") == []

    def test_a_module_comes_and_goes(self, editor: Editor, web: Path) -> None:
        manifest = web.parent / "fresh/manifests/init.pp"
        manifest.parent.mkdir(parents=True)
        manifest.write_text("class fresh { }\n")
        assert offered(editor, "include fre‸") == ["fresh"]
        manifest.unlink()
        assert offered(editor, "include fre‸") == []


@pytest.mark.parametrize("text", ["exit 3", "raise 'no'", "def (", "nosuch"])
def test_broken_ruby_hides_nothing_else(editor: Editor, web: Path, text: str) -> None:
    broken = web / "lib/puppet/type/broken.rb"
    function = web / "lib/puppet/functions/web/ending.rb"
    broken.write_text(text)
    function.write_text(text)
    assert offered(editor, "broke‸") == ["broken"]
    assert offered(editor, "broken { 'x': ‸") == []
    assert offered(editor, "$a = web::endi‸") == ["web::ending"]
    assert offered(editor, "$a = web::tw‸") == ["web::twice"]
    assert offered(editor, "gadget { 'x': col‸") == ["colour => "]
    broken.unlink()
    function.unlink()


def test_a_file_that_cannot_be_read_hides_nothing_else(
    editor: Editor, web: Path
) -> None:
    broken = web / "manifests/broken.pp"
    broken.write_bytes(b"class web::broken($a \xff\n")
    assert offered(editor, "include web::br‸") == ["web::broken"]
    assert offered(editor, "class { 'web::broken': ‸") == []
    assert offered(editor, "include we‸")[0] == "web"
    broken.unlink()
