"""Grade a Puppet notebook: every cell in its order, each with the worker it belongs to.

Between an attendee's cell and a check the checker stops what the attendee has left
running and looks at the node. On a node that was tampered with no check runs, and what
was earned before is void.
"""

import logging
from typing import Any

from puppet_kernel import display
from puppet_kernel.cells import parse
from puppet_kernel.errors import PuppetKernelError, WorkerDied, WorkerTimeout
from puppet_kernel.results import CHECK_KINDS, Kind
from puppet_kernel.runs import Listener
from puppet_kernel.script import NOT_COMPILED
from puppet_kernel.session import Session
from puppet_kernel.worker import Event
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.inside import Inside
from puppetcamp.grading.integrity import Integrity
from puppetcamp.grading.notebook import CodeCell
from puppetcamp.grading.places import FILES, ROOTS, SKIP
from puppetcamp.grading.sandbox import Sandbox
from puppetcamp.grading.verdicts import (
    Output,
    attendee_outputs,
    check_outputs,
    failure,
)

logger = logging.getLogger(__name__)

# What a worker says when it keeps back a part of a cell's output, or of its log.
_LEFT_OUT = ("truncated", "dropped")

LOOK = 30.0
"""Seconds that a look at the node may take; it takes a tenth of one."""


def grade_cells(
    sandbox: Sandbox, inside: Inside, cells: tuple[CodeCell, ...]
) -> Graded:
    """Run the cells in a sandbox; what fails is in the outputs and flags."""
    grader = _Grader(sandbox, Warden(sandbox.checker, inside))
    outputs = [grader.grade(cell) for cell in cells]
    void = grader.warden.finish() if any(cell.check for cell in cells) else None
    faults = sandbox.faults
    warden = grader.warden
    flags = [*grader.flags, *faults, *warden.violations, *warden.flags]
    if void is not None:
        void = ". ".join([void, *(f"Before that {fault}" for fault in faults)])
        logger.warning("a submission's checks are void: %s", void)
        outputs = [
            [failure("NodeTampered", void)] if cell.check else shown
            for cell, shown in zip(cells, outputs, strict=True)
        ]
    return Graded(tuple(outputs), tuple(dict.fromkeys(flags)), 0.0)


class Warden:
    """Have the checker mind the node while checks run; see ruby/keeper.rb."""

    def __init__(self, checker: Session, inside: Inside) -> None:
        self._checker = checker
        self._integrity = Integrity(inside)
        self._look = {"roots": [*ROOTS, inside.ruby], "skip": SKIP, "files": FILES}
        self._daemons = self._integrity.daemons
        self._since: float | None = None
        self._blind: str | None = None

    @property
    def violations(self) -> list[str]:
        """Say in sentences why no check of this node is believed."""
        found = [f"the checks are void: {each}" for each in self._integrity.violations]
        return [*found, *filter(None, [self._blind])]

    @property
    def flags(self) -> list[str]:
        """Say in sentences what is odd about the node."""
        return list(self._integrity.flags)

    def hold(self) -> str | None:
        """Stop left-overs and look, once until `release`; return why not to check."""
        if self._since is None:
            self._since = self._ask(
                "hold", {"look": self._look, "daemons": self._daemons}
            )
        return self._why_void()

    def release(self) -> None:
        """Let go on what was stopped, before an attendee's cell runs."""
        if self._since is not None:
            until = self._ask("release", {})
            if until is not None:
                self._integrity.checked(self._since, until)
            self._since = None

    def finish(self) -> str | None:
        """Look for the last time; return why all verdicts are void, or None."""
        self.release()
        return self.hold()

    def _why_void(self) -> str | None:
        if self._integrity.violations:
            return (
                "Something on the node was changed that the checks rely on "
                f"({self._integrity.violations[0]}), so no check earns points."
            )
        return self._blind

    def _ask(self, operation: str, params: dict[str, Any]) -> float | None:
        """Return the node's time, or None if the checker can't answer any more."""
        if self._blind is not None:
            return None
        try:
            events = self._checker.worker.request(operation, timeout=LOOK, **params)
            report: dict[str, Any] = events[0]
            if report["ev"] == "held":
                self._integrity.seen(report)
            return float(report["now"])
        except (WorkerDied, WorkerTimeout, KeyError, TypeError, ValueError) as error:
            self._blind = (
                "The checker did not live to look at the node, so no check earns "
                f"points: {error}"
            )
            return None


class _Grader:
    """Run cells one after the other; once a worker is lost it stays lost."""

    def __init__(self, sandbox: Sandbox, warden: Warden) -> None:
        self.flags: list[str] = []
        self.warden = warden
        self._sandbox = sandbox
        self._lost: dict[bool, str] = {}
        self._attended: list[str] = []

    def grade(self, cell: CodeCell) -> list[Output]:
        if cell.check:
            return check_outputs(self._check(cell))
        if cell.source.strip():
            self.warden.release()
        outputs = attendee_outputs(self._attend(cell))
        # What is no manifest by itself is no part of the whole one, as in a seat.
        if not any(output.get("ename") in NOT_COMPILED for output in outputs):
            self._attended.append(cell.source)
        return outputs

    def _check(self, cell: CodeCell) -> list[Output]:
        """Run a check with the checker; anything but a check is not run at all."""
        try:
            kind = parse(cell.source).kind
        except PuppetKernelError as error:
            return [self._flag(cell, "NoVerdict", str(error))]
        if kind not in CHECK_KINDS:
            reason = (
                "This graded cell is not a check: its first line is none of "
                f"{', '.join(sorted(f'%%{each.value}' for each in CHECK_KINDS))}. "
                "Correct it in the exercise's source and release it again."
            )
            return [self._flag(cell, "NoVerdict", reason)]
        if (void := self.warden.hold()) is not None:
            return [failure("NodeTampered", void)]
        timeout = min(self._sandbox.limits.check, self._sandbox.remaining)
        return self._run(cell, self._sandbox.checker, timeout, kind)

    def _attend(self, cell: CodeCell) -> list[Output]:
        limits = self._sandbox.limits
        left = self._sandbox.remaining - limits.checks_reserve
        if left <= 0 and cell.source.strip():
            reason = (
                "The cells before it used up the submission's time; it did not run."
            )
            return [self._flag(cell, "TimeLimit", reason)]
        timeout = min(limits.cell, max(left, 0.1))
        return self._run(cell, self._sandbox.attendee, timeout)

    def _run(
        self, cell: CodeCell, session: Session, timeout: float, kind: Kind | None = None
    ) -> list[Output]:
        if cell.check in self._lost:
            return [failure("WorkerLost", self._lost[cell.check])]
        try:
            manifest = None
            if kind is not None and kind is not Kind.EXPECT:
                # The attendee's worker could answer for it, and the checker only reads.
                manifest = session.whole_manifest(self._attended, timeout=timeout)
            result = session.run_cell(
                cell.source,
                on_event=self._listener(cell),
                timeout=timeout,
                manifest=manifest,
                foreign=kind is not None and kind is not Kind.EXPECT,
            )
            return display.outputs(result)
        except WorkerTimeout:
            reason = f"It did not end within {timeout:.0f} s and was stopped."
            if cell.check:
                self._lost[True] = f"An earlier check ({cell.name}) did not end."
            return [self._flag(cell, "TimeLimit", reason)]
        except WorkerDied as error:
            who = "checker" if cell.check else "attendee's Puppet"
            reason = f"The {who} ended before this cell did: {error}"
            self._lost[cell.check] = reason
            return [self._flag(cell, "WorkerLost", reason)]
        except PuppetKernelError as error:
            return [failure(type(error).__name__, str(error))]

    def _listener(self, cell: CodeCell) -> Listener:
        def listen(event: Event) -> None:
            if event.get("ev") in _LEFT_OUT:
                self.flags.append(f"{cell.name}: much of what it said was left out")

        return listen

    def _flag(self, cell: CodeCell, name: str, reason: str) -> Output:
        self.flags.append(f"{cell.name}: {reason}")
        return failure(name, reason)
