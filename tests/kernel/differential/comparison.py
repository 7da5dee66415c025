"""Tell where a warm run differs from stock Puppet's, and what may differ."""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.kernel.differential.exceptions import (
    FILEBUCKET,
    UNLIKE_ASPECTS,
    UNLIKE_IN_CASE,
    UNLIKE_ON_DISK,
    VOLATILE,
)
from tests.kernel.differential.runs import Run, is_untold, same


@dataclass(frozen=True)
class Sides:
    """Hold the runs of one side, and what they left on the node."""

    runs: list[Run]
    disk: Mapping[str, str]
    processes: list[str]


def differences(case: str, stock: Sides, warm: Sides) -> list[str]:
    """Return one readable paragraph per difference; none if the sides agree."""
    found = []
    for number, (expected, seen) in enumerate(
        zip(stock.runs, warm.runs, strict=True), start=1
    ):
        told = _run_differences(case, expected, seen)
        found += [f"run {number}: {difference}" for difference in told]
    found += _compare("on disk", _lasting(case, stock.disk), _lasting(case, warm.disk))
    found += _compare("still running", stock.processes, warm.processes)
    return found


def outcome(case: str, warm: Sides) -> str:
    """Return all that a comparison looks at on the warm side, as a digest."""
    overlooked = UNLIKE_ASPECTS.get(case, ())
    runs = [
        [_lines(seen) for what, seen in _aspects(run) if what not in overlooked]
        for run in warm.runs
    ]
    whole = [runs, _lines(_lasting(case, warm.disk)), warm.processes]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def _aspects(run: Run) -> tuple[tuple[str, Any], ...]:
    return (
        ("success", run.succeeded),
        ("exit status", run.status),
        ("places of errors", run.error_places),
        ("notices", run.notices),
        ("number of warnings", run.warnings),
        ("messages", list(run.logs)),
        ("resources", run.resources),
        ("output", run.output),
    )


def _run_differences(case: str, stock: Run, warm: Run) -> Iterable[str]:
    logs = [log for log in stock.logs if not is_untold(log.message)]
    said = replace(stock, logs=tuple(logs))
    for (what, expected), (_, seen) in zip(_aspects(said), _aspects(warm), strict=True):
        if what not in UNLIKE_ASPECTS.get(case, ()):
            yield from _compare(what, expected, seen)


def _lasting(case: str, disk: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    overlooked = UNLIKE_IN_CASE.get(case)
    for path, description in disk.items():
        if any(re.fullmatch(pattern, path) for pattern in UNLIKE_ON_DISK):
            continue
        if any(re.fullmatch(pattern, path) for pattern in VOLATILE):
            # That it is there, and whose it is, has to agree all the same.
            description = " ".join(description.split("\n")[0].split()[:3])
        description = same(description)
        if overlooked:
            description = overlooked.sub("", description)
        kept[_lasting_name(path, description)] = description
    return kept


def _lasting_name(path: str, description: str) -> str:
    """Return a path; in the filebucket, where content names files, the content.

    What Puppet keeps there may hold the time at which it was written.
    """
    if not path.startswith(FILEBUCKET):
        return same(path)
    kind = "folder" if description.startswith("directory") else path.rpartition("/")[2]
    return f"{FILEBUCKET}: {kind} {description}" if kind != "folder" else FILEBUCKET


def _compare(what: str, stock: Any, warm: Any) -> Iterable[str]:
    if stock == warm:
        return
    lines = difflib.unified_diff(
        _lines(stock), _lines(warm), "stock", "warm", lineterm="", n=0
    )
    yield "\n".join([what, *(f"    {line}" for line in lines)])


def _lines(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}: {value[key]!r}" for key in sorted(value)]
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return str(value).split("\n")
