"""Read lessons: what each takes and teaches, and what it leaves to the learner."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puppetcamp.course import pages
from puppetcamp.course.faults import Fault
from puppetcamp.course.pages import FAILS, Cell, Page, may_fail
from puppetcamp.errors import CourseError

CHECK = re.compile(r"\A%%(?:expect|idempotent|drift|compiled)\b")

LONGEST = 60
"""Minutes: what claims to take longer is not one lesson."""

_Told = tuple[str, str, str]
"""Cell, what is wrong, remedy."""

_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Lesson:
    """Hold one lesson. Metadata that is missing or wrong is empty or 0."""

    page: Page

    @property
    def name(self) -> str:
        """Name the lesson, as its file is called."""
        return self.page.path.stem

    @property
    def minutes(self) -> int:
        """Give the minutes that a learner needs for it, as it claims."""
        found = camp(self.page.content).get("minutes")
        return found if isinstance(found, int) and not isinstance(found, bool) else 0

    @property
    def teaches(self) -> str:
        """Say in a sentence what a learner can do afterwards."""
        return _text(camp(self.page.content).get("teaches"))

    @property
    def exercise(self) -> str:
        """Name the exercise that goes with it."""
        return _text(camp(self.page.content).get("exercise"))

    @property
    def checks(self) -> list[Cell]:
        """List the cells that check the learner's node or manifest."""
        return [cell for cell in self.page.code if CHECK.match(cell["source"])]

    def faults(self, exercises: Sequence[str]) -> Iterator[Fault]:
        """Find what it lacks; `exercises` are those of the course."""
        for told in (*self._of_metadata(exercises), *self._of_task()):
            yield Fault(self.name, self.page.path, *told)

    def _of_metadata(self, exercises: Sequence[str]) -> Iterator[_Told]:
        if not 1 <= self.minutes <= LONGEST:
            yield (
                "",
                f"its metadata does not say how many minutes it takes (1 to {LONGEST})",
                'add "puppetcamp": {"minutes": 15, …}',
            )
        if not self.teaches:
            yield (
                "",
                "its metadata does not say what it teaches",
                'add "puppetcamp": {"teaches": "what you can do afterwards", …}',
            )
        if self.exercise not in exercises:
            named = f"names {self.exercise!r}" if self.exercise else "names nothing"
            yield (
                "",
                f"its metadata {named} as its exercise, which the course does not have",
                f'add "puppetcamp": {{"exercise": …}}: {", ".join(exercises)}',
            )

    def _of_task(self) -> Iterator[_Told]:
        """See that a check is open at first, and that an answer closes it."""
        solved = folded_answers(self.page.cells)
        for cell in self.page.cells:
            target = camp(cell).get("answers")
            if target is not None and target not in solved:
                yield cell["id"], "it holds no answer", "add a fence: ```puppet"
            yield from _of_mended(cell)
        ids = [cell["id"] for cell in self.page.code]
        for target in sorted({*solved} - {*ids}):
            yield target, "the folded answer solves no code cell", "name one that does"
        shown_open = {cell["id"] for cell in self.page.code if may_fail(cell)}
        if not shown_open & set(checks_that_pass(self.page.cells)):
            yield (
                "",
                "nothing is left to the learner",
                "end with an empty cell, a check that fails at first (tag "
                "raises-exception), and a folded answer",
            )


def read_all(folder: Path) -> list[Lesson]:
    """Read the lessons of a folder, in the order of the course.

    Raises CourseError if there is none, or if one cannot be read.
    """
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            found.append(Lesson(pages.read(path)))
        except pages.Unreadable as error:
            message = f"{path}: {error}; save it with JupyterLab"
            raise CourseError(message) from error
    if not found:
        message = f"No lesson lies in {folder}. A lesson is a notebook: 00_name.ipynb"
        raise CourseError(message)
    return found


def camp(part: dict[str, Any]) -> dict[str, Any]:
    """Give the course's own metadata of a notebook, or of a cell.

    Of a notebook: ``minutes``, ``teaches``, ``exercise``. Of a cell:
    ``shows``: words that the cell's output contains when the page runs in order.
    ``mended``: what a learner changes in a cell that is given broken, and what it shows
    then: ``{"changes": [[old, new], …], "shows": […]}``.
    ``answers``: on a text cell, the id of the code cell that its manifest solves.
    """
    found = part["metadata"].get("puppetcamp")
    return found if isinstance(found, dict) else {}


def folded_answers(cells: Sequence[Cell]) -> dict[str, str]:
    """Map the id of each cell that a lesson leaves to the learner to its answer.

    A cell's source may be a text or, as in a file, a list of lines.
    """
    found: dict[str, str] = {}
    for cell in cells:
        target = cell.get("metadata", {}).get("puppetcamp", {}).get("answers")
        fence = _FENCE.search("".join(cell["source"]))
        if fence and target:
            found[target] = fence.group(1)
    return found


def mended(cells: Sequence[Cell]) -> list[Cell]:
    """Copy the cells that the text has learners mend, as they are afterwards.

    They are not meant to fail any more, and show what is said of them then.
    """
    found = []
    for cell in cells:
        changes = _changes(cell)
        if not changes:
            continue
        copied = deepcopy(cell)
        for old, new in changes:
            copied["source"] = copied["source"].replace(old, new)
        tags = copied["metadata"].get("tags", [])
        copied["metadata"]["tags"] = [tag for tag in tags if tag != FAILS]
        copied["metadata"]["puppetcamp"] = {
            "shows": camp(cell)["mended"].get("shows", [])
        }
        found.append(copied)
    return found


def _changes(cell: Cell) -> list[tuple[str, str]]:
    """List what mending a cell changes; empty if that is not said as it must be."""
    told = camp(cell).get("mended")
    pairs = told.get("changes") if isinstance(told, dict) else None
    return [
        (pair[0], pair[1])
        for pair in (pairs if isinstance(pairs, list) else [])
        if isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(part, str) for part in pair)
    ]


def _of_mended(cell: Cell) -> Iterator[_Told]:
    remedy = 'add "mended": {"changes": [["a part of the cell", "what it becomes"]]}'
    changes = _changes(cell)
    if "mended" in camp(cell) and not changes:
        yield cell["id"], "it does not say how it is mended", remedy
    for old, _ in changes:
        if old not in cell["source"]:
            yield cell["id"], f"{old!r} is to be mended and not there", remedy


def checks_that_pass(cells: Sequence[Cell]) -> list[str]:
    """List the ids of the checks that pass once the folded answers are filled in.

    Above the first cell that is the learner's to fill in, a check that fails is there
    to be seen failing.
    """
    solved = folded_answers(cells)
    found, is_theirs = [], False
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        is_theirs = is_theirs or cell.get("id") in solved
        is_check = CHECK.match("".join(cell["source"]))
        if is_check and (is_theirs or not may_fail(cell)):
            found.append(str(cell.get("id", "?")))
    return found


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
