"""Let a magic ask the warm Puppet, and remember what the cells before it did.

A handler of a magic is a function `(cell, asking) -> Answer`. It reaches the node only
through the worker, because the node may be in a container somewhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from puppet_kernel.cells import Cell
from puppet_kernel.document import Block
from puppet_kernel.errors import Unanswered
from puppet_kernel.problems import problem
from puppet_kernel.results import CellResult, Problem
from puppet_kernel.worker import Event, Worker


@dataclass
class Memory:
    """Remember the last cells of a session.

    `applied` is the last cell that was compiled for this node (applied, rehearsed or
    checked) and `result` what it did; `failed` is the last result with errors.
    `declared` holds the references of all resources that cells have declared, newest
    last. `drawn` is the last catalog, of whichever cell had one: the data of the
    worker's `catalog` event. `drawn_result` is what the run of that catalog did; None
    if it was compiled for another machine, and not applied. `plain` holds the sources
    of the plain cells that were applied, by the cell's id, in the order they came in.
    """

    applied: Cell | None = None
    result: CellResult | None = None
    failed: CellResult | None = None
    declared: dict[str, None] = field(default_factory=dict)
    drawn: Event | None = None
    drawn_result: CellResult | None = None
    plain: dict[str, str] = field(default_factory=dict)

    def keep_plain(self, cell_id: str, source: str, result: CellResult) -> None:
        """Remember a plain cell that compiled; one that did not is none any more."""
        name = cell_id or source
        # Without a report Puppet has not come to apply anything of it.
        if result.completed or result.resources:
            self.plain[name] = source
        else:
            self.plain.pop(name, None)


@dataclass(frozen=True)
class Answer:
    """Hold what a magic shows; with errors, its cell fails."""

    blocks: tuple[Block, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Asking:
    """Be what a handler may use.

    `cwd` and `user` are the session's: where its cells start, and who they are. `left`
    tells the seconds that are left for the cell.
    """

    cell: Cell
    worker: Worker
    memory: Memory
    cwd: str | None = None
    user: str | None = None
    on_event: Callable[[Event], None] | None = None
    left: Callable[[], float | None] = lambda: None

    def ask(self, op: str, **params: object) -> Any:
        """Ask one question and return the data of its answer.

        Raises Unanswered when Puppet reports a problem instead or is interrupted;
        WorkerDied, WorkerTimeout.
        """
        return self.ask_fully(op, **params)[0]

    def ask_fully(self, op: str, **params: object) -> tuple[Any, list[Event]]:
        """Ask one question; return the answer's data and all its events."""
        events = self.worker.request(
            op, on_event=self.on_event, timeout=self.left(), **params
        )
        for event in events:
            if event.get("ev") == "answer":
                return event.get("data"), events
        raise unanswered(events, self.cell)


def unanswered(events: list[Event], cell: Cell) -> Unanswered:
    """Return why a question about a cell has no answer, by what came instead."""
    done = events[-1]
    if done.get("interrupted") is not None:
        return Unanswered(interrupted=True)
    told = [
        problem(event, cell)
        for event in events
        if event.get("ev") == "problem"
        or (event.get("ev") == "log" and event.get("level") in {"err", "crit"})
    ]
    if not told:
        how = done.get("signal") or f"status {done.get('status')}"
        told = [Problem("error", f"Puppet ended without an answer ({how})")]
    return Unanswered(*told)


Handler = Callable[[Cell, Asking], Answer]
