"""What grading needs to know of a notebook; pure, and read with suspicion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puppetcamp.grading.errors import NotebookRefused

MAX_CELLS = 500
MAX_SOURCE = 2**20
"""Characters of source in one notebook."""


@dataclass(frozen=True)
class CodeCell:
    """Hold one code cell: `name` for messages, and whether it is a check."""

    name: str
    source: str
    check: bool


def code_cells(notebook: Mapping[str, Any]) -> tuple[CodeCell, ...]:
    """Return the code cells of an nbformat-4 Puppet notebook in their order.

    Raises NotebookRefused if it is not one, or if it is larger than any exercise.
    """
    cells = notebook.get("cells")
    if notebook.get("nbformat") != 4 or not isinstance(cells, list):
        message = "The notebook is not readable: it is not in notebook format 4."
        raise NotebookRefused(message)
    _require_puppet(notebook)
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


def _require_puppet(notebook: Mapping[str, Any]) -> None:
    kernel = _mapping(_mapping(notebook.get("metadata")).get("kernelspec"))
    name = kernel.get("name")
    if name != "puppet":
        message = (
            f"The notebook's kernel is {name!r}; only Puppet notebooks are graded "
            "here. Choose the Puppet kernel in the exercise's source notebook."
        )
        raise NotebookRefused(message)


def _code_cell(cell: Mapping[str, Any], number: int) -> CodeCell:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        message = f"The notebook is not readable: cell {number} has no text as source."
        raise NotebookRefused(message)
    nbgrader = _mapping(_mapping(cell.get("metadata")).get("nbgrader"))
    name = nbgrader.get("grade_id")
    return CodeCell(
        name=name if isinstance(name, str) and name else f"cell {number}",
        source=source,
        check=nbgrader.get("grade") is True and nbgrader.get("solution") is not True,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
