"""What is decided about bundles: whose turn, how often, how long, how much. Pure.

`now` and everything measured are arguments.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

MAX_STARTS = 4
"""A bundle that could not be made is tried this often."""

PAUSE = timedelta(minutes=2)
"""How long an attendee waits between two bundles that they ask for."""

_BACKOFF = timedelta(seconds=10)


class State(StrEnum):
    """Name where a bundle stands; a failed one has a reason."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


OPEN = (State.QUEUED, State.MAKING)


def next_try(starts: int, now: datetime) -> datetime | None:
    """Say when a bundle is tried again that failed; None if that is enough."""
    return None if starts >= MAX_STARTS else now + _BACKOFF * 3 ** (starts - 1)


def is_owed(
    ended: datetime | None,
    asked: datetime | None,
    keep: timedelta,
    now: datetime,
) -> bool:
    """Tell whether a bundle has to be made because a session ended.

    `ended` is when, `asked` when the attendee's latest bundle was asked for. Sessions
    that ended so long ago that a bundle would be gone by now are let go.
    """
    if ended is None or now < ended or now - ended >= keep:
        return False
    return asked is None or asked < ended


def wait_before_asking(
    asked: datetime | None, state: State | None, now: datetime
) -> timedelta | None:
    """Say how long an attendee waits until they may ask; None while one is made."""
    if state in OPEN:
        return None
    if asked is None:
        return timedelta(0)
    return max(timedelta(0), asked + PAUSE - now)


def is_over(finished: datetime, keep: timedelta, now: datetime) -> bool:
    """Tell whether a bundle has been kept long enough."""
    return now >= finished + keep


def seconds_left(measured: Sequence[float], before: int, slots: int) -> float | None:
    """Estimate when a bundle is done; None while nothing was measured.

    `measured` holds the seconds that others took, `before` counts those whose turn
    comes earlier or that are being made.
    """
    if not measured:
        return None
    usual = sum(measured) / len(measured)
    rounds = before // max(slots, 1) + 1
    return usual * rounds
