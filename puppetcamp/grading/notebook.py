"""What grading needs to know of a notebook; pure, and read with suspicion."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from puppetcamp.grading.errors import NotebookRefused

MAX_CELLS = 500
MAX_ALL_CELLS = 5000
"""Cells of any kind in one notebook."""

MAX_SOURCE = 2**20
"""Characters of source in one notebook."""

Language = Literal["puppet", "python"]

_PYTHON = re.compile(r"python(?:\d(?:\.\d+)?)?|ipython\d?")


@dataclass(frozen=True)
class CodeCell:
    """Hold one code cell: `name` for messages, and whether it is a check.

    A check is what nbgrader gives points for by its outputs: a grade cell that is no
    solution. An answer that is graded by hand is none. `points` are a check's maximum,
    as nbgrader reads it, or None.
    """

    name: str
    source: str
    check: bool
    points: float | None = None


def language(notebook: Mapping[str, Any]) -> Language:
    """Tell by its kernelspec, or else its language_info, who runs a notebook.

    Any kernel that names Python as its language is the attendee image's python3, as
    names differ from machine to machine. Raises NotebookRefused for other kernels.
    """
    metadata = _mapping(notebook.get("metadata"))
    kernel = _mapping(metadata.get("kernelspec"))
    spoken = _mapping(metadata.get("language_info")).get("name")
    name = kernel.get("name")
    if name == "puppet":
        return "puppet"
    if name is None and kernel.get("language") is None:
        name = spoken
    for word in (name, kernel.get("language")):
        if isinstance(word, str) and _PYTHON.fullmatch(word.lower()[:20]):
            return "python"
    message = (
        f"The notebook's kernel is {_shown(name)}; Puppet and Python (python3) are the "
        "kernels of a seat, and notebooks of no other are graded. Choose one of them "
        "in the exercise's source notebook, and release it again."
    )
    raise NotebookRefused(message)


def code_cells(notebook: Mapping[str, Any]) -> tuple[CodeCell, ...]:
    """Return the code cells of an nbformat-4 notebook in their order.

    Raises NotebookRefused if it is not one, or if it is larger than any exercise.
    """
    cells = notebook.get("cells")
    if notebook.get("nbformat") != 4 or not isinstance(cells, list):
        message = "The notebook is not readable: it is not in notebook format 4."
        raise NotebookRefused(message)
    if len(cells) > MAX_ALL_CELLS:
        message = (
            f"The notebook has {len(cells)} cells; at most {MAX_ALL_CELLS} are read."
        )
        raise NotebookRefused(message)
    found = tuple(
        _code_cell(cell, number)
        for number, cell in enumerate(cells, 1)
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code"
    )
    size = sum(len(cell.source) for cell in found)
    if len(found) > MAX_CELLS or size > MAX_SOURCE:
        message = (
            f"The notebook has {len(found)} code cells and {size} characters of "
            f"source; at most {MAX_CELLS} and {MAX_SOURCE} are graded."
        )
        raise NotebookRefused(message)
    return found


def _code_cell(cell: Mapping[str, Any], number: int) -> CodeCell:
    nbgrader = _mapping(_mapping(cell.get("metadata")).get("nbgrader"))
    # nbgrader asks for truth, not for True: what it may give points for is a check.
    check = bool(nbgrader.get("grade")) and not nbgrader.get("solution")
    return CodeCell(
        name=_name(nbgrader.get("grade_id"), number),
        source=_source(cell, number),
        check=check,
        points=_points(nbgrader.get("points")) if check else None,
    )


def _source(cell: Mapping[str, Any], number: int) -> str:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        message = f"The notebook is not readable: cell {number} has no text as source."
        raise NotebookRefused(message)
    # Half a surrogate pair is no text that could be sent to anybody.
    return source.encode(errors="replace").decode()


def _name(grade_id: object, number: int) -> str:
    """Name a cell in one printable line: an id may be an attendee's invention."""
    if isinstance(grade_id, str) and grade_id.isprintable() and grade_id.strip():
        return grade_id[:100]
    return f"cell {number}"


def _points(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        points = float(value)
    except OverflowError:
        return None
    return points if math.isfinite(points) and points >= 0 else None


def _shown(name: object) -> str:
    return repr(name[:60]) if isinstance(name, str) else "not named"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
