"""Whatever a worker says and whatever a cell holds: the core gives a result."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from puppet_kernel import cells
from puppet_kernel.assemble import assemble
from puppet_kernel.cells import Cell
from puppet_kernel.display import outputs
from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.magics import MAGICS
from puppet_kernel.results import Kind
from puppet_kernel.well_formed import well_formed

UNHURRIED = settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)
KINDS = [Kind.APPLY, Kind.NOOP, Kind.EXPECT, Kind.SHELL]
FIELDS = (
    *("ev", "level", "message", "source", "file", "line", "pos", "issue", "ref"),
    *("type", "title", "seconds", "path", "changed", "skipped", "failed", "asserts"),
    *("events", "status", "completed", "text", "bytes", "messages", "index", "total"),
    *("trace", "known", "folders", "signal", "interrupted", "data", "property"),
)
EVENTS = (
    *("log", "diff", "progress", "resource", "report", "refused", "problem", "dropped"),
    *("words", "answer", "catalog", "out", "truncated", "done", "tick", "facts"),
)
LEVELS = ("notice", "warning", "err", "crit", "debug", "alert")

anything = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=30)
    | some.sampled_from(["", "Exec[x]/returns", "/Stage[main]/Main/File[/x]/ensure"]),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=8,
)
events = some.builds(
    lambda kind, level, rest: {"level": level, **rest, "ev": kind},
    some.sampled_from(EVENTS),
    some.sampled_from(LEVELS),
    some.dictionaries(some.sampled_from(FIELDS), anything, max_size=10),
)


@UNHURRIED
@given(kind=some.sampled_from(KINDS), told=some.lists(events, max_size=6), end=events)
def test_no_event_breaks_a_result(
    kind: Kind, told: list[dict[str, Any]], end: dict[str, Any]
) -> None:
    cell = Cell(kind, "", "notice(1)\n%%noop\n", 1)
    heard = [well_formed(event) for event in (*told, {**end, "ev": "done"})]
    result = assemble(cell, [event for event in heard if "ev" in event], 0.1)
    json.dumps(outputs(result))
    json.dumps(result.to_json())


@UNHURRIED
@given(
    some.text()
    | some.builds(
        lambda magic, rest: f"{magic}{rest}",
        some.sampled_from([magic.written for magic in MAGICS.values()]),
        some.text(),
    )
)
@example("%%")
@example("%%\r\n\x00")
def test_every_text_is_a_cell_or_is_refused(source: str) -> None:
    try:
        cell = cells.parse(source)
    except PuppetKernelError:
        return
    assert cell.kind in Kind
