"""What is decided about jobs: which are the same, how long it takes, what is kept.

Pure: `now` and everything measured are arguments.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MAX_STARTS = 3
"""A job that was under way when the service ended is started again this often."""

KEEP = timedelta(days=14)
KEEP_JOBS = 5000
KEEP_BYTES = 256 * 2**20
"""Results are kept this long, this many, and this much of them (compressed)."""


class State(StrEnum):
    """Name where a job stands; a failed one has no result, only a reason."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Kept:
    """Hold what decides about keeping a finished job; `size` in bytes."""

    number: int
    finished_at: datetime
    size: int


def key_of(task: Mapping[str, Any], grader: str) -> str:
    """Give the same key to gradings that must come to the same result.

    `task` is all that the grader is told, as JSON; `grader` names the version of
    everything that grades.
    """
    text = json.dumps([grader, task], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seconds_left(
    measured: Sequence[float], elapsed: Sequence[float], waiting: int, slots: int
) -> float | None:
    """Estimate when the last job ends, or return None while nothing was measured.

    `measured` holds the seconds of finished jobs, `elapsed` those of running ones so
    far, `waiting` counts all jobs whose turn comes before the end of the batch.
    """
    if not elapsed and not waiting:
        return 0.0
    if not measured:
        return None
    usual = sum(measured) / len(measured)
    # A job that takes longer than usual is not about to end for that reason.
    rest = [max(usual - seconds, usual / 4) for seconds in elapsed]
    work = sum(rest) + waiting * usual
    # The last job can't be shared among slots: it takes its own time.
    longest = usual if waiting else max(rest)
    return max(work / max(slots, 1), longest)


def may_start_again(starts: int) -> bool:
    """Tell whether a job that did not end with its service gets another chance."""
    return starts < MAX_STARTS


def superfluous(kept: Iterable[Kept], now: datetime) -> list[int]:
    """Name finished jobs that go: too old, or beyond the room that there is."""
    gone, size = [], 0
    newest = sorted(kept, key=lambda job: (job.finished_at, job.number), reverse=True)
    for place, job in enumerate(newest):
        size += job.size
        if now - job.finished_at > KEEP or place >= KEEP_JOBS or size > KEEP_BYTES:
            gone.append(job.number)
    return gone
