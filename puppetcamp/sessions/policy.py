"""The rules of time and seats, as pure functions: no clock, no disk, no network.

Every deadline in the camp comes from here. A camp session begins when an attendee's
container first runs in an opening window and is never begun again in that window, so
neither stopping and starting nor restarting the hub can renew it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Rules:
    """Hold what the organizer decided: all times are timezone-aware.

    `opens` or `closes` of None means that the window has no such end. `seats` is
    the number of attendees who may have a running container at the same time.
    """

    length: timedelta
    opens: datetime | None
    closes: datetime | None
    seats: int


@dataclass(frozen=True)
class CampSession:
    """Remember when an attendee's time began to run."""

    attendee: str
    started: datetime


class Refusal(StrEnum):
    """Name the reason why an attendee may not work now."""

    NOT_YET_OPEN = "not-yet-open"
    CLOSED = "closed"
    EXPIRED = "expired"
    NO_SEAT = "no-seat"


@dataclass(frozen=True)
class Admission:
    """Answer whether an attendee may work now, and until when.

    `deadline` is the end of the time that they have or had, or None if no time of
    theirs ever began and none may begin now.
    """

    refusal: Refusal | None
    deadline: datetime | None

    @property
    def allowed(self) -> bool:
        """Tell whether the attendee may work now."""
        return self.refusal is None


def deadline(rules: Rules, session: CampSession) -> datetime:
    """Compute the moment at which a camp session ends."""
    end = session.started + rules.length
    return end if rules.closes is None else min(end, rules.closes)


def remaining(rules: Rules, session: CampSession, now: datetime) -> timedelta:
    """Compute how much time is left; zero once the deadline is reached."""
    return max(timedelta(0), deadline(rules, session) - now)


def expired(rules: Rules, session: CampSession, now: datetime) -> bool:
    """Tell whether a camp session has ended: from the deadline on, not before."""
    return now >= deadline(rules, session)


def admit(
    rules: Rules, session: CampSession | None, seats_in_use: int, now: datetime
) -> Admission:
    """Decide whether an attendee may start working now.

    `session` is their camp session in the current opening window (it started at or
    after `rules.opens`), or None. `seats_in_use` counts the *other* attendees who
    have a running or starting container.
    """
    if rules.opens is not None and now < rules.opens:
        return Admission(Refusal.NOT_YET_OPEN, None)
    end = None if session is None else deadline(rules, session)
    if rules.closes is not None and now >= rules.closes:
        return Admission(Refusal.CLOSED, end)
    if end is not None and now >= end:
        return Admission(Refusal.EXPIRED, end)
    if seats_in_use >= rules.seats:
        return Admission(Refusal.NO_SEAT, end)
    if end is None:
        end = deadline(rules, CampSession("", now))
    return Admission(None, end)


def may_stay(rules: Rules, session: CampSession | None, now: datetime) -> bool:
    """Decide whether a container that runs may go on running.

    `session` is as for `admit`; None means that its time has not begun to run, which
    is for the caller to mend. Outside the opening window nobody may stay.
    """
    if rules.opens is not None and now < rules.opens:
        return False
    if rules.closes is not None and now >= rules.closes:
        return False
    return session is None or not expired(rules, session, now)
