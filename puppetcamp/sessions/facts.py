"""What was decided and what has happened: all that a deadline is computed from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

UNLIMITED_DAY = timedelta(hours=24)
"""A daily allowance that limits nothing, not even on a day of 25 hours."""


@dataclass(frozen=True)
class Rules:
    """Hold what the organizer decided: all times are timezone-aware.

    `opens` or `closes` of None means that the window has no such end. `seats` is
    the number of attendees who may have a running container at the same time. A day
    of the allowance is a calendar day of `zone`. `staff` have no deadline; those of
    them in `extenders` may give attendees more time.
    """

    length: timedelta
    opens: datetime | None
    closes: datetime | None
    seats: int
    sessions_per_attendee: int = 1
    cooldown: timedelta = timedelta(0)
    daily_allowance: timedelta = UNLIMITED_DAY
    zone: tzinfo = UTC
    extension_step: timedelta = timedelta(minutes=15)
    own_extensions: int = 0
    staff_extensions: int = 8
    staff: frozenset[str] = frozenset()
    extenders: frozenset[str] = frozenset()

    @property
    def limits_days(self) -> bool:
        """Tell whether there is a daily allowance."""
        return self.daily_allowance < UNLIMITED_DAY

    def since(self, now: datetime) -> datetime | None:
        """Say from when on camp sessions matter: those of the window and of today."""
        if self.opens is None or not self.limits_days:
            return self.opens
        return min(self.opens, now - 2 * UNLIMITED_DAY)


@dataclass(frozen=True)
class Extension:
    """Remember that somebody gave an attendee more time."""

    at: datetime
    length: timedelta
    by: str


@dataclass(frozen=True)
class Ending:
    """Remember that somebody ended an attendee's camp session."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Pause:
    """Remember a pause of the class clock; it lasts while `ends` is None."""

    begins: datetime
    ends: datetime | None


@dataclass(frozen=True)
class CampSession:
    """Remember when an attendee's time began to run, and what was done to it.

    `key` is the ledger's, and says nothing.
    """

    attendee: str
    started: datetime
    extensions: tuple[Extension, ...] = ()
    endings: tuple[Ending, ...] = ()
    key: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Record:
    """Hold all facts about one attendee, and those about the class.

    `sessions` lie in the order in which they started; they may reach back before the
    opening window.
    """

    attendee: str
    sessions: tuple[CampSession, ...] = ()
    pauses: tuple[Pause, ...] = ()
    doors_open: bool = True
