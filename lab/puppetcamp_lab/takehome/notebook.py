"""Read a notebook that anybody may have written; what can be read counts. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_CELLS = 500
MAX_CELL = 200_000
"""Characters of one cell's source."""
_KINDS = frozenset({"code", "markdown", "raw"})


class NoNotebook(Exception):
    """Say why a file cannot be read as a notebook."""


@dataclass(frozen=True)
class Cell:
    """Hold a cell; `outputs` are as they were stored, mappings of anything."""

    kind: str
    source: str
    outputs: tuple[Mapping[str, Any], ...] = ()

    @property
    def failed(self) -> str:
        """Name the error that the cell ended with when it was last run, if any."""
        for output in self.outputs:
            if output.get("output_type") == "error":
                return str(output.get("ename", ""))[:200]
        return ""


@dataclass(frozen=True)
class Notebook:
    """Hold the cells of a notebook and the language that it is written in.

    `more` counts cells beyond those that are held.
    """

    language: str
    cells: tuple[Cell, ...]
    more: int = 0


def read_notebook(content: bytes) -> Notebook:
    """Read a notebook; raises NoNotebook, and nothing else, whatever it holds."""
    try:
        document = json.loads(content)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise NoNotebook(message) from error
    except (ValueError, MemoryError) as error:
        message = f"it is not the JSON of a notebook ({str(error)[:100]})"
        raise NoNotebook(message) from error
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        message = "it has no list of cells"
        raise NoNotebook(message)
    read = tuple(_cell(cell) for cell in cells[:MAX_CELLS] if isinstance(cell, dict))
    return Notebook(_language(document), read, max(len(cells) - MAX_CELLS, 0))


def _cell(cell: Mapping[str, Any]) -> Cell:
    kind = cell.get("cell_type")
    outputs = cell.get("outputs")
    return Cell(
        kind if isinstance(kind, str) and kind in _KINDS else "raw",
        text_of(cell.get("source"))[:MAX_CELL],
        tuple(one for one in outputs if isinstance(one, dict))
        if isinstance(outputs, list)
        else (),
    )


def text_of(value: object) -> str:
    """Return text that is stored whole or by lines; anything else is none."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    # Half a character cannot be written in any file.
    return value.encode("utf-8", "replace").decode("utf-8")


def _language(document: Mapping[str, Any]) -> str:
    """Name the language as the pages' colours know it; empty if it is another."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    told = [
        part.get("name")
        for part in (metadata.get("kernelspec"), metadata.get("language_info"))
        if isinstance(part, dict)
    ]
    for name in told:
        if isinstance(name, str) and name.startswith(("puppet", "python")):
            return "puppet" if name.startswith("puppet") else "python"
    return ""
