"""Find what a release gives away: reference answers and hidden parts of checks. Pure.

nbgrader takes them out of the cells that hold them. They may stand in other places as
well: in outputs, metadata and attachments of cells, in a text, in a file beside the
notebook. A place gives a region away if it holds at least half of its telling lines:
those that no attendee reads anyway, in a check or in a cell that is given broken.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puppet_kernel.cells import is_blank
from puppetcamp.course import pages
from puppetcamp.course.pages import Cell, Page
from puppetcamp.grading.errors import NotebookRefused
from puppetcamp.grading.lint import lint

_MARKS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN TESTS",
    "END HIDDEN TESTS",
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
)
_SHORTEST = 8
"""Letters that a line needs to tell anything, white space not counted."""

_REMEDY = "take it out of the source and release again"


@dataclass(frozen=True)
class Secret:
    """Hold a region that no release may show: where it stands, its telling lines."""

    cell: str
    what: str
    lines: frozenset[str]

    def shown(self, text: str) -> bool:
        """Tell whether a text holds at least half of the lines."""
        squeezed = _squeezed(text)
        found = sum(line in squeezed for line in self.lines)
        return found > 0 and 2 * found >= len(self.lines)


def secrets(stored: Iterable[Page]) -> list[Secret]:
    """List the regions that the release of these notebooks must not show."""
    stored = list(stored)
    code = [cell for page in stored for cell in page.code]
    given = [cell["source"] for cell in code if pages.meant_to_fail(cell)]
    checks = [pages.visible(cell) for cell in code if pages.is_check(cell)]
    known = _squeezed("\n".join(checks + given))
    regions = [
        (pages.name(cell), what, region)
        for page in stored
        for cell in page.cells
        for what, found in (
            ("the reference answer", pages.solutions(cell)),
            ("the hidden part of the check", pages.hidden(cell)),
        )
        for region in found
    ]
    return [
        Secret(cell, what, lines)
        for cell, what, region in regions
        if (lines := _telling(region, known))
    ]


def of_page(page: Page, known: Sequence[Secret]) -> Iterator[tuple[str, str, str]]:
    """Find what a released notebook gives away, as (cell, what, remedy)."""
    for cell in page.cells:
        for place, text in _places(cell):
            for told in _given_away(text, known):
                yield pages.name(cell), f"{told} is in the release, in {place}", _REMEDY
    texts = "\n".join(_strings(page.content.get("metadata")))
    for told in _given_away(texts, known):
        yield "", f"{told} is in the release, in the notebook's metadata", _REMEDY


def of_file(data: bytes, known: Sequence[Secret]) -> Iterator[tuple[str, str, str]]:
    """Find what another file of the release gives away."""
    for told in _given_away(data.decode("utf-8", "replace"), known):
        yield "", f"{told} is in this file, which is released", "remove it from there"


def hollow(page: Page, stored: Page) -> Iterator[tuple[str, str, str]]:
    """Find checks that check nothing only because their hidden part is gone.

    A check that is hidden as a whole is told as such to attendees, and is no fault.
    """
    hidden = {
        pages.name(cell)
        for cell in page.checks
        if is_blank(pages.visible(cell).partition("\n")[2])
    }
    try:
        known = {(fault.cell_id, fault.issue) for fault in lint(stored.content)}
        found = lint(page.content)
    except NotebookRefused:
        # That is told of the notebook as it is stored.
        return
    for fault in found:
        if fault.cell_id not in hidden and (fault.cell_id, fault.issue) not in known:
            yield (
                fault.cell_id,
                f"without its hidden part: {fault.message}",
                "leave attendees a check that checks something, or hide all of it",
            )


def _given_away(text: str, known: Sequence[Secret]) -> Iterator[str]:
    for mark in _MARKS:
        if mark in text:
            yield f"the mark {mark}"
    for secret in known:
        if secret.shown(text):
            yield f"{secret.what} {secret.cell}"


def _places(cell: Cell) -> Iterator[tuple[str, str]]:
    """Give (place, text) of everything in a cell that somebody may read."""
    yield "its text", cell["source"]
    for place in ("outputs", "metadata"):
        yield f"its {place}", "\n".join(_strings(cell.get(place)))
    for kinds in cell.get("attachments", {}).values():
        for encoded in kinds.values():
            yield "an attachment", _decoded("".join(encoded))


def _telling(region: str, known: str) -> frozenset[str]:
    squeezed = {_squeezed(line).rstrip(",") for line in region.splitlines()}
    return frozenset(
        line for line in squeezed if len(line) >= _SHORTEST and line not in known
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)
        for item in value:
            yield from _strings(item)


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return encoded
