"""Judge the notebooks of an archive: what is taken can be opened and graded."""

import json
import threading
from collections.abc import Collection
from typing import IO, Any

from puppetcamp.exchange.archive import (
    MIB,
    ArchiveRefusedError,
    ArchiveTooLargeError,
    read,
)

MAX_NOTEBOOK = 10 * MIB
"""The largest notebook in bytes: a parsed one takes many times its size in memory."""

_FORMAT = 4
_CELL_TYPES = ("code", "markdown", "raw")
_STAYS = "Nothing was stored now, and what was stored before stays."
_REPAIR = (
    "Open it in JupyterLab and save it there, or rename it and fetch the exercise anew."
)
_parsing = threading.Lock()


def require_notebooks(
    packed: IO[bytes], judged: Collection[str] | None = None
) -> tuple[str, ...]:
    """Name the notebooks in the top folder of an archive, in order.

    Refuses an archive without any, and one in which a notebook that is named in
    `judged`, by default each, is larger than 10 MiB or is none.
    """

    def wanted(path: str, size: int) -> bool:
        name = path.removesuffix(".ipynb")
        if "/" in path or name == path or (judged is not None and name not in judged):
            return False
        if size > MAX_NOTEBOOK:
            message = (
                f"{path} has {size / MIB:.1f} MiB; a notebook may have at most "
                f"{MAX_NOTEBOOK // MIB}. {_STAYS} Clear its outputs (Edit > Clear "
                "Outputs of All Cells), save it and try again."
            )
            raise ArchiveTooLargeError(message)
        return True

    contents, notebooks = read(packed, wanted)
    if not contents.notebooks:
        message = (
            f"The archive holds no notebook (*.ipynb) in its top folder. {_STAYS} "
            "Fetch the exercise anew if its notebook is gone."
        )
        raise ArchiveRefusedError(message)
    for path, content in notebooks.items():
        with _parsing:
            fault = fault_of(content)
        if fault:
            message = f"{path} is no notebook: {fault}. {_STAYS} {_REPAIR}"
            raise ArchiveRefusedError(message)
    return contents.notebooks


def fault_of(content: bytes) -> str:
    """Say why a file is no notebook in format 4, and where; empty if it is one."""
    if not content.strip():
        return "it is empty"
    try:
        notebook = json.loads(content.decode())
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of it is no text in UTF-8"
    except json.JSONDecodeError as error:
        return (
            f"line {error.lineno}, column {error.colno} of it is not JSON ({error.msg})"
        )
    except (ValueError, RecursionError):
        return "it is JSON that no notebook has: too deep, or with too long a number"
    if not isinstance(notebook, dict):
        return "it is JSON, but not an object"
    if notebook.get("nbformat") != _FORMAT:
        return f"its nbformat is {_short(notebook.get('nbformat'))}, not {_FORMAT}"
    if not isinstance(notebook.get("metadata"), dict):
        return "it has no metadata"
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        return "it has no cells"
    for number, cell in enumerate(cells, 1):
        if fault := _cell_fault(cell):
            return f"cell {number} of {len(cells)} {fault}"
    return ""


def _cell_fault(cell: Any) -> str:
    if not isinstance(cell, dict):
        return "is not an object"
    if cell.get("cell_type") not in _CELL_TYPES:
        return f"is of the unknown type {_short(cell.get('cell_type'))}"
    if not isinstance(cell.get("metadata"), dict):
        return "has no metadata"
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        return "has a source that is no text"
    if cell["cell_type"] == "code" and not isinstance(cell.get("outputs"), list):
        return "has no list of outputs"
    return ""


def _short(value: object) -> str:
    """Show a value of somebody's file in a sentence."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
