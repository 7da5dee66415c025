"""Read a course's notebooks, and find what a proof needs to know of them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.validator import iter_validate

Cell = dict[str, Any]

_HIDDEN = re.compile(
    r"^[^\n]*BEGIN HIDDEN TESTS[^\n]*\n(.*?)(?:^[^\n]*END HIDDEN TESTS[^\n]*(?:\n|\Z))",
    re.M | re.S,
)
FAILS = "raises-exception"
"""The tag, JupyterLab's own, of a cell that may fail."""

_SOLUTION = re.compile(
    r"^[^\n]*BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*END SOLUTION", re.M | re.S
)


class Unreadable(ValueError):
    """Say why a file is no notebook that can be looked into."""


@dataclass(frozen=True)
class Page:
    """Hold one notebook; every cell has its source as one string."""

    path: Path
    content: dict[str, Any]

    @property
    def cells(self) -> list[Cell]:
        """List the cells."""
        cells: list[Cell] = self.content["cells"]
        return cells

    @property
    def code(self) -> list[Cell]:
        """List the cells that run."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @property
    def checks(self) -> list[Cell]:
        """List the cells that are graded by running them."""
        return [cell for cell in self.code if is_check(cell)]

    @property
    def answers(self) -> list[Cell]:
        """List the code cells that an attendee fills in."""
        return [cell for cell in self.code if grading(cell).get("solution")]

    @property
    def kernel(self) -> str:
        """Name the notebook's kernel; empty if it names none."""
        return str(self.content["metadata"].get("kernelspec", {}).get("name", ""))


def read(path: Path) -> Page:
    """Read a notebook; raises Unreadable if it is not one of format 4."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"it cannot be read: {error}"
        raise Unreadable(message) from error
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        message = "it is not a notebook in format 4"
        raise Unreadable(message)
    minor = content.get("nbformat_minor", 0)
    for fault in iter_validate(content, version=4, version_minor=minor):  # type: ignore[no-untyped-call]
        message = f"it is not a valid notebook: {fault.message[:300]}"
        raise Unreadable(message)
    for cell in content["cells"]:
        cell["source"] = _text(cell["source"])
    return Page(path, content)


def grading(cell: Cell) -> dict[str, Any]:
    """Give nbgrader's metadata of a cell; empty for a cell that it ignores."""
    found = cell["metadata"].get("nbgrader")
    return found if isinstance(found, dict) else {}


def is_check(cell: Cell) -> bool:
    """Tell whether nbgrader gives points for running a cell."""
    return bool(grading(cell).get("grade")) and not grading(cell).get("solution")


def may_fail(cell: Cell) -> bool:
    """Say whether a cell is meant to fail as the page is shipped."""
    tags: list[str] = cell["metadata"].get("tags", [])
    return FAILS in tags


def meant_to_fail(cell: Cell) -> bool:
    """Tell whether a cell is given broken: something to repair, not an answer."""
    graded = grading(cell).get("grade") or grading(cell).get("solution")
    return cell["cell_type"] == "code" and may_fail(cell) and not graded


def name(cell: Cell) -> str:
    """Name a cell in a message: by its grade_id, or by its id."""
    return str(grading(cell).get("grade_id") or cell.get("id") or "a cell")


def points(cell: Cell) -> float:
    """Give what a check is worth; 0 if that is not a number."""
    found = grading(cell).get("points")
    known = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if known and found is not None else 0.0


def solutions(cell: Cell) -> list[str]:
    """List what stands between a cell's SOLUTION marks, region by region."""
    return _SOLUTION.findall(cell["source"])


def hidden(cell: Cell) -> list[str]:
    """List what stands between a cell's HIDDEN TESTS marks, region by region."""
    return _HIDDEN.findall(cell["source"])


def visible(cell: Cell) -> str:
    """Give what an attendee may see of a check: all but its hidden parts."""
    return _HIDDEN.sub("", cell["source"]).rstrip()


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
