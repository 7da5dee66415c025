"""The node's administrator can make a worker answer anything."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from puppet_kernel import cells
from puppet_kernel.answers import Answer, Asking, Memory
from puppet_kernel.display.blocks_html import to_html
from puppet_kernel.display.blocks_text import to_text
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import HANDLERS
from puppet_kernel.results import CellResult, Kind, Problem
from puppet_kernel.session import Session

NAUGHTY = "<script>alert(1)</script>"
LINES = (
    "%facts",
    "%facts os",
    "%facts os.family",
    "%resource user",
    "%resource user root",
    "%describe file",
    "%describe file mode",
    "%lint",
    "%lint a.pp",
    "%env",
    "%lookup a::b",
    "%lookup a.b merge=deep",
    "%%file a.pp\nclass a { }",
    "%%file a.yaml",
    "%%hiera common\na: 1",
    "%%hiera common",
)


def nested(depth: int) -> Any:
    value: Any = NAUGHTY
    for _ in range(depth):
        value = {"os": value}
    return value


def everywhere(value: Any) -> dict[str, Any]:
    """Return an answer that has a value wherever a handler may look."""
    names = (
        "values origins resources type title attributes code redacted kind name doc "
        "parameters providers features signatures installed sources problems path "
        "fixed versions who environment hiera settings worker folder modulepath "
        "modules levels places line file user root cut namesake "
        "lint state diff size owner group mode made link instead_of text exists "
        "level message hint other column hierarchy hidden unfit added altered "
        "removed known key keys config here found value strategy stated error "
        "parameter class default fits why convert_to certname"
    )
    return dict.fromkeys(names.split(), value)


ANSWERS = (
    None,
    7,
    NAUGHTY,
    [],
    {},
    {"values": nested(900)},
    everywhere(None),
    everywhere(NAUGHTY),
    everywhere([NAUGHTY]),
    everywhere([everywhere(NAUGHTY)]),
    everywhere(everywhere([everywhere(NAUGHTY)])),
    everywhere({"os": {"family": "\ud800"}}),
    everywhere(10**30),
    {**everywhere([everywhere(NAUGHTY)]), "kind": "type", "installed": True},
    {**everywhere([everywhere(NAUGHTY)]), "kind": "class"},
    {**everywhere([everywhere(NAUGHTY)]), "kind": "function"},
)


@dataclass(frozen=True)
class Lying(Asking):
    """Ask a worker that says what it likes."""

    said: Any = None

    def ask(self, op: str, **params: object) -> Any:
        return self.said


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("said", ANSWERS, ids=range(len(ANSWERS)))
def test_no_answer_breaks_a_magic(session: Session, line: str, said: Any) -> None:
    cell = cells.parse(line)
    memory = Memory(applied=cells.parse("notify { 'x': }"))
    try:
        answer = HANDLERS[cell.magic](
            cell, Lying(cell, session.worker, memory, said=said)
        )
    except Unanswered as error:
        answer = Answer(errors=error.problems)
    to_text(answer.blocks).encode()
    shown = to_html(answer.blocks)
    shown.encode()
    assert "<script>" not in shown
    for problem in answer.errors:
        problem.message.encode()


def test_a_hostile_backtrace_is_only_text(fresh_session: Session) -> None:
    frames = (NAUGHTY, ":1" * 100_000, "a" * 100_000)
    problem = Problem("error", NAUGHTY, backtrace=frames)
    failed = replace(CellResult(Kind.APPLY), errors=(problem,))
    fresh_session.memory.failed = failed
    result = fresh_session.run_cell("%trace")
    assert "<script>" not in to_html(result.blocks)


def test_half_a_character_is_answered(fresh_session: Session) -> None:
    for source in ("notice('\ud800')", "%%sh\necho '\ud800'"):
        assert fresh_session.run_cell(source, timeout=30).ok
