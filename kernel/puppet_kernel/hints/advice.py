"""Say what a hint is made of, and what it may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from re import Match, Pattern

from puppet_kernel.hints.tokens import Token, tokens
from puppet_kernel.results import Problem

_LONGEST = 50_000  # characters of a cell


@dataclass(frozen=True)
class Mark:
    """Hold a place in the cell and what is to be seen there; counts from 1."""

    line: int
    column: int
    length: int = 1
    label: str = ""

    @staticmethod
    def of(token: Token, label: str = "") -> "Mark":
        """Return a mark below a token; below its first line only."""
        first = token.text.split("\n", 1)[0]
        return Mark(token.line, token.column, max(1, len(first)), label)


@dataclass(frozen=True)
class Advice:
    """Hold a next step in plain words, and the places that it speaks of."""

    hint: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Hold what a hint may look at besides the problem itself.

    `code` is the cell's text, with the lines numbered as the cell's. `names` are those
    that the failed run knew, `folders` its modulepath, `existing` the file that should
    have what it did not find, `user` who it was, if not root. `printed` is what the
    failed resource's command printed. `lines` tells where resources stand.
    """

    code: str
    names: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    existing: str = ""
    user: str = ""
    printed: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return the cell's tokens; none of a cell that is too long to be read."""
        return tokens(self.code) if len(self.code) <= _LONGEST else ()

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place in the code; of its end for one outside."""
        lines = self.code.split("\n")
        before = sum(len(text) + 1 for text in lines[: line - 1])
        return min(len(self.code), before + column - 1)

    def line(self, number: int | None) -> str:
        """Return one line of the cell, or nothing."""
        lines = self.code.split("\n")
        return lines[number - 1] if number and 0 < number <= len(lines) else ""


Advising = Callable[[Match[str], Problem, Scene], Advice | None]
Rule = tuple[Pattern[str], Advising]
