"""Make text and data that came out of a container harmless to look at; pure.

An output ends on an instructor's terminal, in nbgrader's log, on Formgrader's page and
on an attendee's feedback. It keeps its words and its colours. What would move a cursor,
hide or reorder other text, or end a reader's patience is taken out.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

# A command of a terminal: CSI …, OSC … and its like up to their end, or two characters.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<numbers>[0-?]*)[ -/]*(?P<command>[@-~]?)"
    r"|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_HALF_ESCAPE = re.compile(r"\x1b[^m]*\Z")
# Colours, bold, italic, underlined, and the end of each; nothing that hides or blinks.
_COLOUR = re.compile(
    r"(?:0*(?:[0-4]|2[2-4]|39|49|[39][0-7]|4[0-7]|10[0-7]|[34]8;(?:5;\d+|2;\d+;\d+;\d+)|)"
    r"(?:;|\Z))*"
)

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character was that shows nothing or changes how others are shown."""

_INVISIBLE = (
    *range(0x200B, 0x200C),  # zero-width space
    *range(0x202A, 0x202F),  # embeddings and overrides of the direction of text
    *range(0x2060, 0x2070),  # word joiner, isolates, deprecated formats
    *range(0xFFF9, 0xFFFC),  # interlinear annotations
    *range(0xFFFE, 0x10000),
    *range(0xD800, 0xE000),  # halves of surrogate pairs: no text at all
    *range(0xE0000, 0xE1000),  # tags and variation selectors
    0x061C,  # a mark of direction
    0x180E,
    0xFEFF,
)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))

_TABLE: dict[int, str] = {
    **dict.fromkeys(_CONTROLS, ""),
    **dict.fromkeys(_INVISIBLE, UNREADABLE),
    ord("\n"): "\n",
    ord("\t"): "\t",
    ord("\x1b"): "\x1b",  # what is left of them after the escapes are colours
    0x2028: "\n",
    0x2029: "\n",
}

LEFT_OUT = "… (the rest was left out)"


def text(value: object, limit: int) -> str:
    """Return text of at most `limit` characters without commands to its reader.

    Lines of strings are joined, as notebooks store them; what is no text is empty.
    """
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "".join(value)
    if not isinstance(value, str):
        return ""
    # A bound before the work, and one for what is shown.
    cut = value[: 4 * limit]
    cut = _ESCAPE.sub(_only_colours, cut)
    cut = "\n".join(_overwritten(line) for line in cut.split("\n"))
    cut = cut.translate(_TABLE)
    if len(cut) <= limit and len(value) <= 4 * limit:
        return cut
    return _HALF_ESCAPE.sub("", cut[: max(limit - len(LEFT_OUT), 0)]) + LEFT_OUT


def data(value: object, *, characters: int = 2000, items: int = 200) -> Any:
    """Return JSON data of bounded size and depth, its text cleaned.

    `characters` bounds each text, `items` all values together. What is deeper than
    six levels, or more than `items`, is left out.
    """
    return _Data(characters, items).clean(value, 6)


class _Data:
    def __init__(self, characters: int, items: int) -> None:
        self._characters = characters
        self._left = items

    def clean(self, value: object, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, str):
            return text(value, self._characters)
        if isinstance(value, float):
            # JSON knows no infinity.
            return value if math.isfinite(value) else None
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else None
        if isinstance(value, Mapping) and depth:
            return {
                text(key, 100): self.clean(child, depth - 1)
                for key, child in value.items()
                if self._left > 0 and isinstance(key, str)
            }
        if isinstance(value, list | tuple) and depth:
            return [self.clean(child, depth - 1) for child in value if self._left > 0]
        return None


def _only_colours(match: re.Match[str]) -> str:
    numbers = match["numbers"]
    if match["command"] != "m" or not _COLOUR.fullmatch(numbers[:100]):
        return ""
    return f"\x1b[{numbers[:100]}m"


def _overwritten(line: str) -> str:
    """Show of a line that was written several times what stands there at the end."""
    return line.rstrip("\r").rsplit("\r", 1)[-1]
