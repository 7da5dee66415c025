"""Run cells: the kernel's core, without Jupyter."""

import time
from collections.abc import Callable
from dataclasses import replace

from puppet_kernel import cells, expect, idempotent
from puppet_kernel.answers import Answer, Asking, Memory
from puppet_kernel.assemble import assemble
from puppet_kernel.cells import Cell
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import HANDLERS
from puppet_kernel.results import CellResult, Kind, Problem
from puppet_kernel.worker import Event, Worker

Listener = Callable[[Event], None]


class Session:
    """Run cells on one worker, one after the other.

    `cwd` is the folder that cells start in; `user` is who `%%sh` runs as (None:
    whoever the worker is).
    """

    def __init__(
        self, worker: Worker, *, cwd: str | None = None, user: str | None = None
    ) -> None:
        self.worker = worker
        self.memory = Memory()
        self._cwd = cwd
        self._user = user

    def run_cell(
        self,
        source: str,
        *,
        on_event: Listener | None = None,
        timeout: float | None = None,
    ) -> CellResult:
        """Run one cell and return what it did; what fails in it is no exception.

        `on_event` hears the worker's events as they come, and a "tick" when none came
        for a while. Raises CellError for a cell that cannot be understood, WorkerDied,
        and WorkerTimeout after `timeout` seconds, when the cell has been killed.
        """
        cell = cells.parse(source)
        if cell.kind is Kind.EMPTY:
            return CellResult(Kind.EMPTY)
        result = self._result(cell, on_event, timeout)
        self._remember(cell, result)
        if cell.below is not None and cell.kind is not Kind.ANSWER and result.ok:
            answered = self._answer(cell.below, on_event, timeout)
            result = _with(result, answered)
            self._remember(cell.below, answered)
        return result

    def forget_facts(self) -> None:
        """Have the node's facts gathered anew before the next manifest.

        Happens by itself after what this session changed; needed when something else
        changed the node. Raises WorkerDied.
        """
        self.worker.request("facts")

    def interrupt(self) -> None:
        """Stop after the current resource; the second time, kill what runs."""
        self.worker.interrupt()

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def _result(
        self, cell: Cell, on_event: Listener | None, timeout: float | None
    ) -> CellResult:
        match cell.kind:
            case Kind.EXPECT:
                return self._check(cell, on_event, timeout)
            case Kind.IDEMPOTENT:
                return self._apply_twice(cell, on_event, timeout)
            case Kind.ANSWER:
                return self._answer(cell, on_event, timeout)
        return self._run(cell, on_event, timeout)

    def _remember(self, cell: Cell, result: CellResult) -> None:
        if cell.kind in {Kind.APPLY, Kind.NOOP, Kind.EXPECT, Kind.IDEMPOTENT}:
            self.memory.applied, self.memory.result = cell, result
            for resource in result.resources:
                self.memory.declared.pop(resource.reference, None)
                self.memory.declared[resource.reference] = None
        if result.errors:
            self.memory.failed = result

    def _answer(
        self, cell: Cell, on_event: Listener | None, timeout: float | None
    ) -> CellResult:
        """Answer a magic, and the line magics below it until one fails."""
        started = time.monotonic()
        result = CellResult(cell.kind)
        line: Cell | None = cell
        while line is not None and result.ok:
            asking = Asking(
                line, self.worker, self.memory, self._cwd, self._user, on_event, timeout
            )
            try:
                answer = HANDLERS[line.magic](line, asking)
            except Unanswered as error:
                answer = Answer(errors=error.problems)
                result = replace(result, interrupted=error.interrupted, completed=False)
            result = _with(result, answer)
            line = line.below
        return replace(result, seconds=round(time.monotonic() - started, 3))

    def _check(
        self, cell: Cell, on_event: Listener | None, timeout: float | None
    ) -> CellResult:
        refusals = expect.refuse(cell.body)
        if refusals:
            errors = tuple(Problem("error", reason) for reason in refusals)
            result = CellResult(cell.kind, errors=errors, completed=False)
        elif cells.is_blank(cell.body):
            result = CellResult(cell.kind)
        else:
            result = self._run(cell, on_event, timeout)
        return replace(result, verdict=expect.judge(result, cell.argument or None))

    def _apply_twice(
        self, cell: Cell, on_event: Listener | None, timeout: float | None
    ) -> CellResult:
        started = time.monotonic()
        first = CellResult(cell.kind)
        again = None
        if not cells.is_blank(cell.body):
            first = self._run(cell, on_event, timeout)
            if not idempotent.broken(first, "first"):
                left = None if timeout is None else max(0.0, timeout - first.seconds)
                again = self._run(cell, on_event, left)
        return replace(
            idempotent.joined(first, again),
            verdict=idempotent.judge(first, again, cell.argument or None),
            seconds=round(time.monotonic() - started, 3),
        )

    def _run(
        self, cell: Cell, on_event: Listener | None, timeout: float | None
    ) -> CellResult:
        started = time.monotonic()
        params: dict[str, object] = {"code": cell.code, "cwd": self._cwd}
        if cell.kind is Kind.SHELL:
            op = "sh"
            params |= {"code": cell.body, "user": self._user}
        else:
            op = "apply"
            params |= {
                "noop": cell.kind is Kind.NOOP,
                "check": cell.kind is Kind.EXPECT,
            }
        events = self.worker.request(op, on_event=on_event, timeout=timeout, **params)
        result = assemble(cell, events, round(time.monotonic() - started, 3))
        for event in events:
            if event.get("ev") == "catalog":
                self.memory.drawn, self.memory.drawn_result = event, result
        return result


def _with(result: CellResult, answer: Answer | CellResult) -> CellResult:
    """Return a result that also shows an answer."""
    return replace(
        result,
        blocks=result.blocks + answer.blocks,
        errors=result.errors + answer.errors,
        warnings=result.warnings + answer.warnings,
        notices=result.notices + answer.notices,
    )
