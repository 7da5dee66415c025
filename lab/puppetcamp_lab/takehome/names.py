"""Names that every system can unpack, each of them once. Pure.

What a home's names can hold is anything but a slash: parts that climb out of a folder
on another system, devices of Windows, bytes that are no text, text that turns around.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_PART = 100
"""Characters of one name; some systems take no more than 255 bytes."""

_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\\\\/]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.I)


def safe_name(part: str) -> str:
    """Return a name that means the same file, and nothing else, on every system."""
    clean = "".join(
        "_" if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Cn"} else one
        for one in unicodedata.normalize("NFC", part)
    )
    clean = _FORBIDDEN.sub("_", clean)
    stem = clean.rstrip(". ")
    clean = stem + "_" * (len(clean) - len(stem))
    if _DEVICE.fullmatch(clean):
        clean = f"_{clean}"
    return _shortened(clean) or "_"


def _shortened(name: str) -> str:
    if len(name) <= MAX_PART:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        return f"{name[: MAX_PART - 1]}_"
    return f"{stem[: MAX_PART - len(suffix) - 2]}_.{suffix}"


@dataclass
class _Folder:
    given: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    below: dict[str, "_Folder"] = field(default_factory=dict)


class Names:
    """Give every path of a home its name in the bundle, always the same."""

    def __init__(self, reserved: Sequence[str] = ()) -> None:
        self._top = _Folder(taken={name.casefold() for name in reserved})

    def place(self, parts: Sequence[str]) -> str:
        """Return the name in the bundle of the path that these parts make up."""
        folder, given = self._top, []
        last = len(parts) - 1
        for number, part in enumerate(parts):
            # A file and a folder of one name are two things.
            known = part if number == last else f"{part}/"
            if known not in folder.given:
                folder.given[known] = _free(safe_name(part), folder.taken)
                folder.taken.add(folder.given[known].casefold())
            given.append(folder.given[known])
            if number < last:
                folder = folder.below.setdefault(part, _Folder())
        return "/".join(given)


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other one equals, whether case counts or not."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}"
    return free
