"""Cells: magic lines, line numbers, emptiness."""

import re
import time

import pytest

from puppet_kernel.cells import is_blank, misplaced_magic, parse
from puppet_kernel.errors import CellError
from puppet_kernel.magics import MAGICS
from puppet_kernel.questions import HANDLERS
from puppet_kernel.results import Kind


def test_a_plain_cell_is_applied() -> None:
    cell = parse("notice('x')")
    assert (cell.kind, cell.body, cell.first_line) == (Kind.APPLY, "notice('x')", 1)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("%%noop\nnotice(1)", Kind.NOOP),
        ("%%expect motd_1\nfile{'/x':}", Kind.EXPECT),
        ("%%expect\nfile{'/x':}", Kind.EXPECT),
        ("%%sh\nls", Kind.SHELL),
        ("\n \n%%sh  \r\nls", Kind.SHELL),
    ],
)
def test_magics_choose_the_kind(source: str, kind: Kind) -> None:
    assert parse(source).kind is kind


def test_a_check_has_a_name() -> None:
    assert parse("%%expect motd_mode\nfile{'/x':}").argument == "motd_mode"
    assert parse("%%expect\nfile{'/x':}").argument == ""


@pytest.mark.parametrize("above", ["", "\n", "\n\n"])
def test_line_numbers_are_those_of_the_cell(above: str) -> None:
    source = f"{above}%%noop\nfile {{ '/x':\n  ensure => file,\n}}"
    code = parse(source).code
    where = source.split("\n").index("  ensure => file,")
    assert code.split("\n")[where] == "  ensure => file,"
    assert "%%" not in code


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  \n\t\n",
        "# a comment",
        "### BEGIN SOLUTION\n### END SOLUTION\n",
        "/* several\nlines */ # and one",
        "%%noop\n# nothing",
        "%%noop",
        "%%sh\n",
    ],
)
def test_a_cell_without_code_is_empty(source: str) -> None:
    assert parse(source).kind is Kind.EMPTY


@pytest.mark.parametrize("code", ["/* open", "'#'", "# x\n1", "/**/1", "/"])
def test_code_is_not_taken_for_a_comment(code: str) -> None:
    assert not is_blank(code)


def test_an_empty_check_stays_a_check() -> None:
    assert parse("%%expect motd\n# nothing").kind is Kind.EXPECT


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("%%nop\n1", "unknown magic %%nop; did you mean %%noop?"),
        ("%%expct a\n1", "did you mean %%expect?"),
        ("%%bash\nls", "did you mean %%sh?"),
        ("%%qqqqqq", "there are %%noop, %%expect,"),
        ("%noop\n1", "unknown magic %noop; did you mean %%noop?"),
        ("%%\n1", "unknown magic %%"),
        ("%%noop file{'/x':}", "takes no argument"),
        ("%%expect two words\n1", "takes one name"),
        ("%%expect <b>\n1", "takes one name"),
    ],
)
def test_a_wrong_magic_line_is_explained(source: str, told: str) -> None:
    with pytest.raises(CellError, match=re.escape(told)):
        parse(source)


@pytest.mark.parametrize(
    ("code", "line", "found"),
    [
        ("# why\n%%noop\nnotice(1)", 2, ("%%noop", 2)),
        ("/* a\nb */\n\n%%expect motd\nfile{}", 4, ("%%expect", 4)),
        ("# why\n  %%sh\necho it's", 3, ("%%sh", 2)),
        ("notice(1)\n%%sh\nls", 2, ("%%sh", 2)),
        ("notice(1)\n%%sh\nls", 1, None),
        ("notice(1)\n%%shell\nls", 2, None),
        ("notice(1)\n%%nonsense", 2, None),
        ("file {\n  x y\n}", 2, None),
        ("$a = @(END)\n%%sh\nEND\nnotice($nope)", None, None),
    ],
)
def test_a_misplaced_magic_is_found(
    code: str, line: int | None, found: tuple[str, int] | None
) -> None:
    assert misplaced_magic(code, line) == found


def test_a_long_argument_is_read_in_no_time() -> None:
    started = time.process_time()
    cell = parse(f"%%file a{' ' * 200_000}b \t\nx")
    assert cell.argument == f"a{' ' * 200_000}b"
    assert time.process_time() - started < 2


def test_every_magic_that_asks_is_answered() -> None:
    asking = {name for name, magic in MAGICS.items() if magic.kind is Kind.ANSWER}
    assert asking == set(HANDLERS)


@pytest.mark.parametrize(
    ("source", "kind", "body", "asked"),
    [
        ("notice(1)\n%graph", Kind.APPLY, "notice(1)", ["graph"]),
        (
            "notice(1)\n\n%graph\n# and\n%facts os\n",
            Kind.APPLY,
            "notice(1)\n",
            ["graph"],
        ),
        ("%%noop\nnotice(1)\n  %catalog", Kind.NOOP, "notice(1)", ["catalog"]),
        ("# look\n%facts os", Kind.ANSWER, "", []),
        ("%%sh\nls\n%graph", Kind.SHELL, "ls\n%graph", []),
        ("%%file x.txt\n%graph", Kind.ANSWER, "%graph", []),
        ("$a = 7\n% $b", Kind.APPLY, "$a = 7\n% $b", []),
    ],
)
def test_questions_may_stand_below_a_manifest(
    source: str, kind: Kind, body: str, asked: list[str]
) -> None:
    cell = parse(source)
    assert (cell.kind, cell.body) == (kind, body)
    if asked:
        assert cell.below is not None
        assert [cell.below.magic] == asked


def test_lines_of_questions_below_are_counted() -> None:
    cell = parse("notice(1)\n\n%graph\n%facts os")
    assert cell.below is not None
    assert cell.below.below is not None
    assert cell.below.below.argument == "os"
    assert cell.below.below.first_line == 5


def test_any_number_of_questions_is_read() -> None:
    below = parse("notice(1)\n" + "%graph\n" * 5_000).below
    count = 0
    while below is not None:
        below, count = below.below, count + 1
    assert count == 5_000
