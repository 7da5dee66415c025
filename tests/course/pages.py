"""Find the course's notebooks, and read what their proofs need beyond an exercise's."""

import re
from collections.abc import Iterator
from pathlib import Path

from puppetcamp.course.lessons import camp, folded_answers
from puppetcamp.course.pages import Cell, Page, grading, hidden, may_fail, read

__all__ = [
    "Cell",
    "Page",
    "camp",
    "folded_answers",
    "grading",
    "hidden",
    "may_fail",
    "read",
]

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "notebooks"
COURSE = ROOT / "exercises"


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


def manifests(page: Page) -> Iterator[tuple[str, str]]:
    """Give (cell id, Puppet code) of everything on a page that a learner may read."""
    for cell in page.code:
        if not cell["source"].startswith("%%sh"):
            yield cell["id"], re.sub(r"\A%%.*\n", "", cell["source"])
    for target, answer in folded_answers(page.cells).items():
        yield f"answer to {target}", answer
