"""Find the course's notebooks, and read what their proofs need beyond an exercise's."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from puppetcamp.course.pages import Cell, Page, grading, hidden, read

__all__ = ["Cell", "Page", "grading", "hidden", "read"]

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "notebooks"
COURSE = ROOT / "exercises"

_FENCE = re.compile(r"^```puppet\n(.*?)^```$", re.M | re.S)


def shown(page: Page) -> str:
    """Name a page in a message: its path from the project's root."""
    inside = page.path.is_relative_to(ROOT)
    return str(page.path.relative_to(ROOT) if inside else page.path)


def lessons() -> list[Path]:
    """List the lessons in the order of the course."""
    return sorted(LESSONS.glob("*.ipynb"))


def exercises() -> list[Path]:
    """List the notebooks of all exercises."""
    return sorted((COURSE / "source").glob("*/*.ipynb"))


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
