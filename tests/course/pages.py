"""Find the course's notebooks and read what the proofs need to know of them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Cell = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "notebooks"
EXERCISES = ROOT / "exercises" / "source"
WRONG = ROOT / "exercises" / "wrong"

HIDDEN = re.compile(
    r"^[^\n]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*(?:\n|\Z)", re.M | re.S
)
_SOLUTION = re.compile(
    r"^[^\n]*### BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*### END SOLUTION", re.M | re.S
)
_FENCE = re.compile(r"^```puppet\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Page:
    """One notebook of the course, as it is stored."""

    path: Path
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Name the page in a message: its path from the project's root."""
        return str(self.path.relative_to(ROOT)) if self.inside else str(self.path)

    @property
    def inside(self) -> bool:
        """Say whether the page lies in the project, not in a copy of it."""
        return self.path.is_relative_to(ROOT)

    @property
    def cells(self) -> list[Cell]:
        """List the cells; each has its source as one string."""
        cells: list[Cell] = self.content["cells"]
        return cells

    @property
    def code(self) -> list[Cell]:
        """List the cells that run."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @property
    def checks(self) -> list[Cell]:
        """List the cells that nbgrader gives points for."""
        return [cell for cell in self.code if grading(cell).get("grade")]

    @property
    def answers(self) -> list[Cell]:
        """List the code cells that a learner of an exercise fills in."""
        return [cell for cell in self.code if grading(cell).get("solution")]


def read(path: Path) -> Page:
    """Read a notebook; raises ValueError if it is not JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return Page(path, content)


def lessons() -> list[Path]:
    """List the lessons in the order of the course."""
    return sorted(LESSONS.glob("*.ipynb"))


def exercises() -> list[Path]:
    """List the notebooks of all exercises."""
    return sorted(EXERCISES.glob("*/*.ipynb"))


def wrong_answers(exercise: str) -> list[Path]:
    """List the wrong answers of an exercise."""
    return sorted((WRONG / exercise).glob("*.pp"))


def must_fail(wrong: Path) -> str:
    """Read off a wrong answer's name which check has to fail."""
    return wrong.stem.partition("__")[0]


def grading(cell: Cell) -> dict[str, Any]:
    """Give nbgrader's metadata of a cell; empty for a cell it ignores."""
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def camp(cell: Cell) -> dict[str, Any]:
    """Give the course's own metadata of a cell.

    ``shows``: words that the cell's output contains when the page runs in order.
    ``answers``: on a text cell, the id of the code cell that its manifest solves.
    """
    found: dict[str, Any] = cell["metadata"].get("puppetcamp", {})
    return found


def may_fail(cell: Cell) -> bool:
    """Say whether a cell is meant to fail as the page is shipped."""
    return "raises-exception" in cell["metadata"].get("tags", [])


def reference(cell: Cell) -> str:
    """Give the manifest between an answer cell's SOLUTION marks, or nothing."""
    found = _SOLUTION.search(cell["source"])
    return found.group(1) if found else ""


def folded_answers(page: Page) -> dict[str, str]:
    """Map the id of each cell that a lesson leaves to the learner to its answer."""
    found: dict[str, str] = {}
    for cell in page.cells:
        fence = _FENCE.search(cell["source"])
        if fence and "answers" in camp(cell):
            found[camp(cell)["answers"]] = fence.group(1)
    return found


def manifests(page: Page) -> Iterator[tuple[str, str]]:
    """Give (cell id, Puppet code) of everything on a page that a learner may read."""
    for cell in page.code:
        if not cell["source"].startswith("%%sh"):
            yield cell["id"], re.sub(r"\A%%.*\n", "", cell["source"])
    for target, answer in folded_answers(page).items():
        yield f"answer to {target}", answer


def visible(cell: Cell) -> str:
    """Give what an attendee may see of a check: all but its hidden parts."""
    return HIDDEN.sub("", cell["source"]).rstrip()
