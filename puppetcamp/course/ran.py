"""Find where a lesson that ran differs from what its page says. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from puppetcamp.course.faults import Fault
from puppetcamp.course.lessons import CHECK, Lesson, camp
from puppetcamp.course.pages import Cell, may_fail

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Run:
    """Hold what a lesson showed: its cells as shipped, and those that finish it.

    `mended` are cells that were run again as the text has learners mend them, and
    `finished` those that end it: answers and checks, in their order.
    `seconds` were spent in the cells as shipped, `more` in all that were run again.
    """

    lesson: Lesson
    shipped: list[Cell]
    mended: list[Cell]
    finished: list[Cell]
    seconds: float
    more: float


def failed(cell: Cell) -> bool:
    """Say whether a cell that ran ended with an error."""
    return any(output["output_type"] == "error" for output in cell["outputs"])


def text(cell: Cell) -> str:
    """Give what a cell shows as plain text, without colours."""
    shown: list[str] = []
    for output in cell["outputs"]:
        plain = output.get("data", {}).get("text/plain", output.get("text", ""))
        shown.append("".join(plain))
        shown += [output.get("evalue", ""), *output.get("traceback", [])]
    return _COLOURS.sub("", "\n".join(shown))


def differences(cells: Sequence[Cell]) -> Iterator[tuple[str, str, str]]:
    """Find where cells differ from what they say of themselves: failures and words.

    As (cell, what, remedy).
    """
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        shown = text(cell)
        if failed(cell) != may_fail(cell):
            was = "failed" if failed(cell) else "did not fail"
            remedy = "mend it, or give it the tag raises-exception, or take that away"
            yield cell["id"], f"it {was}:\n{shown}", remedy
        for words in camp(cell).get("shows", []):
            if words not in shown:
                yield (
                    cell["id"],
                    f"it does not show {words!r}:\n{shown}",
                    "say what really comes out",
                )


def unfinished(run: Run) -> Iterator[tuple[str, str, str]]:
    """Find checks that the folded answers leave open, and answers that fail.

    As (cell, what, remedy).
    """
    for cell in run.finished:
        if failed(cell):
            solved = CHECK.match(cell["source"]) is None
            whose = "the folded answer to it" if solved else "it"
            what = f"with the folded answers filled in {whose} fails:\n{text(cell)}"
            yield cell["id"], what, "mend the answer, or the check"


def faults(run: Run) -> list[Fault]:
    """List everything that a run shows to be wrong with its lesson."""
    told = [
        *differences(run.shipped),
        *((name, f"mended: {what}", do) for name, what, do in differences(run.mended)),
        *unfinished(run),
    ]
    page = run.lesson.page
    return [Fault(run.lesson.name, page.path, *one) for one in told]
