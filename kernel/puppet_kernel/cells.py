"""Tell what a cell asks for: its magic line, and the text below it."""

import difflib
import re
from dataclasses import dataclass

from puppet_kernel.errors import CellError
from puppet_kernel.results import Kind

MAGICS = {"noop": Kind.NOOP, "expect": Kind.EXPECT, "sh": Kind.SHELL}
CHECK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

_MAGIC_LINE = re.compile(
    r"\A(?P<above>(?:[ \t]*\n)*)[ \t]*(?P<sign>%%?)(?P<name>[^\s%]*)"
    r"[ \t]*(?P<argument>[^\n]*?)[ \t\r]*(?:\n|\Z)"
)
_MAGIC_START = re.compile(rf"[ \t]*(%%(?:{'|'.join(MAGICS)}))(?!\S)")
_NOTHING = re.compile(r"(?:\s|\#[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """Hold a cell's parts.

    `first_line` is the number, from 1, of the cell's line on which `body` begins.
    """

    kind: Kind
    argument: str
    body: str
    first_line: int

    @property
    def code(self) -> str:
        """Return the body, moved down so that its line numbers are the cell's."""
        return "\n" * (self.first_line - 1) + self.body


def parse(source: str) -> Cell:
    """Split a cell into magic and body.

    Raises CellError for an unknown magic (naming the nearest) or a wrong argument.
    """
    source = source.replace("\r\n", "\n")
    found = _MAGIC_LINE.match(source)
    if found is None:
        return Cell(_unless_empty(Kind.APPLY, source), "", source, 1)
    kind = _kind(found["sign"], found["name"])
    argument = found["argument"]
    _refuse_argument(kind, found["name"], argument)
    body = source[found.end() :]
    first_line = found["above"].count("\n") + 2
    return Cell(_unless_empty(kind, body), argument, body, first_line)


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


def is_blank(code: str) -> bool:
    """Tell whether Puppet code is nothing but white space and comments."""
    found = _NOTHING.match(code)
    return found is not None and found.end() == len(code)


def _unless_empty(kind: Kind, body: str) -> Kind:
    # An empty check is no empty cell: it must fail, for it checks nothing.
    if kind is Kind.EXPECT:
        return kind
    empty = not body.strip() if kind is Kind.SHELL else is_blank(body)
    return Kind.EMPTY if empty else kind


def _kind(sign: str, name: str) -> Kind:
    if sign == "%%" and name in MAGICS:
        return MAGICS[name]
    message = f"unknown magic {sign}{name}; {_nearest(name)}"
    raise CellError(message)


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), MAGICS, n=1, cutoff=0.5)
    if close:
        return f"did you mean %%{close[0]}?"
    known = ", ".join(f"%%{magic}" for magic in MAGICS)
    return f"there are {known}"


def _refuse_argument(kind: Kind, name: str, argument: str) -> None:
    if kind is Kind.EXPECT:
        if argument and not CHECK_ID.fullmatch(argument):
            message = (
                f"%%expect takes one name made of letters, digits, dots, dashes and "
                f"underscores, not {argument!r}"
            )
            raise CellError(message)
    elif argument:
        message = (
            f"%%{name} stands alone on its line; move {argument!r} to the line below"
        )
        raise CellError(message)
