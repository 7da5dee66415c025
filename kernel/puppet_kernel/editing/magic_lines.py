"""Find the magic that the cursor is on, and where a cell's Puppet code begins."""

import re
from dataclasses import dataclass

from puppet_kernel import directives
from puppet_kernel.magics import MAGICS, Magic
from puppet_kernel.results import CHECK_KINDS, Kind

_LINE = re.compile(r"[ \t]*(?P<written>(?P<sign>%%?)(?P<name>\w*))(?P<rest>[^\n]*)")
_MANIFEST_KINDS = CHECK_KINDS | {Kind.NOOP}
_COMPILED = re.compile(r"\s*%%compiled\b[^\n]*\n")
# The line of such a check that takes what the magic %%as takes.
_AS = re.compile(r"[ \t]*%as[ \t]+(?=(?P<argument>[^\n]*))")
_PUPPET_FILE = re.compile(r"\.pp['\"]?(?:\s+mode=\S*)?\s*\Z")


@dataclass(frozen=True)
class MagicPlace:
    """Hold the magic line that the cursor is on.

    `start` is where the magic is written. In its argument `argument` is the text of
    that before the cursor, which begins at `argument_start`; else it is None. `first`
    tells that nothing stands above it, so that it may rule the cell.
    """

    written: str
    start: int
    first: bool
    argument: str | None = None
    argument_start: int = 0

    @property
    def magic(self) -> Magic | None:
        """Return the magic, if it is one."""
        magic = MAGICS.get(self.written.lstrip("%"))
        return magic if magic and magic.written == self.written else None


def magic_at(code: str, cursor: int) -> MagicPlace | None:
    """Return the magic line at the cursor, or None."""
    begin = code.rfind("\n", 0, cursor) + 1
    directive = _AS.match(code, begin) if _COMPILED.match(code) else None
    if directive and directive.end() <= cursor:
        argument = code[directive.end() : cursor]
        return MagicPlace("%%as", begin, False, argument, directive.end())
    above = [line.strip() for line in code[:begin].split("\n") if line.strip()]
    if any(not line.startswith("%") or line.startswith("%%") for line in above):
        return None
    found = _LINE.match(code, begin)
    if found is None or cursor < found.start("sign"):
        return None
    place = MagicPlace(found["written"], found.start("written"), not above)
    if cursor <= found.end("name"):
        return place
    rest = code[found.end("name") : cursor]
    argument = rest.lstrip()
    if rest == argument:
        return None  # "%facts(": no magic any more
    start = cursor - len(argument)
    return MagicPlace(place.written, place.start, place.first, argument, start)


def body_of(code: str) -> int | None:
    """Return where a cell's Puppet code begins, or None if it holds none."""
    start = len(code) - len(code.lstrip())
    found = _LINE.match(code, start)
    if found is None:
        return 0
    magic = MAGICS.get(found["name"])
    if magic is None or magic.sign != found["sign"]:
        return None if found["sign"] == "%%" else 0
    manifest = (
        magic.kind in _MANIFEST_KINDS
        or magic.name == "as"
        or (magic.name == "file" and _PUPPET_FILE.search(found["rest"]))
    )
    if not manifest:
        return None
    begin = min(found.end() + 1, len(code))
    return directives.end_of(code, begin) if magic.name == "compiled" else begin
