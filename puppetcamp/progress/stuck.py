"""When an attendee seems to be stuck: a pure decision from what their cells did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 3
"""So many failures of one cell in a row are no accident."""

FORGOTTEN = timedelta(minutes=30)
"""After this much without a run they went on to something else."""


@dataclass(frozen=True)
class CellFailures:
    """Count how often a cell failed in a row, since when, and its last run."""

    notebook: str
    cell: str
    in_a_row: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class StuckAt:
    """Say since when and at what."""

    since: datetime
    why: str


def stuck(
    failing: list[CellFailures], last_success: datetime | None, now: datetime
) -> StuckAt | None:
    """Find the cell at which an attendee is stuck, the one that they tried last.

    A cell counts that failed several times in a row, lately, with no other cell
    succeeding after its last try.
    """
    tried = [
        one
        for one in failing
        if one.in_a_row >= FAILURES
        and now - one.last < FORGOTTEN
        and (last_success is None or last_success <= one.last)
    ]
    if not tried:
        return None
    worst = max(tried, key=lambda one: one.last)
    return StuckAt(
        worst.first, f"A cell of {worst.notebook} failed {worst.in_a_row} times."
    )
