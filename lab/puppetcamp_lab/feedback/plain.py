"""Text out of a sandbox without terminal escapes and of bounded size. Pure.

HTML is escaped where text is put into a page, not here.
"""

import re

MAX_CHARACTERS = 20_000
MAX_LINES = 400

_ESCAPES = re.compile(
    r"""
    (?:\x1b\[|\x9b)[0-?]*[\ -/]*[@-~]?      # colours, cursor movements
    | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])  # titles, links, device strings …
      [^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)? # … up to their end
    | \x1b[\ -/]*[0-~]?                     # the rest
    """,
    re.VERBOSE,
)
# What has no place in text, and what turns its direction around.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def plain(text: str) -> str:
    """Return text without terminal escapes and control characters, of bounded size."""
    whole = text[: MAX_CHARACTERS * 4]
    clean = _CONTROLS.sub("�", _overwritten(_ESCAPES.sub("", whole)))
    lines = clean[:MAX_CHARACTERS].split("\n")
    shown = "\n".join(lines[:MAX_LINES])
    if len(lines) > MAX_LINES or len(clean) > MAX_CHARACTERS or len(text) > len(whole):
        shown += "\n… the rest is left out."
    return shown


def _overwritten(text: str) -> str:
    """Show of each line what a terminal shows: all after its last carriage return."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def line(text: object, limit: int = 500) -> str:
    """Return a short text as one harmless line; what is no text becomes empty."""
    if not isinstance(text, str):
        return ""
    flat = " ".join(plain(text[: limit * 4]).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
