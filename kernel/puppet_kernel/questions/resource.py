"""Answer `%resource`: how resources are now, as a table and as Puppet code."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.display.words import MAX_ROWS
from puppet_kernel.document import Block, Code, Folded, Span, Table, Text, Tone
from puppet_kernel.questions import plain

_TELLING = {
    "user": ("uid", "gid", "groups", "home", "shell"),
    "group": ("gid", "members"),
    "package": ("provider",),
    "service": ("enable", "provider"),
    "cron": ("user", "command", "minute", "hour", "monthday", "month", "weekday"),
    "mount": ("device", "fstype", "options", "target"),
    "host": ("ip", "host_aliases"),
    "ssh_authorized_key": ("user", "type", "target"),
    "yumrepo": ("descr", "baseurl", "enabled"),
}
_REFERENCE = re.compile(r"(?P<type>[\w:]+)\s*\[\s*(?P<title>.*?)\s*\]", re.DOTALL)
_MOST_COLUMNS = 4
_MOST_CODE = 40
_GOOD_ENSURE = {"present", "running", "mounted", "file", "directory", "link"}
_GONE = {"absent", "purged", "stopped", "unmounted"}
_CHECKSUM = re.compile(r"\{(md5|sha\d+\w*|mtime|ctime)[^}]*\}")


def answer(cell: Cell, asking: Asking) -> Answer:
    """Read one resource, or all of a type, from the machine."""
    kind, title = wanted(cell.argument)
    data = plain.mapping(asking.ask("resource", type=kind, title=title, cwd=asking.cwd))
    found = plain.records(data.get("resources"))
    kind = plain.text(data.get("type"))
    shown = _one(kind, found) if title else _all(kind, found, data)
    return Answer((*shown, *_notes(found, data)))


def wanted(argument: str) -> tuple[str, str | None]:
    """Return type and title of `user root`, `User['root']` or `user`."""
    if found := _REFERENCE.fullmatch(argument.strip()):
        return found["type"], _unquoted(found["title"]) or None
    kind, _, title = argument.strip().partition(" ")
    return kind, _unquoted(title.strip()) or None


def _unquoted(title: str) -> str:
    if len(title) > 1 and title[0] == title[-1] and title[0] in "'\"":
        return title[1:-1]
    return title


def _one(kind: str, found: list[dict[str, Any]]) -> Iterator[Block]:
    for resource in found:
        attributes = plain.mapping(resource.get("attributes"))
        title = plain.text(resource.get("title"))
        if plain.text(attributes.get("ensure")) in {"absent", "purged"}:
            yield Text(f"{kind} {title} does not exist on this machine.")
        yield Code(plain.text(resource.get("code")))
        if _CHECKSUM.match(plain.text(attributes.get("content"))):
            told = (
                "content is shown by its checksum, as Puppet compares it; "
                "ctime, mtime and type can be read and not set."
            )
            yield Text(told, Tone.FAINT)


def _all(
    kind: str, found: list[dict[str, Any]], data: dict[str, Any]
) -> Iterator[Block]:
    if not found:
        yield Text(f"Puppet finds no {kind} on this machine.")
        return
    names = _columns(kind, found)
    rows = tuple(_row(resource, names) for resource in found)
    cut = plain.number(data.get("cut")) or 0
    count = f"{len(found) + cut} resource{'' if len(found) == 1 else 's'}"
    columns = ("title", *names)
    yield Table(columns, rows[:MAX_ROWS], f"{count} of the type {kind}")
    for start in range(MAX_ROWS, len(rows), MAX_ROWS):
        more = rows[start : start + MAX_ROWS]
        end = start + len(more)
        yield Folded(f"{start + 1} to {end}", (Table(columns, more),))
    some = found[:_MOST_CODE]
    code = "\n\n".join(plain.text(resource.get("code")) for resource in some)
    told = (
        "as Puppet code" if some == found else f"the first {len(some)} as Puppet code"
    )
    yield Folded(told, (Code(code),))
    example = plain.text(found[0].get("title"))
    yield Text(f"One of them: %resource {kind} {example}", Tone.FAINT)


def _columns(kind: str, found: list[dict[str, Any]]) -> list[str]:
    """Return the attributes that tell most: known ones, or those that most have."""
    seen = Counter(
        name for each in found for name in plain.mapping(each.get("attributes"))
    )
    telling = [name for name in _TELLING.get(kind, ()) if name in seen]
    if kind not in _TELLING:
        common = (name for name, _ in seen.most_common() if name != "ensure")
        telling = sorted(common, key=lambda name: -seen[name])[:_MOST_COLUMNS]
    return (["ensure"] if "ensure" in seen else []) + telling


def _row(resource: dict[str, Any], names: list[str]) -> tuple[str | Span, ...]:
    attributes = plain.mapping(resource.get("attributes"))
    title = Span(plain.text(resource.get("title")), code=True)
    return (title, *(_cell(name, plain.text(attributes.get(name))) for name in names))


def _cell(name: str, value: str) -> str | Span:
    if name == "ensure":
        if value in _GOOD_ENSURE:
            return Span(value, Tone.GOOD)
        return Span(value, Tone.FAINT if value in _GONE else Tone.PLAIN)
    return value


def _notes(found: list[dict[str, Any]], data: dict[str, Any]) -> Iterator[Block]:
    hidden = {name for each in found for name in plain.words(each.get("redacted"))}
    if hidden:
        names = " and ".join(sorted(hidden))
        told = (
            f"{names} is not shown: notebooks get shared. "
            "Take [redacted] out before you apply such code."
        )
        yield Text(told, Tone.WARNING)
    if data.get("root") is not True:
        user = plain.text(data.get("user"))
        told = f"Read as {user}, not as root: what only root may read is missing."
        yield Text(told, Tone.WARNING)
