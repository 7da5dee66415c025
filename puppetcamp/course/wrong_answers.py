"""Read wrong answers: manifests that err as learners do, named after what they fail.

A file is called `CHECK__WHAT_IS_WRONG.pp`. In an exercise with one answer cell it holds
that cell's manifest. With several, a comment line names the cell that the lines below
it belong to:

    # --- cell: web_package

Cells that no such line names keep the reference answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from puppet_kernel.cells import is_blank

LEAST = 4
"""Wrong answers that an exercise needs: fewer show little of how people err."""

_CELL = re.compile(r"^#[ \t]*-+[ \t]*cell:[ \t]*(\S+)[ \t]*\n?", re.M)


@dataclass(frozen=True)
class WrongAnswer:
    """Hold one wrong answer: the check that has to fail, and its text."""

    path: Path
    text: str

    @property
    def check(self) -> str:
        """Read off the name which check has to fail."""
        return self.path.stem.partition("__")[0]

    def answers(self, cells: Sequence[str]) -> Mapping[str, str]:
        """Map the names of answer cells to their manifests.

        `cells` are the exercise's answer cells. Only for a file without `faults`.
        """
        parts = _parts(self.text)
        if len(parts) == 1:
            return {cells[0]: self.text}
        return dict(parts[1:])

    def faults(
        self, checks: Sequence[str], cells: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Find what is wrong with the file itself, as (what, remedy)."""
        yield from self._faults_of_name(checks)
        parts = _parts(self.text)
        named = [cell for cell, _ in parts[1:]]
        if not named and len(cells) > 1:
            yield (
                "it does not say which answer cell it replaces",
                f"begin with a line such as `# --- cell: {cells[0]}`",
            )
        if named and not is_blank(parts[0][1]):
            yield (
                "code stands above the first `# --- cell:` line, so it is no cell's",
                "move it below that line",
            )
        for cell in dict.fromkeys(named):
            if cell not in cells:
                near = get_close_matches(cell, cells, n=1) or cells
                yield f"it names {cell!r}, which is no answer cell", _name_one(near)
            if named.count(cell) > 1:
                yield f"it names the cell {cell} twice", "join the two parts"

    def _faults_of_name(self, checks: Sequence[str]) -> Iterator[tuple[str, str]]:
        check, _, what = self.path.stem.partition("__")
        if self.path.suffix != ".pp" or not what:
            yield (
                "its name does not say which check fails, and why",
                "call it CHECK__WHAT_IS_WRONG.pp",
            )
        elif check not in checks:
            near = get_close_matches(check, checks, n=1) or checks
            yield f"{check!r} is no check of the exercise", _name_one(near)


def read(path: Path) -> WrongAnswer:
    """Read a wrong answer; what is no text in UTF-8 becomes a replacement mark."""
    return WrongAnswer(path, path.read_text(encoding="utf-8", errors="replace"))


def _parts(text: str) -> list[tuple[str, str]]:
    """Split a text into (cell, manifest); the first part is above any cell's line."""
    pieces = ["", *_CELL.split(text)]
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def _name_one(names: Sequence[str]) -> str:
    return f"name one that is there: {', '.join(names)}" if names else "remove it"
