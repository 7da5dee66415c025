"""Hints: pure functions that know what was meant, or say nothing."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puppet_kernel.assemble import assemble
from puppet_kernel.cells import parse
from puppet_kernel.hints import Scene, advised, applying, catalogue, cycles, notes
from puppet_kernel.hints.names import did_you_mean, listed, nearest
from puppet_kernel.hints.tokens import index_at, open_brackets, tokens
from puppet_kernel.results import CellResult, Problem
from puppet_kernel.results import Kind as Cell

BOTH = re.MULTILINE | re.DOTALL
KERNEL = Path(__file__).parent
SYNTAX = "Syntax error at '{}'"


def syntax(code: str, token: str, line: int, column: int) -> Problem:
    problem = Problem("error", SYNTAX.format(token), line, column, issue="SYNTAX_ERROR")
    return advised(problem, Scene(code))


def hint(message: str, code: str = "", line: int | None = None, **more: object) -> str:
    scene = Scene(code, **more)  # type: ignore[arg-type]
    return advised(Problem("error", message, line), scene).hint


def pointed(problem: Problem) -> list[tuple[int, int, str]]:
    return [
        (line.number, pointer.column, pointer.label)
        for line in problem.lines
        for pointer in line.pointers
    ]


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("file { 'x': }", "name sign single sign sign"),
        ("$a::b = 1.5", "variable sign number"),
        ("File['a'] -> Foo::Bar", "type sign single sign sign type"),
        ("# it's\n/* ' */ 'x' # y", "single"),
        ('"a ${b[\'c\']} \\" d" x', "double name"),
        ('"${ {a => "}"}[x] }" y', "double name"),
        ("10 / 2 / 5", "number sign number sign number"),
        ("$x =~ /a\\/b/", "variable sign regex"),
        ("@(END)\n it's { \n | END\n$x", "single variable"),
        ('@("END"/L)\n "${x}"\n |- END\n$x', "double variable"),
        ("\u2018x\u2019", "odd name odd"),
        ("'never", "single"),
    ],
)
def test_code_is_cut_into_tokens(code: str, kinds: str) -> None:
    assert [str(token.kind) for token in tokens(code)] == kinds.split()


def test_tokens_have_their_places() -> None:
    found = tokens("a\n  'b\nc' d")
    assert [(t.line, t.column) for t in found] == [(1, 1), (2, 3), (3, 4)]
    assert index_at(found, 2, 4) == 1
    assert index_at(found, 9, 1) == 3
    assert [t.text for t in open_brackets(tokens("{ ( ) [ }"))] == ["{", "["]


@pytest.mark.parametrize(
    ("word", "names", "found"),
    [
        ("pakage", ["package", "file"], ["package"]),
        ("fiel", ["file", "filebucket"], ["file"]),
        ("FILE", ["file"], ["file"]),
        ("banana", ["package", "file"], []),
        ("x", ["y", "xy"], []),
        ("ensure", ["ensure"], []),
    ],
)
def test_the_nearest_names(word: str, names: list[str], found: list[str]) -> None:
    assert nearest(word, names) == found


def test_names_are_listed() -> None:
    assert did_you_mean(["a", "b", "c"]) == "did you mean a, b or c?"
    assert did_you_mean([]) == ""
    assert listed("cab", limit=2) == "a, b and 1 more"


@pytest.mark.parametrize(
    ("code", "token", "line", "column", "told"),
    [
        ("f { 'a':\n  b => c\n  d => e }", "d", 3, 3, "b => c,"),
        ("f { 'a':\n  b => c # d\n  d => e }", "d", 3, 3, "b => c, # d"),
        ("f { 'a'\n  d => e }", "d", 2, 3, "f { 'a':"),
        ("f { 'a': b = c }", "=", 1, 12, "f { 'a': b => c }"),
        ("f { 'a': b: c }", ":", 1, 11, "f { 'a': b => c }"),
        ("case $x { 'a' { } }", "{", 1, 15, "case $x { 'a': { } }"),
        ("if $x = 1 { }", "=", 1, 7, "compare with =="),
        ("if a { } else if b { }", "if", 1, 15, "elsif"),
        ("$x = ['a' 'b']", "b", 1, 11, "['a', 'b']"),
        ("notify { 'it's': }", "s", 1, 14, "double quotes around"),
        ("f { 'a': }\n}", "}", 2, 1, "take it out"),
        ("f { 'a': b =>, }", ",", 1, 14, "give b a value"),
        ("ls -l; pwd | wc", "|", 1, 12, "%%sh"),
    ],
)
def test_syntax_errors_get_advice(
    code: str, token: str, line: int, column: int, told: str
) -> None:
    assert told in syntax(code, token, line, column).hint


@pytest.mark.parametrize(
    ("code", "token", "line", "column"),
    [
        # Puppet's own messages about code that no rule is certain about.
        ("notice('x')\n@ % &", "%", 2, 3),
        ("f {\n  'a':\n    default: b => c }", ":", 3, 12),
        ("this is not puppet", "is", 1, 6),
        ("f { 'a': b => c d => { } }", "{", 1, 22),
        # The place is one in a template, and not in the cell.
        ("$a = inline_epp('<% if { %>')", "nothing", 1, 6),
    ],
)
def test_without_certainty_there_is_no_advice(
    code: str, token: str, line: int, column: int
) -> None:
    assert syntax(code, token, line, column).hint == ""


def test_what_is_missing_is_pointed_at() -> None:
    problem = syntax("f { 'a':\n  b => c\n  d => e }", "d", 3, 3)
    assert pointed(problem) == [
        (2, 9, "a comma is missing here"),
        (3, 3, "noticed here"),
    ]


def test_a_duplicate_shows_both_places() -> None:
    code = "file { '/x': }\n\n\n\n\nfile { '/x': }"
    message = (
        "Duplicate declaration: File[/x] is already declared at (line 1); "
        "cannot redeclare"
    )
    problem = advised(Problem("error", message, 6, 1), Scene(code))
    assert pointed(problem) == [
        (1, 1, "first declared here"),
        (6, 1, "declared again here"),
    ]


def test_a_problem_of_another_file_says_nothing_about_the_cell() -> None:
    event = {
        "ev": "log",
        "level": "err",
        "source": "Puppet",
        "message": "Syntax error at 'mode'",
        "file": "/m/manifests/init.pp",
        "line": 3,
        "pos": 3,
        "issue": "SYNTAX_ERROR",
    }
    done = {"ev": "done", "status": 1, "signal": None, "interrupted": None}
    cell = parse("file { '/x':\n  ensure => file\n  mode => '0644' }")
    (problem,) = assemble(cell, [event, done], 0.1).errors
    assert (problem.hint, problem.lines) == ("", ())


def test_names_come_from_the_run_that_failed() -> None:
    event = {
        "ev": "log",
        "level": "err",
        "source": "Puppet",
        "message": "Evaluation Error: Unknown function: 'upcasee'.",
        "line": 1,
        "pos": 6,
        "known": ["upcase", "downcase", 7, None],
        "trace": ["/a.rb:1:in `x'"] * 500,
    }
    done = {"ev": "done", "status": 1, "signal": None, "interrupted": None}
    (problem,) = assemble(parse("$x = upcasee('a')"), [event, done], 0.1).errors
    assert problem.message == "Unknown function: 'upcasee'."
    assert problem.hint == "did you mean upcase?"
    assert len(problem.backtrace) == 40


@pytest.mark.parametrize(
    ("message", "code", "told"),
    [
        ("Unknown variable: 'a'.", "notice($a)\n$a = 1", "line 2"),
        ("Unknown variable: 'a'.", "notice($a)", "on its own"),
        ("Unknown variable: 'osfamily'.", "notice($osfamily)", "['os']['family']"),
    ],
)
def test_unknown_variables(message: str, code: str, told: str) -> None:
    problem = Problem("error", message, 1, 8)
    assert told in advised(problem, Scene(code)).hint


def test_a_variable_that_is_used_in_its_own_value() -> None:
    problem = Problem("error", "Unknown variable: 'a'.", 1, 6)
    told = advised(problem, Scene("$a = $a + 1")).hint
    assert told == "$a has no value yet when this line asks for it"


def test_the_end_of_what_a_command_printed_is_told() -> None:
    message = "Exec[x]: change from 'notrun' to ['0'] failed: 'x' returned 7 instead of"
    printed = "".join(f"line {n}\n" for n in range(100))
    told = hint(f"{message} one of [0]", printed=printed)
    assert "status 7" in told
    assert "line 99" in told
    assert "line 90" not in told


def test_a_cycle_is_drawn() -> None:
    message = "Found 1 dependency cycle:\n(A[a b] => B[x => y] => A[a b])"
    assert cycles.cycles(message) == [["A[a b]", "B[x => y]"]]
    drawn = cycles.diagram(message, {"A[a b]": 3})
    assert drawn is not None
    assert "A[a b] (line 3)" in drawn.text
    assert drawn.mermaid.count("-->") == 2
    assert cycles.diagram("boo", {}) is None


EVERY_MESSAGE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            match
            for path in sorted((KERNEL / "mistakes").glob("*.txt"))
            for match in re.findall(
                r"^Error: (.*?)(?: \(line.*)?$", path.read_text(), re.M
            )
        ]
    ),
)
CODE = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="{}()[]'\"$/\\=>,:;|-#@ \n\tabF1é“", max_size=80),
    st.sampled_from([p.read_text() for p in (KERNEL / "mistakes").glob("*.pp")]),
)


@settings(max_examples=400, deadline=None)
@given(
    message=EVERY_MESSAGE,
    code=CODE,
    line=st.none() | st.integers(-2, 12),
    column=st.none() | st.integers(-2, 60),
    names=st.lists(st.text(max_size=12), max_size=5),
)
def test_no_hint_ever_raises(
    message: str, code: str, line: int | None, column: int | None, names: list[str]
) -> None:
    scene = Scene(code, names=tuple(names), lines={name: 1 for name in names})
    issue = "SYNTAX_ERROR" if message.startswith("Syntax") else None
    problem = Problem("error", message, line, column, issue=issue)
    assert isinstance(advised(problem, scene).hint, str)
    assert list(notes(CellResult(Cell.APPLY), scene)) is not None
    assert isinstance(cycles.diagram(message, {}), object)


@settings(max_examples=300, deadline=None)
@given(code=CODE)
def test_tokens_cover_the_code_in_order(code: str) -> None:
    position = 0
    for token in tokens(code):
        assert token.start >= position
        assert code[token.start : token.end] == token.text
        assert code[: token.start].count("\n") + 1 == token.line
        position = token.end


def test_what_only_root_may_do() -> None:
    message = "Could not set 'file' on ensure: Permission denied - /etc/motd"
    assert "Puppet runs as maria here" in hint(message, user="maria")
    assert hint(message) == ""


@pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule[0].pattern[:40])
def test_every_rule_is_seen_in_a_picture(rule: catalogue.Rule) -> None:
    if rule[1] is applying.denied:
        return  # Puppet is root here; see the test above
    pictures = [p.read_text() for p in (KERNEL / "mistakes").glob("*.txt")]
    told = [
        error
        for picture in pictures
        for error in re.findall(
            r"^Error: (.*?)(?: \(line|^ +\d+ │|^→|\Z)", picture, BOTH
        )
    ]
    assert any(rule[0].search(error) for error in told), rule[0].pattern


@pytest.mark.parametrize(
    "path",
    sorted((KERNEL / "corpus").glob("language/*.pp"))
    + sorted((KERNEL / "corpus").glob("types/*.pp")),
    ids=lambda path: path.stem,
)
def test_manifests_that_are_right_get_no_hint(path: Path) -> None:
    scene = Scene(parse(path.read_text()).code)
    assert list(notes(CellResult(Cell.APPLY), scene)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("/*", '"${', "'", "{", "file { 'a': ensure => installed }\n", "@(A) ", "(("),
        *("for x in ", "if x", "a-", "$a = ", "Parameter a failed Invalid value "),
        "(A[x] => ",
    ],
)
def test_text_made_to_take_long_does_not(text: str) -> None:
    code = text * (100_000 // len(text))
    scene = Scene(code, names=("x" * 200,) * 300)
    started = time.monotonic()
    for message in (code, SYNTAX.format("x"), f"Unknown variable: '{code[:16_000]}'"):
        for place in ((1, 1), (None, None), (3, 7)):
            advised(Problem("error", message, *place, issue="SYNTAX_ERROR"), scene)
    list(notes(CellResult(Cell.APPLY), Scene(code[:40_000])))
    assert time.monotonic() - started < 20
