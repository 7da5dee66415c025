"""Outputs of a cell for a page that anybody may open: nothing in it acts. Pure.

HTML is kept as far as a list of harmless elements goes, since the kernel's tables are
worth reading; scripts, forms, frames, links and whatever loads something are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puppetcamp_lab.feedback.pieces import MAX_PIECES, data_address
from puppetcamp_lab.feedback.pieces import pieces as passive_pieces
from puppetcamp_lab.takehome.harmless import harmless
from puppetcamp_lab.takehome.notebook import text_of

MAX_HTML = 100_000
"""Characters of one output's HTML; beyond them its text is shown."""
MAX_HTML_PAGE = 1_000_000
"""Characters of HTML on one page that are looked through: it takes time."""


@dataclass(frozen=True)
class Shown:
    """Hold one output: text, a picture as `data:` address, or HTML made harmless."""

    text: str = ""
    picture: str = ""
    html: str = ""
    error: bool = False


class Outputs:
    """Show the outputs of one page; what they may cost is counted over all of it."""

    def __init__(self) -> None:
        self._room = MAX_HTML_PAGE

    def shown(self, outputs: Sequence[Mapping[str, Any]]) -> tuple[Shown, ...]:
        """Return what may be shown of a cell's outputs."""
        found = []
        for output in outputs[:MAX_PIECES]:
            html = self._html(output)
            if html:
                found.append(Shown(html=html))
            else:
                found += [
                    Shown(piece.text, piece.picture, error=piece.error)
                    for piece in passive_pieces([output], lambda text: text)
                ]
        if len(outputs) > MAX_PIECES:
            more = len(outputs) - MAX_PIECES
            found.append(Shown(f"(… {more} further outputs)"))
        return tuple(found)

    def _html(self, output: Mapping[str, Any]) -> str:
        data = output.get("data")
        if not isinstance(data, Mapping) or _has_picture(data):
            return ""
        html = text_of(data.get("text/html"))
        if not html or len(html) > min(MAX_HTML, self._room):
            return ""
        self._room -= len(html)
        return harmless(html)


def _has_picture(data: Mapping[str, Any]) -> bool:
    return any(
        kind in data and data_address(kind, data[kind])
        for kind in ("image/png", "image/jpeg", "image/gif")
    )
