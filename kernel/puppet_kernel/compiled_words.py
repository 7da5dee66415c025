"""Say what a catalog lacks, and what it has that comes nearest. Pure."""

from collections.abc import Iterator
from typing import Any

from puppet_kernel.expect import NOT_ASKED
from puppet_kernel.questions import plain
from puppet_kernel.results import Finding

_SHORT = 80
LACKS = "your catalog has no "


def missing_finding(resource: dict[str, Any]) -> Iterator[Finding]:
    """Yield that a resource is not there, with those of its type that are."""
    if plain.text(resource.get("found")):
        return
    reference, type_ = plain.text(resource.get("ref")), plain.text(resource.get("type"))
    kind = "class" if type_ == "Class" else type_.lower()
    near = plain.words(resource.get("nearest"))
    has = f"; it has {' and '.join(near)}" if near else f"; it has no {kind} at all"
    hint = f"your catalog lacks a {kind} that the task asks for"
    # Its title is what the check expects, so it stands in the full words only.
    yield Finding(type_, f"{LACKS}{reference}{has}", hint, _line(resource))


def attribute_finding(
    resource: dict[str, Any], attribute: dict[str, Any]
) -> Iterator[Finding]:
    """Yield what is wrong with an attribute; nothing if it is as expected."""
    state, name = plain.text(attribute.get("state")), plain.text(attribute.get("name"))
    if state == "same":
        return
    wanted = plain.text(attribute.get("wanted"))
    actual = plain.text(attribute.get("actual"))
    says, hint = _words(state, name, wanted, actual)
    yield Finding(plain.text(resource.get("found")), says, hint, _line(resource))


def _words(state: str, name: str, wanted: str, actual: str) -> tuple[str, str]:
    long = len(actual) > _SHORT or "\\n" in actual
    if state == "unset":
        return f"{name} is not set, expected {_cut(wanted)}", f"{name} is not set"
    if state == "deferred":
        told = f"{name} is Deferred, so nothing is known about it before it is applied"
        return told, told
    hint = f"{name} is {actual}{NOT_ASKED}"
    if long:
        hint = f"{name} is not what the task asks for"
    if state == "unmatched":
        shown = f"{name} does not match" if long else f"{name} is {actual}, not"
        return f"{shown} {_cut(wanted)}", hint
    if long or len(wanted) > _SHORT:
        return f"{name} differs", hint
    return f"{name} is {actual}, expected {wanted}", hint


def relation_finding(relation: dict[str, Any]) -> Iterator[Finding]:
    """Yield that a relationship does not hold, with what there is in its place."""
    if relation.get("holds") is True:
        return
    source = plain.text(relation.get("source"))
    target = plain.text(relation.get("target"))
    refresh = relation.get("refresh") is True
    verb = "is notified by" if refresh else "comes after"
    missing = plain.words(relation.get("missing"))
    instead = f"it has no {' and no '.join(missing)}" if missing else ""
    says = f"{LACKS}{target} that {verb} {source}"
    hint = f"{target} is not notified by all that the task asks for"
    if not refresh:
        hint = f"{target} does not come after all that the task asks for"
    if missing:
        hint = "a relationship that the task asks for is missing"
    told = instead or _instead(relation, source, refresh)
    reference = "" if missing else target
    yield Finding(reference, f"{says}: {told}", hint, _line(relation))


def _instead(relation: dict[str, Any], source: str, refresh: bool) -> str:
    if relation.get("ordered") is True:
        return "it only comes after it; use notify, subscribe or ~>"
    if relation.get("reversed") is True:
        return f"it comes before {source}"
    others = plain.words(relation.get("others"))
    if others and refresh:
        return f"it is notified by {' and '.join(others)} only"
    return "nothing notifies it" if refresh else "neither comes before the other"


def _line(told: dict[str, Any]) -> int | None:
    return plain.number(told.get("line"))


def _cut(text: str) -> str:
    return text if len(text) <= 4 * _SHORT else f"{text[: 4 * _SHORT]}…"
