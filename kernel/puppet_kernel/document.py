"""Say what an answer is made of: paragraphs, tables, code, pictures; plain data.

A handler of a magic builds these; `display` shows them, as text and as HTML.
Whatever is in them may come from an attendee: the renderers escape and cut it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """Name what a piece of text means, for those who see colours."""

    PLAIN = "plain"
    FAINT = "faint"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    NEWS = "news"


@dataclass(frozen=True)
class Span:
    """Hold a piece of text, perhaps in a tone, perhaps as code."""

    text: str
    tone: Tone = Tone.PLAIN
    code: bool = False


@dataclass(frozen=True)
class Text:
    """Hold a paragraph."""

    text: str
    tone: Tone = Tone.PLAIN
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """Hold rows of as many cells as there are columns; the first cell heads its row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Span, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Code:
    """Hold text to be shown as it is, such as Puppet code."""

    text: str
    language: str = "puppet"


@dataclass(frozen=True)
class Diff:
    """Hold a unified diff."""

    text: str


@dataclass(frozen=True)
class Folded:
    """Hold blocks behind a line that unfolds them."""

    summary: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Markdown:
    """Hold text that its author wrote in Markdown, such as a type's documentation."""

    text: str


@dataclass(frozen=True)
class Diagram:
    """Hold a picture in Mermaid's language, and the same in words."""

    mermaid: str
    text: str


Block = Text | Table | Code | Diff | Folded | Markdown | Diagram
