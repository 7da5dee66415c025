"""Run jobs some at a time, in the order in which they came, and tell who waits."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from puppetcamp.clock import Clock
from puppetcamp.errors import GradingError
from puppetcamp.grading.errors import (
    NotebookRefused,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.jobs.decisions import key_of
from puppetcamp.grading.jobs.store import Job, JobStore, Progress, Task

log = logging.getLogger(__name__)

_STATUS: dict[type[GradingError], int] = {
    SandboxUnavailable: 503,
    SandboxTimeout: 504,
}

Waiting = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Grader(Protocol):
    """Grade one notebook; `puppetcamp.grading.runner.Runner` is one."""

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        exercise: str,
        attendee: str,
        files: Mapping[str, str] | None = None,
    ) -> Graded:
        """Return the graded notebook or raise a GradingError."""


class JobQueue:
    """Grade what is in the store with `slots` threads.

    `version` names everything that grades (image and code); it may raise
    SandboxUnavailable.
    """

    def __init__(
        self,
        store: JobStore,
        grader: Grader,
        *,
        version: Callable[[], str],
        clock: Clock,
        slots: int,
    ) -> None:
        self.slots = slots
        self._store = store
        self._grader = grader
        self._version = version
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[str, list[Waiting]] = {}
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Go on where an earlier service ended; its sandboxes are gone by now."""
        now = self._clock()
        self._store.forget_old(now)
        again = self._store.requeue_running(now)
        if again:
            log.warning("%d gradings of the service before are started again", again)
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, name=f"grading-{slot}", daemon=True)
            for slot in range(self.slots)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 20.0) -> None:
        """Start nothing more; what is under way is graded by the next service.

        Waits `seconds` at most for all threads to see that their sandboxes are gone.
        """
        self.close()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def close(self) -> None:
        """Start nothing more, and keep no failure from here on."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def enqueue(
        self,
        contents: Sequence[dict[str, Any]],
        *,
        batch: str | None = None,
        again: bool = False,
        urgent: bool = False,
    ) -> list[Job]:
        """Accept gradings; `contents` hold exercise, attendee, notebook, files.

        Raises SandboxUnavailable if nothing can be graded now.
        """
        version = self._version()
        tasks = [
            Task(
                exercise=content["exercise"],
                attendee=content["attendee"],
                key=key_of(content, version),
                content=content,
            )
            for content in contents
        ]
        jobs = self._store.enqueue(
            tasks, self._clock(), batch=batch, again=again, urgent=urgent
        )
        with self._changed:
            self._changed.notify_all()
        return jobs

    def find(self, job: str) -> Job | None:
        """Return a job with its result, or None if it was cancelled."""
        return self._store.find(job)

    def jobs(self, *, batch: str | None, exercise: str | None) -> list[Job]:
        """List jobs, the newest first."""
        return self._store.jobs(batch=batch, exercise=exercise)

    def progress(self, batch: str) -> Progress:
        """Count a batch and estimate its end."""
        return self._store.progress(batch, self._clock(), self.slots)

    def cancel(self, batch: str) -> int:
        """Forget what waits for this batch alone; return how much that was."""
        gone = self._store.cancel(batch)
        for job in gone:
            self._tell(job)
        return len(gone)

    async def finished(self, job: str) -> Job | None:
        """Wait for a job; return None if it is cancelled meanwhile."""
        event = asyncio.Event()
        waiting = (asyncio.get_running_loop(), event)
        with self._changed:
            self._waiting.setdefault(job, []).append(waiting)
        try:
            while True:
                found = await asyncio.to_thread(self._store.find, job)
                if found is None or found.finished:
                    return found
                await event.wait()
                event.clear()
        finally:
            with self._changed:
                others = self._waiting.get(job, [])
                others.remove(waiting)
                if not others:
                    self._waiting.pop(job, None)

    def _tell(self, job: str) -> None:
        with self._changed:
            waiting = list(self._waiting.get(job, ()))
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
            claimed = self._store.claim(self._clock())
            if claimed is None:
                with self._changed:
                    # A job that came since the claim has notified too early.
                    self._changed.wait(timeout=0.5)
                continue
            job, content = claimed
            self._grade(job, content)
            self._tell(job)

    def _grade(self, job: str, content: dict[str, Any]) -> None:
        try:
            graded = self._run(content)
        except NotebookRefused as error:
            # The attendee's fault: that is a result, and it is worth nothing.
            flags = [f"not graded, no points: {error}"]
            result = {"cells": [], "flags": flags, "seconds": 0.0}
            result["refused"] = str(error)
            self._store.finish(
                job, self._clock(), result=result, flags=flags, seconds=0.0
            )
        except GradingError as error:
            self._fail(job, str(error), _STATUS.get(type(error), 500))
        except Exception as error:
            log.exception("grading job %s", job)
            reason = (
                f"The grader failed ({type(error).__name__}: {error}). Tell the camp's "
                "organizer; the service's log has the details."
            )
            self._fail(job, reason, 500)
        else:
            result = {
                "cells": [{"outputs": outputs} for outputs in graded.cells],
                "flags": list(graded.flags),
                "seconds": graded.seconds,
                "refused": None,
            }
            self._store.finish(
                job,
                self._clock(),
                result=result,
                flags=graded.flags,
                seconds=graded.seconds,
            )

    def _run(self, content: dict[str, Any]) -> Graded:
        names = {"exercise": content["exercise"], "attendee": content["attendee"]}
        if content.get("files"):
            return self._grader.run(
                content["notebook"], files=content["files"], **names
            )
        return self._grader.run(content["notebook"], **names)

    def _fail(self, job: str, reason: str, status: int) -> None:
        """Keep a failure, unless the service ends: then the next one grades it."""
        if not self._stopping:
            self._store.fail(job, self._clock(), reason=reason, status=status)
