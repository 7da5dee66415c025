"""What attendees may not see of a check's source. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

BEGIN = "BEGIN HIDDEN TESTS"
END = "END HIDDEN TESTS"
"""nbgrader's own marks: they may stand anywhere in a line."""


@dataclass(frozen=True)
class Visible:
    """Hold what may be seen of a source.

    `lines` maps line numbers, counted from 1, to visible lines; `gaps` holds the number
    of the first line of each hidden region, and `hidden` what is there.
    """

    lines: dict[int, str]
    gaps: tuple[int, ...]
    hidden: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether nothing is hidden."""
        return not self.gaps

    def text(self, remark: str) -> str:
        """Return the visible lines, `remark` in place of each hidden region."""
        there = {**self.lines, **dict.fromkeys(self.gaps, remark)}
        return "\n".join(there[number] for number in sorted(there))


def visible(source: str) -> Visible:
    """Find what may be seen; a region that does not end is hidden to the end."""
    lines: dict[int, str] = {}
    gaps: list[int] = []
    hidden: list[str] = []
    inside = False
    for number, line in enumerate(source.split("\n"), 1):
        if BEGIN in line:
            if not inside:
                gaps.append(number)
            inside = True
        elif END in line:
            # An end without a beginning: whatever is above may be meant.
            if not inside:
                hidden.extend(lines.values())
                lines, gaps = {}, [1]
            inside = False
        elif inside:
            hidden.append(line)
        else:
            lines[number] = line
    return Visible(lines, tuple(gaps), tuple(hidden))


class Redactor:
    """Take lines that have to stay hidden out of other text.

    Python checks run in the attendee's own process, whose outputs may quote them. Lines
    of less than four characters give nothing away.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        told = {line.strip() for line in lines}
        secrets = sorted((line for line in told if len(line) > 3), key=len)
        self._secrets = list(reversed(secrets))

    def __call__(self, text: str) -> str:
        """Return text with … in place of every hidden line."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text
