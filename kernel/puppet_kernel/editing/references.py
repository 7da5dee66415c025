"""Write references to resources, and find which there are."""

import re
from collections.abc import Iterable

from puppet_kernel.editing.matching import Choice

_REFERENCE = re.compile(r"\A([A-Z]\w*(?:::[A-Z]\w*)*)\[(.*)\]\Z", re.DOTALL)
MAX_TITLE = 300
_HERE = "declared in this cell"
_ELSEWHERE = "declared in another cell"


def capitalized(type_: str) -> str:
    """Return a type's name as references write it: Nginx::Site for nginx::site."""
    return "::".join(part[:1].upper() + part[1:] for part in type_.split("::"))


def quoted(title: str) -> str:
    """Return a title in single quotes."""
    escaped = re.sub(r"\\(?=[\\']|\Z)", r"\\\\", title).replace("'", "\\'")
    return f"'{escaped}'"


def split(reference: str) -> tuple[str, str] | None:
    """Return type and title of `File[/x]`, or None."""
    found = _REFERENCE.match(reference)
    return (found[1], found[2]) if found else None


def known(
    here: Iterable[tuple[str, str]], elsewhere: Iterable[str]
) -> list[tuple[str, str, str]]:
    """Return type, title and place of all resources: this cell's, then the newest.

    `here` has types as they are declared, `elsewhere` whole references, newest last.
    """
    found = [(capitalized(kind), title, _HERE) for kind, title in here]
    for reference in reversed(list(elsewhere)):
        parts = split(reference)
        if parts is not None:
            found.append((*parts, _ELSEWHERE))
    seen: dict[tuple[str, str], str] = {}
    for kind, title, place in found:
        if len(title) <= MAX_TITLE and "\n" not in title:
            seen.setdefault((kind, title), place)
    return [(kind, title, place) for (kind, title), place in seen.items()]


def whole(resources: Iterable[tuple[str, str, str]]) -> list[Choice]:
    """Return references to complete a word without quotes with."""
    texts = ((f"{kind}[{quoted(title)}]", place) for kind, title, place in resources)
    return [Choice(text, text, "reference", place) for text, place in texts]
