"""Whether a cell can be run as it stands, by Puppet's own parser."""

import pytest

from puppet_kernel.editing import Editor

COMPLETE = [
    "",
    "# only a comment",
    "notice('x')",
    "file { '/x':\n  ensure => file,\n}",
    "class x {\n}",
    "$a = @(E)\n  text\n  | E",
    '$a = "x ${b} y"',
    "if true { } else { }",
    "package { 'a': } -> service { 'b': }",
    "# it's",
    "/* it's */",
    "$a = $b ? { 'x' => 1 }",
    "%facts",
    "%facts os.family",
    "%help\n%env",
    "%%noop\nnotice(1)\n\n",
    "%%expect x\nfile { '/x': }\n\n",
    "%%drift x\nfile { '/x': }\n\n",
    "%%compiled x\n%as rocky-9\n# and\n%data a: 1\nfile { '/x': }\n\n",
    "%%sh\necho 'open\n\n",
    "%%file x.epp\n<% if\n\n",
]
INCOMPLETE = [
    "file { '/x':",
    "file {",
    "file { '/x': ensure =>",
    "file { '/x': ensure => file,",
    "class x {",
    "class x",
    "class x (",
    "define x (String $a,",
    "if true {",
    "if true { } else {",
    "unless $a {",
    "case $a {",
    "case $a { 'x': {",
    "[1, 2].each |$x| {",
    "[1, 2].each |$x",
    "$a =",
    "$a = 1 +",
    "$a = [1,",
    "$a = { 'x' =>",
    "notice(",
    "notice('x',",
    "$a = 'open",
    '$a = "open',
    '$a = "open ${',
    '$a = "open ${b',
    '$a = "open ${b}',
    "$a = @(E)",
    "$a = @(E)\n text",
    '$a = @("E"/L)\n text ${x}',
    "/* open",
    "notice(1) /* open",
    "package { 'a': } ->",
    "package { 'a': } ~>",
    "File <| owner == 'x'",
    "$a.",
    "@",
    "%%noop\nnotice(1)",
    "%%noop\nfile { '/x':\n\n",
    "%%expect x\nfile { '/x':",
    "%%sh\necho 1",
    "%%file x.pp\nclass x {\n\n",
]
INVALID = [
    "file { '/x' ensure => 1 }",
    "}",
    "file { '/x': ensure = file }",
    "1 2 }",
    "$a = = 1",
    "class { } }",
    "%%nosuch\nnotice(1)\n\n",
    "%describe",
    "%%noop\n}\n\n",
]


@pytest.mark.parametrize("code", COMPLETE)
def test_complete(editor: Editor, code: str) -> None:
    assert editor.finished(code).status == "complete"


@pytest.mark.parametrize("code", INCOMPLETE)
def test_incomplete(editor: Editor, code: str) -> None:
    assert editor.finished(code).status == "incomplete"


@pytest.mark.parametrize("code", INVALID)
def test_invalid(editor: Editor, code: str) -> None:
    assert editor.finished(code).status == "invalid"


@pytest.mark.parametrize(
    ("code", "indent"),
    [
        ("file { '/x':", "  "),
        ("file { '/x':\n  ensure => file,", "  "),
        ("class x {\n  if true {", "    "),
        ("class x {\n  file { '/x':\n    ensure => file,\n  }", "  "),
        ("class x (\n  String $a,", "  "),
        ("$a = [", "  "),
        ("$a =", "  "),
        ("package { 'a': } ->", ""),
        ("class x {\n  package { 'a':\n  } ->", "  "),
        ("$a = 'open", ""),
        ("  $a = @(E)\n text", ""),
        ("%%noop\nfile { '/x':", "  "),
        ("%%noop\nnotice(1)", ""),
    ],
)
def test_the_next_line_is_indented(editor: Editor, code: str, indent: str) -> None:
    found = editor.finished(code)
    assert (found.status, found.indent) == ("incomplete", indent)
