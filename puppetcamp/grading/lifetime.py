"""What holds while the camp's service grades: one service, and no container left."""

import asyncio
import contextlib
import fcntl
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from docker import DockerClient

from puppetcamp.errors import CampError, SetupError
from puppetcamp.grading.jobs.queue import JobQueue
from puppetcamp.grading.sandbox import sweep

log = logging.getLogger(__name__)

LOCK_SECONDS = 30.0
"""How long a service waits for the end of the one before it."""

LATE_SWEEPS, LATE_SECONDS = 6, 10.0
"""How often a service looks for late sandboxes of the one before it."""


@contextlib.asynccontextmanager
async def alone(path: Path) -> AsyncIterator[None]:
    """Be the only service of this camp: a second one would sweep up its sandboxes.

    Raises SetupError if the other one does not end. The lock of a process that was
    killed is free.
    """
    with path.open("w") as lock:
        for _ in range(int(LOCK_SECONDS * 10)):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.1)
        else:
            message = (
                f"Another service of this camp holds {path} for {LOCK_SECONDS:g} s. "
                "Stop the camp and open it again: make stop, make camp."
            )
            raise SetupError(message)
        yield


@contextlib.asynccontextmanager
async def graded(
    queue: JobQueue, connect: Callable[[], DockerClient], label: str
) -> AsyncIterator[None]:
    """Grade what is queued; leave no container behind before or after.

    `label` is the camp's own (`key=value`): another camp's sandboxes stay.
    """

    started = time.time()

    def clear(made_before: float | None = None) -> None:
        try:
            with contextlib.closing(connect()) as client:
                sweep(client, label, made_before=made_before)
        except CampError as error:
            # Docker may be down just now; gradings then fail with their own reason.
            log.warning("%s", error)

    async def clear_late() -> None:
        # Docker also makes the container that a killed service had just asked for.
        for _ in range(LATE_SWEEPS):
            await asyncio.sleep(LATE_SECONDS)
            await asyncio.to_thread(clear, started)

    await asyncio.to_thread(clear)
    await asyncio.to_thread(queue.start)
    late = asyncio.create_task(clear_late())
    try:
        yield
    finally:
        late.cancel()
        # First no new sandbox, then none at all: their threads then end by themselves.
        queue.close()
        await asyncio.to_thread(clear)
        await asyncio.to_thread(queue.stop)
        await asyncio.to_thread(clear)
