"""Run cells: the kernel's core, without Jupyter."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from puppet_kernel import cells, checks
from puppet_kernel.answers import Answer, Asking, Memory
from puppet_kernel.assemble import assemble
from puppet_kernel.cells import Cell
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import HANDLERS
from puppet_kernel.results import CHECK_KINDS, CellResult, Kind
from puppet_kernel.runs import Deadline, Listener, Runs
from puppet_kernel.whole import whole_manifest
from puppet_kernel.worker import Event, Worker


@dataclass(frozen=True)
class _Task:
    """Hold what was asked for with a cell."""

    deadline: Deadline
    on_event: Listener | None
    manifest: str | None
    foreign: bool


class Session:
    """Run cells on one worker, one after the other.

    `cwd` is the folder that cells start in; `user` is who `%%sh` runs as (None:
    whoever the worker is). `foreign` holds the Puppet settings (environmentpath,
    environment, basemodulepath, hiera_config) that manifests are compiled with that
    are not to be trusted; what is not in there is as the worker has it.
    """

    def __init__(
        self,
        worker: Worker,
        *,
        cwd: str | None = None,
        user: str | None = None,
        foreign: Mapping[str, str] | None = None,
    ) -> None:
        self.worker = worker
        self.memory = Memory()
        self._cwd = cwd
        self._user = user
        self._foreign = dict(foreign or {})

    def run_cell(
        self,
        source: str,
        *,
        on_event: Listener | None = None,
        timeout: float | None = None,
        manifest: str | None = None,
        foreign: bool = False,
        cell_id: str = "",
    ) -> CellResult:
        """Run one cell and return what it did; what fails in it is no exception.

        `on_event` hears the worker's events as they come, and a "tick" when none came
        for a while. `manifest` is the whole manifest that a check is about, by default
        that of the plain cells which this session has applied; with `foreign` it is
        not trusted: none of the Ruby that it brings along is loaded. A cell with the
        `cell_id` of an earlier one takes its place. Raises CellError for a cell that
        cannot be understood, WorkerDied, and WorkerTimeout after `timeout` seconds for
        all of it together, when what was running has been killed.
        """
        cell = cells.parse(source)
        if cell.kind is Kind.EMPTY:
            return CellResult(Kind.EMPTY)
        task = _Task(Deadline(timeout, self.worker), on_event, manifest, foreign)
        result = self._result(cell, task)
        self._remember(cell, result)
        if cell.kind is Kind.APPLY:
            self.memory.keep_plain(cell_id, source, result)
        if cell.below is not None and cell.kind is not Kind.ANSWER and result.ok:
            answered = self._answer(cell.below, task)
            result = _with(result, answered)
            self._remember(cell.below, answered)
        return result

    def whole_manifest(
        self, sources: Sequence[str], *, timeout: float | None = None
    ) -> str:
        """Return the plain ones of some cells as one manifest; Puppet only reads them.

        Raises WorkerDied, WorkerTimeout, and PuppetKernelError without an answer.
        """
        return whole_manifest(sources, self.worker, Deadline(timeout, self.worker))

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

    def _result(self, cell: Cell, task: _Task) -> CellResult:
        if cell.kind in CHECK_KINDS:
            return checks.run(cell, self._runs(task), lambda: self._whole(task))
        match cell.kind:
            case Kind.ANSWER:
                return self._answer(cell, task)
            case Kind.SHELL:
                return self._shell(cell, task)
        return self._runs(task).apply(cell, noop=cell.kind is Kind.NOOP)

    def _runs(self, task: _Task) -> Runs:
        return Runs(
            self.worker,
            task.deadline,
            self._cwd,
            task.on_event,
            self._foreign if task.foreign else None,
            self._draw,
            self._user,
        )

    def _whole(self, task: _Task) -> str:
        if task.manifest is not None:
            return task.manifest
        sources = list(self.memory.plain.values())
        return whole_manifest(sources, self.worker, task.deadline)

    def _draw(self, event: Event, result: CellResult | None) -> None:
        self.memory.drawn, self.memory.drawn_result = event, result

    def _remember(self, cell: Cell, result: CellResult) -> None:
        if cell.kind in {Kind.APPLY, Kind.NOOP, *CHECK_KINDS}:
            self.memory.applied, self.memory.result = cell, result
            for resource in result.resources:
                self.memory.declared.pop(resource.reference, None)
                self.memory.declared[resource.reference] = None
        if result.errors:
            self.memory.failed = result

    def _answer(self, cell: Cell, task: _Task) -> CellResult:
        """Answer a magic, and the line magics below it until one fails."""
        started = time.monotonic()
        result = CellResult(cell.kind)
        line: Cell | None = cell
        while line is not None and result.ok:
            asking = Asking(
                line,
                self.worker,
                self.memory,
                self._cwd,
                self._user,
                task.on_event,
                task.deadline.left,
            )
            try:
                answer = HANDLERS[line.magic](line, asking)
            except Unanswered as error:
                answer = Answer(errors=error.problems)
                result = replace(result, interrupted=error.interrupted, completed=False)
            result = _with(result, answer)
            line = line.below
        return replace(result, seconds=round(time.monotonic() - started, 3))

    def _shell(self, cell: Cell, task: _Task) -> CellResult:
        started = time.monotonic()
        events = self.worker.request(
            "sh",
            on_event=task.on_event,
            timeout=task.deadline.left(),
            code=cell.body,
            cwd=self._cwd,
            user=self._user,
        )
        return assemble(cell, events, round(time.monotonic() - started, 3))


def _with(result: CellResult, answer: Answer | CellResult) -> CellResult:
    """Return a result that also shows an answer."""
    return replace(
        result,
        blocks=result.blocks + answer.blocks,
        errors=result.errors + answer.errors,
        warnings=result.warnings + answer.warnings,
        notices=result.notices + answer.notices,
    )
