"""Run manifests for one cell: however many runs it takes, one deadline for all."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from puppet_kernel.assemble import assemble
from puppet_kernel.cells import Cell
from puppet_kernel.errors import WorkerTimeout
from puppet_kernel.results import CellResult, Kind, Problem
from puppet_kernel.worker import Event, Worker

Listener = Callable[[Event], None]

WHOLE = "your manifest"
"""Where a thing stands that stands in the plain cells of a notebook together."""


class Deadline:
    """Count down the seconds of one cell; they begin when the worker is ready."""

    def __init__(self, seconds: float | None, worker: Worker) -> None:
        self._seconds = seconds
        self._worker = worker
        self._by: float | None = None

    def left(self) -> float | None:
        """Return the seconds left, None for no limit. Raises WorkerTimeout."""
        if self._seconds is None:
            return None
        if self._by is None:
            if not self._worker.loaded:
                return self._seconds
            self._by = time.monotonic() + self._seconds
        left = self._by - time.monotonic()
        if left <= 0:
            message = f"the cell did not end within {self._seconds:g} s"
            raise WorkerTimeout(message)
        return left


@dataclass(frozen=True)
class Runs:
    """Be what a cell may run manifests with.

    `cwd` is where its commands start. `foreign` is None, or the settings of a manifest
    that is not to be trusted: of such a one no Ruby is loaded. `drawn` hears of every
    catalog, with the result of its run if it was run. `user` is whose files are read.
    """

    worker: Worker
    deadline: Deadline
    cwd: str | None = None
    on_event: Listener | None = None
    foreign: Mapping[str, str] | None = None
    drawn: Callable[[Event, CellResult | None], None] = lambda *_: None
    user: str | None = None

    def apply(
        self, cell: Cell, *, check: bool = False, noop: bool = False
    ) -> CellResult:
        """Apply a manifest, or look at it (`check`: whatever it says of noop)."""
        return self._run(cell, {"check": check, "noop": noop})

    def apply_whole(self, kind: Kind, manifest: str) -> CellResult:
        """Apply the manifest of a notebook's plain cells."""
        found = self._run(Cell(kind, "", manifest, 1), self.not_trusted())
        return of_whole(found)

    def not_trusted(self) -> dict[str, object]:
        """Return what a request says of a manifest that is not to be trusted."""
        return {} if self.foreign is None else {"foreign": dict(self.foreign)}

    def request(self, op: str, **params: object) -> list[Event]:
        """Send a request with what is left of the time."""
        return self.worker.request(
            op, on_event=self.on_event, timeout=self.deadline.left(), **params
        )

    def _run(self, cell: Cell, params: dict[str, object]) -> CellResult:
        started = time.monotonic()
        events = self.request("apply", code=cell.code, cwd=self.cwd, **params)
        result = assemble(cell, events, round(time.monotonic() - started, 3))
        for event in events:
            if event.get("ev") == "catalog":
                self.drawn(event, result)
        return result


def of_whole(result: CellResult) -> CellResult:
    """Return a result whose places are those of the whole manifest, not of a cell."""
    return replace(
        result,
        resources=tuple(
            replace(r, file=r.file or WHOLE) if r.line else r for r in result.resources
        ),
        errors=tuple(map(_of_whole, result.errors)),
        warnings=tuple(map(_of_whole, result.warnings)),
        notices=tuple(map(_of_whole, result.notices)),
    )


def _of_whole(problem: Problem) -> Problem:
    return replace(problem, file=problem.file or WHOLE) if problem.line else problem
