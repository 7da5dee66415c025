"""Text of notebooks as HTML without scripts and without pictures from elsewhere."""

import re

import bleach
import mistune
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PuppetLexer, PythonLexer

from puppetcamp_lab.feedback.plain import plain

_TAGS = frozenset(
    "p br hr em strong del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 a "
    "table thead tbody tr th td".split()
)
_ATTRIBUTES = {"a": ["href", "title"], "th": ["align"], "td": ["align"]}
_PROTOCOLS = frozenset({"http", "https", "mailto"})
_LEXERS = {"puppet": PuppetLexer, "python": PythonLexer}
_HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")
MAX_COLOURED = 50_000
"""Characters of source that are worth colours."""


class _Renderer(mistune.HTMLRenderer):
    """Name pictures instead of loading them from wherever they are."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f"({text})" if text else ""


_render = mistune.create_markdown(
    renderer=_Renderer(escape=True), plugins=["table", "strikethrough"]
)


def markdown(text: str) -> Markup:
    """Return Markdown as HTML whose headings go below the page's own two levels."""
    rendered = _render(plain(text))
    clean = bleach.clean(
        rendered if isinstance(rendered, str) else "",
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        protocols=_PROTOCOLS,
        strip=True,
    )
    return Markup(_HEADING.sub(_lower, clean))  # noqa: S704 cleaned above


def _lower(found: re.Match[str]) -> str:
    return f"{found[1]}{min(int(found[2]) + 2, 6)}"


def code(source: str, language: str) -> Markup:
    """Return source in colours, as the content of a `pre` element."""
    lexer = _LEXERS.get(language)
    text = plain(source)
    if lexer is None or len(text) > MAX_COLOURED:
        return escape(text)
    formatter = HtmlFormatter(nowrap=True, classprefix="c-")
    # Pygments escapes what it colours.
    return Markup(highlight(text, lexer(stripnl=False), formatter))  # noqa: S704
