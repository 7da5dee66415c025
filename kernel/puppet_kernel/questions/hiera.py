"""Answer `%%hiera`: write one level's data, and say what that means for the others."""

from collections.abc import Iterator
from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Code, Span, Table, Text, Tone
from puppet_kernel.questions import plain, writing
from puppet_kernel.results import Problem

_MAX_KEYS = 12
_EXAMPLE = """\
%%file hiera.yaml
version: 5
hierarchy:
  - name: Per-node data
    path: nodes/%{trusted.certname}.yaml
  - name: Per-OS data
    path: os/%{facts.os.family}.yaml
  - name: Common
    path: common.yaml
"""


def answer(cell: Cell, asking: Asking) -> Answer:
    """Write the cell's text as a level's data; without any, show what is there."""
    body = writing.body_of(cell)
    refusal = writing.unsendable(body, cell)
    if refusal:
        return Answer(errors=(refusal,))
    code = body if body.strip() else None
    data = plain.mapping(
        asking.ask(
            "hiera", level=_level(cell), code=code, user=asking.user, cwd=asking.cwd
        )
    )
    if data.get("unknown"):
        return Answer(errors=(_unknown(data, _level(cell)),))
    if code is None:
        return Answer((*_present(data), *_places(data)))
    errors, warnings = writing.problems(data, cell)
    if errors:
        return Answer((writing.refused(data),), errors=tuple(errors))
    warnings += [*_unfit(data, cell), *_hidden(data, cell)]
    blocks = [
        *writing.written(data),
        *_keys(data),
        *writing.warned(warnings),
        *_places(data),
    ]
    return Answer(tuple(blocks), warnings=tuple(warnings))


def _level(cell: Cell) -> str:
    return cell.argument.strip("'\"")


def _unknown(data: dict[str, Any], level: str) -> Problem:
    known = plain.words(data.get("known"))
    close = plain.nearest(level, known)
    hint = f"Did you mean {plain.or_list(close)}? " if close else ""
    told = f"{hint}The levels and files are: {', '.join(known[: _MAX_KEYS * 2])}"
    return Problem("error", plain.text(data.get("unknown")), line=1, hint=told)


def _present(data: dict[str, Any]) -> Iterator[Block]:
    level, path = plain.text(data.get("level")), plain.text(data.get("path"))
    yield Text(f"{level}  {path}", strong=True)
    if data.get("exists") is not True:
        yield Text(
            "This file does not exist yet. Write key: value below %%hiera to make it.",
            Tone.FAINT,
        )
        return
    told = "The cell is blank, so this is what the level holds; nothing is written."
    yield Text(told, Tone.FAINT)
    yield Code(plain.text(data.get("text")), plain.text(data.get("kind")).lower())


def _keys(data: dict[str, Any]) -> Iterator[Block]:
    """Say which keys are new, have another value, or are gone."""
    parts = []
    for part, told in (("added", "new"), ("altered", "changed"), ("removed", "gone")):
        names = plain.words(data.get(part))
        if names:
            counts = plain.mapping(data.get("counts"))
            shown = names[:_MAX_KEYS]
            left = (plain.number(counts.get(part)) or len(names)) - len(shown)
            more = f" and {left} more" if left > 0 else ""
            parts.append(f"{told}: {', '.join(shown)}{more}")
    if parts:
        yield Text("; ".join(parts))


def _hidden(data: dict[str, Any], cell: Cell) -> Iterator[Problem]:
    level = plain.text(data.get("level"))
    for told in plain.records(data.get("hidden")):
        key, other = plain.text(told.get("key")), plain.text(told.get("level"))
        path = plain.text(told.get("path")).removeprefix(f"{data.get('root')}/")
        yield Problem(
            "warning",
            f"{level}'s {key} is hidden by {other} ({path})",
            line=_line(key, cell),
            hint=f"%lookup {key} shows who wins",
        )


def _unfit(data: dict[str, Any], cell: Cell) -> Iterator[Problem]:
    for told in plain.records(data.get("unfit")):
        key = plain.text(told.get("key"))
        known = plain.words(told.get("known"))
        close = plain.nearest(key.rpartition("::")[2], known)
        hint = f"did you mean {plain.or_list(close)}?" if close else ""
        if not hint and known:
            hint = f"it has {', '.join(known[:_MAX_KEYS])}"
        why = plain.text(told.get("why"))
        yield Problem("warning", why, line=_line(key, cell), hint=hint)


def _line(key: str, cell: Cell) -> int | None:
    """Return the line of the cell on which a key stands."""
    for number, line in enumerate(cell.body.split("\n"), start=cell.first_line):
        if line.lstrip(" {,").lstrip("'\"").startswith(key):
            return number
    return None


def _places(data: dict[str, Any]) -> Iterator[Block]:
    """Show the hierarchy, the most specific level first, and the file in it."""
    root = plain.text(data.get("root"))
    rows = tuple(_row(told, root) for told in plain.records(data.get("hierarchy")))
    if rows:
        caption = (
            "Where Puppet looks for a key; the first level that has it wins "
            f"(files are below {root})"
        )
        yield Table(("level", "file", "is there"), rows, caption)
    if data.get("config") is True and data.get("here") is not True:
        told = "This node does not read that file; another one whose facts fit does."
        yield Text(told, Tone.WARNING)
    if data.get("config") is not True:
        told = (
            "Puppet reads none of these data as long as the environment has no "
            "hiera.yaml. A cell like this one makes it:"
        )
        yield Text(told, Tone.WARNING)
        yield Code(_EXAMPLE, "yaml")


def _row(told: dict[str, Any], root: str) -> tuple[str | Span, ...]:
    written = told.get("written") is True
    exists = told.get("exists") is True
    tone = Tone.NEWS if written else Tone.PLAIN if exists else Tone.FAINT
    layer = plain.text(told.get("layer"))
    name = plain.text(told.get("name"))
    if layer != "environment":
        name = f"{name} ({layer})"
    path = plain.text(told.get("path")).removeprefix(f"{root}/")
    return (
        Span(f"{'▸' if written else ' '} {name}", tone),
        Span(path or "(no file)", tone, code=True),
        Span("yes" if exists else "no", tone),
    )
