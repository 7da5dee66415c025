"""Tell what a cell asks for: its magic line, and the text below it."""

import re
from dataclasses import dataclass, replace

from puppet_kernel.errors import CellError
from puppet_kernel.magics import MAGICS, Argument, Magic, nearest
from puppet_kernel.results import CHECK_KINDS, Kind

CHECK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

_MAGIC_LINE = re.compile(
    r"\A(?P<above>(?:[ \t]*\n)*)[ \t]*(?P<sign>%%?)(?P<name>[^\s%]*)"
    r"(?P<argument>[^\n]*)(?:\n|\Z)"
)
# The magics of cells whose body is Puppet code.
_MANIFESTS = {"noop", "expect", "idempotent", "drift", "compiled", "as"}
# A single % is also Puppet's modulo: only a known name makes it a magic.
_MAGIC_START = re.compile(
    rf"[ \t]*({'|'.join(sorted(m.written for m in MAGICS.values()))})(?!\S)"
)
_LINE_MAGIC = re.compile(
    rf"[ \t]*%(?:{'|'.join(m.name for m in MAGICS.values() if m.sign == '%')})(?!\S)"
)
_COMMENT = re.compile(r"\s*(?:#.*)?\Z")
_NOTHING = re.compile(r"(?:\s|\#[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """Hold a cell's parts.

    `first_line` is the number, from 1, of the cell's line on which `body` begins.
    `magic` is the name of its magic, or empty. `below` is the first line magic that
    stands below, and is answered when this part is done.
    """

    kind: Kind
    argument: str
    body: str
    first_line: int
    magic: str = ""
    below: "Cell | None" = None

    @property
    def code(self) -> str:
        """Return the body, moved down so that its line numbers are the cell's."""
        return "\n" * (self.first_line - 1) + self.body


def parse(source: str) -> Cell:
    """Split a cell into magic and body.

    Raises CellError for an unknown magic (naming the nearest) or a wrong argument.
    """
    return _parse(source.replace("\r\n", "\n"), 1)


def misplaced_magic(code: str, line: int | None) -> tuple[str, int] | None:
    """Return the magic that made code unreadable, with its line, or None.

    `line` is where Puppet gave up reading, if it did. It need not be the magic's own
    if nothing but comments stands above that: such code is no Puppet in any case.
    """
    above: list[str] = []
    for number, text in enumerate(code.split("\n"), start=1):
        found = _MAGIC_START.match(text)
        if found and (number == line or is_blank("\n".join(above))):
            return found[1], number
        above.append(text)
    return None


def question_within(code: str) -> tuple[str, int] | None:
    """Return the first line magic of some code, with its line, or None.

    Puppet takes it for a remainder: the line above, modulo its name.
    """
    for number, text in enumerate(code.split("\n"), start=1):
        if _LINE_MAGIC.match(text):
            return text.split()[0], number
    return None


def is_blank(code: str) -> bool:
    """Tell whether Puppet code is nothing but white space and comments."""
    found = _NOTHING.match(code)
    return found is not None and found.end() == len(code)


def _parse(source: str, line: int) -> Cell:
    found = _MAGIC_LINE.match(source)
    if found is None:
        return _manifest(Kind.APPLY, "", source, line)
    magic, argument = _magic_and_argument(found)
    body = source[found.end() :]
    first_line = line + found["above"].count("\n") + 1
    if magic.sign == "%":
        below = _below(magic, body, first_line)
        return Cell(magic.kind, argument, "", first_line, magic.name, below)
    if magic.name in _MANIFESTS:
        return _manifest(magic.kind, argument, body, first_line, magic)
    kind = magic.kind if magic.blank else _unless_empty(magic.kind, body)
    return Cell(kind, argument, body, first_line, magic.name)


def _magic_and_argument(found: re.Match[str]) -> tuple[Magic, str]:
    magic = _known(found["sign"], found["name"])
    argument = found["argument"].strip(" \t\r")
    _refuse_argument(magic, argument)
    return magic, argument


def _manifest(
    kind: Kind, argument: str, body: str, first_line: int, magic: Magic | None = None
) -> Cell:
    """Return a cell of Puppet code, with the line magics at its end split off."""
    lines = body.split("\n")
    end = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if _LINE_MAGIC.match(lines[index]):
            end = index
        elif not _COMMENT.match(lines[index]):
            break
    below = None
    if end < len(lines):
        below = _parse("\n".join(lines[end:]), first_line + end)
        body = "\n".join(lines[:end])
    if magic is None or not magic.blank:
        kind = _unless_empty(kind, body)
    if kind is Kind.EMPTY and below is not None:
        return below
    return Cell(kind, argument, body, first_line, magic.name if magic else "", below)


def _below(magic: Magic, body: str, line: int) -> Cell | None:
    """Return the line magics that follow another; nothing else may, but comments.

    In a loop: however many there are, the stack has room for them.
    """
    if is_blank(body):
        return None
    asked: list[Cell] = []
    for number, text in enumerate(body.split("\n"), start=line):
        if _COMMENT.match(text):
            continue
        found = _MAGIC_LINE.match(text) if _LINE_MAGIC.match(text) else None
        if found is None:
            message = (
                f"{magic.written} is answered on its own; move what is below it to "
                "another cell, or above it"
            )
            raise CellError(message)
        magic, argument = _magic_and_argument(found)
        asked.append(Cell(magic.kind, argument, "", number + 1, magic.name))
    below: Cell | None = None
    for cell in reversed(asked):
        below = replace(cell, below=below)
    return below


def _unless_empty(kind: Kind, body: str) -> Kind:
    empty = not body.strip() if kind is Kind.SHELL else is_blank(body)
    return Kind.EMPTY if empty else kind


def _known(sign: str, name: str) -> Magic:
    magic = MAGICS.get(name)
    if magic is None or magic.sign != sign:
        message = f"unknown magic {sign}{name}; {nearest(sign, name)}"
        raise CellError(message)
    return magic


def _refuse_argument(magic: Magic, argument: str) -> None:
    if magic.kind in CHECK_KINDS and argument and not CHECK_ID.fullmatch(argument):
        message = (
            f"{magic.written} takes one name made of letters, digits, dots, dashes and "
            f"underscores, not {argument!r}"
        )
        raise CellError(message)
    if argument and magic.argument is Argument.NONE:
        place = "take it out" if magic.sign == "%" else "move it to the line below"
        message = f"{magic.written} takes no argument: {argument!r}; {place}"
        raise CellError(message)
    if not argument and magic.argument is Argument.REQUIRED:
        message = f"{magic.written} needs an argument: {magic.usage}"
        raise CellError(message)
