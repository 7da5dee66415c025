"""Prove a course from the command line: progress while it runs, then the report."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from docker import DockerClient

from puppetcamp.course import proof
from puppetcamp.course.folder import Course
from puppetcamp.course.report import report
from puppetcamp.deployment import Deployment
from puppetcamp.grading.runner import Runner

_LABELS = {"puppetcamp.instance": "exercises"}
# No camp's own: its service removes sandboxes of its own instance when it starts.


def prove(
    root: Path,
    only: Sequence[str],
    connect: Callable[[], DockerClient],
    deployment: Deployment,
    out: TextIO,
) -> bool:
    """Prove a course's exercises and write the report; tell whether all are sound.

    Raises CourseError if there is nothing to prove, SandboxUnavailable if Docker or
    the attendees' image cannot be used.
    """
    started = time.monotonic()
    at_once = os.cpu_count() or 1
    runner = Runner(connect, deployment.attendee_image, _LABELS, at_once=at_once)
    progress = _Progress(out)
    course = Course(root.resolve())
    found = proof.look(course, only, tell=progress.tell)
    found = proof.grade(found, runner, at_once=at_once, tell=progress.tell)
    progress.end()
    out.write(report(found, time.monotonic() - started, Path.cwd()))
    out.flush()
    return not any(proved.faults for proved in found)


class _Progress:
    """Tell how far it is: one line that is written over, or a line for each step."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()

    def tell(self, exercise: str, what: str, done: int, of: int) -> None:
        line = f"  {done:>{len(str(of))}}/{of}  {exercise}: {what}"
        self._out.write(f"\r\x1b[K{line[:78]}" if self._live else f"{line}\n")
        self._out.flush()

    def end(self) -> None:
        self._out.write("\r\x1b[K" if self._live else "\n")
