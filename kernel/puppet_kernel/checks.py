"""Run the cells that come to a verdict."""

import time
from collections.abc import Callable
from dataclasses import replace

from puppet_kernel import cells, compiled, directives, drift, expect, idempotent
from puppet_kernel.cells import Cell
from puppet_kernel.errors import Unanswered
from puppet_kernel.results import CellResult, Kind, Problem, Verdict
from puppet_kernel.runs import Runs

NO_MANIFEST = (
    "no plain cell has been applied before this check, so there is no manifest"
)

Manifest = Callable[[], str]


def run(cell: Cell, runs: Runs, manifest: Manifest) -> CellResult:
    """Run a check; `manifest` makes the whole manifest of the cells before it.

    The result has no verdict if nothing of the check can be seen. Raises WorkerDied,
    WorkerTimeout.
    """
    started = time.monotonic()
    result = _run(cell, runs, manifest)
    return replace(result, seconds=round(time.monotonic() - started, 3))


def _run(cell: Cell, runs: Runs, manifest: Manifest) -> CellResult:
    hidden = cells.is_blank(directives.without(cell.body))
    misplaced = directives.refuse(cell)
    if misplaced and cell.kind is not Kind.COMPILED:
        return _unanswered(cell, Unanswered(misplaced))
    if cell.kind is Kind.IDEMPOTENT:
        return _whole_again(cell, runs, manifest) if hidden else _twice(cell, runs)
    if hidden:
        return CellResult(cell.kind)
    if cell.kind is Kind.EXPECT:
        return _expect(cell, runs)
    try:
        told = directives.split(cell)
        whole = manifest()
        if cells.is_blank(whole):
            return _without(cell, NO_MANIFEST)
        if cell.kind is Kind.DRIFT:
            return _drift(cell, runs, whole)
        return compiled.check(cell, told, runs, whole)
    except Unanswered as error:
        return _unanswered(cell, error)


def _without(cell: Cell, reason: str, result: CellResult | None = None) -> CellResult:
    """Return a result whose check does not pass for a reason."""
    result = result or CellResult(cell.kind)
    return replace(result, verdict=Verdict(cell.argument or None, False, reason))


def _expect(cell: Cell, runs: Runs) -> CellResult:
    refusals = expect.refuse(cell.body)
    if refusals:
        errors = tuple(Problem("error", reason) for reason in refusals)
        result = CellResult(cell.kind, errors=errors, completed=False)
    else:
        result = runs.apply(cell, check=True)
    return replace(result, verdict=expect.judge(result, cell.argument or None))


def _twice(cell: Cell, runs: Runs) -> CellResult:
    first = runs.apply(cell)
    again = None if idempotent.broken(first, "first run") else runs.apply(cell)
    return _idempotent(cell, first, again)


def _whole_again(cell: Cell, runs: Runs, manifest: Manifest) -> CellResult:
    """Apply the whole manifest; once more if the first time there was some to do."""
    whole = manifest()
    if cells.is_blank(whole):
        return _without(cell, NO_MANIFEST)
    first = runs.apply_whole(cell.kind, whole)
    if idempotent.changed_nothing(first):
        verdict = idempotent.judge(first, first, cell.argument or None)
        return replace(first, verdict=verdict)
    again = None
    if not idempotent.broken(first, "first run"):
        again = runs.apply_whole(cell.kind, whole)
    return _idempotent(cell, first, again)


def _idempotent(cell: Cell, first: CellResult, again: CellResult | None) -> CellResult:
    return replace(
        idempotent.joined(first, again),
        verdict=idempotent.judge(first, again, cell.argument or None),
    )


def _drift(cell: Cell, runs: Runs, whole: str) -> CellResult:
    before = runs.apply(cell, check=True)
    obstacle = drift.cannot_break(before)
    if obstacle:
        return _without(cell, obstacle, replace(before, resources=()))
    done = runs.apply(cell)
    obstacle = drift.not_broken(before, done, runs.apply(cell, check=True))
    if obstacle:
        result = replace(done, resources=drift.rows(before, None))
        return _without(cell, obstacle, result)
    applied = runs.apply_whole(Kind.APPLY, whole)
    after = runs.apply(cell, check=True)
    verdict = drift.judge(before, applied, after, cell.argument or None)
    return replace(
        idempotent.joined(applied, after),
        kind=cell.kind,
        resources=drift.rows(before, after),
        again=applied,
        verdict=verdict,
    )


def _unanswered(cell: Cell, error: Unanswered) -> CellResult:
    result = CellResult(
        cell.kind,
        errors=error.problems,
        interrupted=error.interrupted,
        completed=False,
    )
    told = "the check was interrupted"
    if error.problems:
        told = f"the check could not be run: {error.problems[0].message}"
    return _without(cell, told, result)
