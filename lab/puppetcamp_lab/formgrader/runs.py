"""Runs of `nbgrader autograde` for whole exercises, one per exercise at a time."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from enum import StrEnum
from pathlib import Path
from typing import Any

from puppetcamp_lab.autograding.reporter import VARIABLE

LINES = 500
"""Lines of nbgrader's log that are kept for the page."""


class State(StrEnum):
    """Name where a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Run:
    """One run of nbgrader's command, followed line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.state = State.RUNNING
        self.progress: dict[str, Any] | None = None
        self.log: deque[str] = deque(maxlen=LINES)
        self._process = process
        self._stopped = False
        self.ended = asyncio.create_task(self._follow())

    @classmethod
    async def start(cls, exercise: str, root: Path) -> "Run":
        """Autograde what waits, in the course's folder."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nbgrader", "autograde"),
            f"--assignment={exercise}",
            cwd=root,
            env={**os.environ, VARIABLE: "json"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        return cls(process)

    def stop(self) -> None:
        """Interrupt it; what is graded stays."""
        if self.state is State.RUNNING:
            self._stopped = True
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)

    def status(self) -> dict[str, Any]:
        """Show it as JSON."""
        return {
            "state": self.state.value,
            "progress": self.progress,
            "log": list(self.log),
        }

    async def _follow(self) -> None:
        await asyncio.gather(self._read_progress(), self._read_log())
        ended = await self._process.wait()
        if self._stopped:
            self.state = State.STOPPED
        else:
            self.state = State.FAILED if ended else State.DONE

    async def _read_progress(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 it was asked for
        async for line in self._process.stdout:
            # nbgrader itself prints nothing here, but a course's own hooks may.
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict) and "sentence" in said:
                    self.progress = said

    async def _read_log(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 it was asked for
        async for line in self._process.stderr:
            self.log.append(line.decode(errors="replace").rstrip())


class Runs:
    """Remember the latest run of each exercise, for whoever loads the page again."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    async def start(self, exercise: str, root: Path) -> Run:
        """Start a run, or give the one that is under way."""
        run = self._runs.get(exercise)
        if run is None or run.state is not State.RUNNING:
            run = self._runs[exercise] = await Run.start(exercise, root)
        return run

    def find(self, exercise: str) -> Run | None:
        """Give the latest run of an exercise."""
        return self._runs.get(exercise)
