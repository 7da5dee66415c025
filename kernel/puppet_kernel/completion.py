"""Find what could stand at the cursor: resource types, attributes, magics.

Looks at the text before the cursor only. Names come from the caller, who asks Puppet.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from puppet_kernel.magics import MAGICS

_WORD = re.compile(r"[\w:]*\Z")
_MAGIC = re.compile(r"\A\s*(%%?\w*)\Z")
_COMMENT_OR_STRING = re.compile(
    r"#[^\n]*|/\*.*?(?:\*/|\Z)|'(?:\\.|[^'\\])*(?:'|\Z)|\"(?:\\.|[^\"\\])*(?:\"|\Z)",
    re.DOTALL,
)
# A type's name before a brace begins a statement; "class web {" is no resource.
_OPENING = re.compile(r"(?:\A|[\n{};])\s*(?!else\b)([a-z_][\w:]*)\s*\Z")


class Want(StrEnum):
    """Name the kind of word that fits at the cursor."""

    MAGIC = "magic"
    TYPE = "type"
    ATTRIBUTE = "attribute"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Context:
    """Hold what the cursor asks for; `start` is where its word begins."""

    want: Want
    word: str
    start: int
    type: str = ""


def context(code: str, cursor: int) -> Context:
    """Return what fits at the cursor (an offset in characters)."""
    before = code[:cursor]
    magic = _MAGIC.match(before)
    if magic:
        return Context(Want.MAGIC, magic[1], magic.start(1))
    word = _word_at_end(before)
    start = cursor - len(word)
    head = _COMMENT_OR_STRING.sub(_same_length, before)
    if head[start:cursor] != word or re.match(r"\s*%%sh\b", code):
        return Context(Want.NOTHING, word, start)  # within a string or a comment
    opened = _open_brace(head[:start])
    if opened is not None:
        name = _OPENING.search(head[:opened])
        if name and re.search(r"[:,]\s*\Z", head[opened:start]):
            return Context(Want.ATTRIBUTE, word, start, name[1])
        if name:
            return Context(Want.NOTHING, word, start)  # a title or a value
    if re.search(r"(?:\A|[\n{};])\s*\Z", head[:start]):
        return Context(Want.TYPE, word, start)
    return Context(Want.NOTHING, word, start)


def magics() -> list[str]:
    """Return the names of the magics, as they are typed."""
    return [magic.written for magic in MAGICS.values()]


def word_at(code: str, cursor: int) -> str:
    """Return the whole word around the cursor."""
    after = re.match(r"[\w:]*", code[cursor:])
    return (_word_at_end(code[:cursor]) + (after[0] if after else "")).strip(":")


def _word_at_end(text: str) -> str:
    found = _WORD.search(text)
    word = found[0] if found else ""
    # "title':en" - the colon after a title is not part of the attribute.
    return word.rpartition(":")[2] if re.match(r":(?!:)", word) else word


def _same_length(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _open_brace(text: str) -> int | None:
    """Return where the innermost brace stands that is still open."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] == "}":
            depth += 1
        elif text[index] == "{":
            if depth == 0:
                return index
            depth -= 1
    return None
