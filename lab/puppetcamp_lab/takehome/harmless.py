"""HTML of anybody's making, written anew of what is known to be harmless. Pure.

Nothing is passed through: elements, attributes and styles are written from lists, text
is escaped. It takes one pass, however deeply a page is nested.
"""

import re
from html.parser import HTMLParser

from markupsafe import Markup, escape

MAX_DEPTH = 40

_TAGS = frozenset(
    "a b blockquote caption code colgroup dd del details div dl dt em h1 h2 h3 h4 h5 "
    "h6 i ins kbd li ol p pre s samp small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul var".split()
)
_VOID = frozenset({"br", "hr"})
_LOWER = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}
"""Headings go below the page's own two levels."""
_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\\]{1,500}|#[\w-]{1,100}")
_NEAR = re.compile(r"(?!/)[\w./%-]{1,200}(#[\w-]{0,100})?", re.ASCII)
"""A file below or beside; without a colon it is nowhere else."""
_ATTRIBUTES = {
    "title": re.compile(r"[^\x00-\x1f]{0,300}"),
    "role": re.compile(r"[a-z]{1,20}"),
    "scope": re.compile(r"row|col"),
    "aria-hidden": re.compile(r"true|false"),
    "aria-label": re.compile(r"[^\x00-\x1f]{0,300}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
}
_STYLES = frozenset(
    "background-color border border-bottom border-collapse color font-family font-size "
    "font-style font-weight margin padding padding-left text-align text-decoration "
    "vertical-align white-space".split()
)
_VALUE = re.compile(
    r"""(?:var\(--[\w-]{1,60},\s*[\w\#%.-]{1,40}\) | [\w\#%.,\s-])*""", re.VERBOSE
)
_ACTIVE = re.compile(
    r"<(?:script|style|template|noscript|iframe|svg|math|textarea|title|xmp|plaintext)",
    re.IGNORECASE,
)
_MAX_STYLE = 500
_MAX_ATTRIBUTES = 20


def harmless(html: str) -> Markup:
    """Return HTML without anything that acts or loads; empty if it is not for reading.

    What a script or a style sheet says is no text: HTML with one is left out whole.
    """
    if _ACTIVE.search(html):
        return Markup()
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.written()


class _Writer(HTMLParser):
    """Write elements as they come; whatever is open at the end is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []

    def written(self) -> Markup:
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        return Markup("".join(self._parts))  # noqa: S704 written from lists

    def handle_data(self, data: str) -> None:
        self._parts.append(str(escape(data)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = _LOWER.get(tag, tag)
        if tag in _VOID:
            self._parts.append(f"<{tag}>")
        elif tag in _TAGS and len(self._open) < MAX_DEPTH:
            self._open.append(tag)
            self._parts.append(f"<{tag}{_attributes(attrs)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        tag = _LOWER.get(tag, tag)
        if tag not in self._open:
            return
        while (last := self._open.pop()) != tag:
            self._parts.append(f"</{last}>")
        self._parts.append(f"</{tag}>")


def _attributes(attrs: list[tuple[str, str | None]]) -> str:
    kept: dict[str, str] = {}
    for name, value in attrs[:_MAX_ATTRIBUTES]:
        text = _cleaned(name, value or "")
        if text:
            kept.setdefault(name, text)
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _cleaned(name: str, value: str) -> str:
    """Return an attribute's value as far as it is harmless; empty if it is not."""
    if name == "style":
        return _style(value)
    if name == "href":
        return _address(value)
    pattern = _ATTRIBUTES.get(name)
    return value if pattern and pattern.fullmatch(value) else ""


def _address(value: str) -> str:
    if _WEB.fullmatch(value):
        return value
    # Other notebooks are pages here, too.
    return value.replace(".ipynb", ".html") if _NEAR.fullmatch(value) else ""


def _style(value: str) -> str:
    kept = []
    for one in value[:_MAX_STYLE].split(";"):
        name, colon, told = (part.strip() for part in one.partition(":"))
        if colon and name.lower() in _STYLES and _VALUE.fullmatch(told):
            kept.append(f"{name.lower()}: {told}")
    return "; ".join(kept)
