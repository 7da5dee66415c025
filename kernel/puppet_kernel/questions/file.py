"""Answer `%%file`: write a file of the node, if it is what its name says."""

import re
from pathlib import PurePosixPath
from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Code, Text, Tone
from puppet_kernel.questions import plain, writing
from puppet_kernel.results import Problem

# No fact is made of these, so what is known of the node stays true.
_CODE = {".pp", ".epp", ".erb"}
_LANGUAGES = {
    ".pp": "puppet",
    ".json": "json",
    ".rb": "ruby",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_MAX_PATH = 4_096
_MODE = re.compile(r"(?P<path>.*?)[ \t]+mode=(?P<mode>\S*)\Z")
_OCTAL = re.compile(r"0?[0-7]{3,4}")


def answer(cell: Cell, asking: Asking) -> Answer:
    """Write the cell's text; without any, show the file as it is."""
    if len(cell.argument) > _MAX_PATH:
        message = f"a path has at most {_MAX_PATH:,} characters"
        return Answer(errors=(Problem("error", message, line=1),))
    path, mode = _argument(cell.argument)
    if mode is not None and not _OCTAL.fullmatch(mode):
        message = f"mode is written as in mode=0755, not {mode!r}"
        return Answer(errors=(Problem("error", message, line=1),))
    body = writing.body_of(cell)
    refusal = writing.unsendable(body, cell)
    if refusal:
        return Answer(errors=(refusal,))
    who = {"path": path, "user": asking.user, "cwd": asking.cwd}
    if not body.strip():
        there = plain.mapping(asking.ask("write_code", **who))
        if plain.text(there.get("text")).strip():
            return Answer(tuple(_present(there)))
    suffix = PurePosixPath(path).suffix
    op = "write_code" if suffix in _CODE else "write_file"
    data = plain.mapping(asking.ask(op, code=body, mode=mode, **who))
    return _told(data, cell)


def _argument(argument: str) -> tuple[str, str | None]:
    """Return the path, without quotes around it, and the mode behind it."""
    found = _MODE.fullmatch(argument)
    path, mode = (found["path"], found["mode"]) if found else (argument, None)
    if len(path) > 2 and path[0] == path[-1] and path[0] in "'\"":
        path = path[1:-1]
    return path, mode


def _told(data: dict[str, Any], cell: Cell) -> Answer:
    errors, warnings = writing.problems(data, cell)
    if errors:
        return Answer((writing.refused(data),), errors=tuple(errors))
    blocks = [
        *writing.written(data),
        *writing.warned(warnings),
        *writing.advised(data, cell),
    ]
    return Answer(tuple(blocks), warnings=tuple(warnings))


def _present(data: dict[str, Any]) -> list[Block]:
    path = plain.text(data.get("path"))
    language = _LANGUAGES.get(PurePosixPath(path).suffix, "text")
    told = "The cell is blank, so this is what the file holds; nothing is written."
    return [
        Text(path, strong=True),
        Text(told, Tone.FAINT),
        Code(plain.text(data.get("text")), language),
    ]
