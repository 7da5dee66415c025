"""Grade one notebook: every cell in its order, each with the worker it belongs to."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from docker import DockerClient

from puppet_kernel import display
from puppet_kernel.cells import parse
from puppet_kernel.errors import PuppetKernelError, WorkerDied, WorkerTimeout
from puppet_kernel.results import Kind
from puppet_kernel.session import Session
from puppetcamp.errors import CampError
from puppetcamp.grading.errors import DOCKER_FAILURES, SandboxUnavailable
from puppetcamp.grading.inside import Insides
from puppetcamp.grading.notebook import CodeCell, code_cells
from puppetcamp.grading.sandbox import Limits, Sandbox
from puppetcamp.grading.verdicts import (
    Output,
    attendee_outputs,
    check_outputs,
    failure,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Graded:
    """Hold a graded notebook: outputs per code cell, flags in sentences, seconds."""

    cells: tuple[list[Output], ...]
    flags: tuple[str, ...]
    seconds: float


class Runner:
    """Grade submissions in throwaway containers, some at a time.

    `connect` makes a Docker client; every submission uses one of its own, because the
    client is not made for several threads. `labels` go on every container.
    """

    def __init__(
        self,
        connect: Callable[[], DockerClient],
        image: str,
        labels: dict[str, str],
        *,
        limits: Limits | None = None,
        at_once: int | None = None,
    ) -> None:
        self._connect = connect
        self._image = image
        self._labels = labels
        self._limits = limits or Limits()
        self._slots = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)
        self._insides = Insides()

    def run(
        self, notebook: Mapping[str, Any], *, exercise: str, attendee: str
    ) -> Graded:
        """Grade a notebook; block until one of the slots is free.

        `exercise` and `attendee` are for the log and the container's labels. Raises
        NotebookRefused, SandboxUnavailable or SandboxTimeout.
        """
        cells = code_cells(notebook)
        with self._slots:
            started = time.monotonic()
            graded = self._grade(cells, exercise, attendee)
            seconds = time.monotonic() - started
        logger.info(
            "graded %s of %s in %.1f s, %d flags",
            exercise,
            attendee,
            seconds,
            len(graded.flags),
        )
        return Graded(graded.cells, graded.flags, round(seconds, 3))

    def _docker(self) -> DockerClient:
        try:
            return self._connect()
        except CampError as error:
            raise SandboxUnavailable(str(error)) from error
        except DOCKER_FAILURES as error:
            message = f"Docker can't be reached: {error}. Start it, then grade again."
            raise SandboxUnavailable(message) from error

    def _grade(
        self, cells: tuple[CodeCell, ...], exercise: str, attendee: str
    ) -> Graded:
        client = self._docker()
        labels = {
            **self._labels,
            "puppetcamp.exercise": exercise,
            "puppetcamp.attendee": attendee,
        }
        try:
            inside = self._insides.of(client, self._image, labels)
            with Sandbox(
                client, self._image, inside, labels=labels, limits=self._limits
            ) as sandbox:
                return grade_cells(sandbox, cells)
        finally:
            client.close()


def grade_cells(sandbox: Sandbox, cells: tuple[CodeCell, ...]) -> Graded:
    """Run the cells in a sandbox; what fails is in the outputs and flags."""
    grader = _Grader(sandbox)
    outputs = tuple(grader.grade(cell) for cell in cells)
    flags = [*grader.flags, *sandbox.faults]
    if sandbox.expired:
        limit = f"{sandbox.limits.submission:g} s"
        flags.append(f"the submission was stopped at its time limit of {limit}")
    return Graded(outputs, tuple(dict.fromkeys(flags)), 0.0)


class _Grader:
    """Run cells one after the other; once a worker is lost it stays lost."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.flags: list[str] = []
        self._sandbox = sandbox
        self._lost: dict[bool, str] = {}

    def grade(self, cell: CodeCell) -> list[Output]:
        if cell.check:
            return check_outputs(self._check(cell))
        return attendee_outputs(self._attend(cell))

    def _check(self, cell: CodeCell) -> list[Output]:
        """Run a check with the checker; anything but a check is not run at all."""
        try:
            kind = parse(cell.source).kind
        except PuppetKernelError as error:
            return [self._flag(cell, "NoVerdict", str(error))]
        if kind is not Kind.EXPECT:
            reason = (
                "This graded cell is not a check: its first line is not %%expect. "
                "Correct it in the exercise's source and release it again."
            )
            return [self._flag(cell, "NoVerdict", reason)]
        limits = self._sandbox.limits
        timeout = min(limits.check, self._sandbox.remaining)
        return self._run(cell, self._sandbox.checker, timeout)

    def _attend(self, cell: CodeCell) -> list[Output]:
        limits = self._sandbox.limits
        left = self._sandbox.remaining - limits.checks_reserve
        if left <= 0 and cell.source.strip():
            reason = (
                "The cells before it used up the submission's time; it did not run."
            )
            return [self._flag(cell, "TimeLimit", reason)]
        return self._run(cell, self._sandbox.attendee, min(limits.cell, max(left, 0.1)))

    def _run(self, cell: CodeCell, session: Session, timeout: float) -> list[Output]:
        if cell.check in self._lost:
            return [failure("WorkerLost", self._lost[cell.check])]
        try:
            return display.outputs(session.run_cell(cell.source, timeout=timeout))
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

    def _flag(self, cell: CodeCell, name: str, reason: str) -> Output:
        self.flags.append(f"{cell.name}: {reason}")
        return failure(name, reason)
