"""Idle servers: nobody's is stopped without a warning that stood for a while.

The culler asks `Idleness.may_stop` about every server; what it decides stands in a
table, from which the attendee's screen takes the warning and to which "I'm still here"
goes back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment

WARNING = timedelta(minutes=5)
"""How long before the stop the warning comes, in a timeout that is long enough."""


REPORTED = timedelta(minutes=3)
"""How long a seat's own count of its rest stands without a new one."""

NOTED = timedelta(minutes=1)
"""How seldom a count that says nothing new is written down."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class IdleRow(Base):
    """What is known of one attendee's rest."""

    __tablename__ = "idle"

    attendee: Mapped[str] = mapped_column(String(255), primary_key=True)
    warned: Mapped[datetime | None] = mapped_column(Moment)
    present: Mapped[datetime | None] = mapped_column(Moment)
    active: Mapped[datetime | None] = mapped_column(Moment)
    reported: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Rest:
    """Hold what is known of somebody's rest.

    `warned` is when they were warned, if the warning stands; `present` when they last
    said that they are here; `active` when they last did something by their seat's own
    count, which was `reported` then.
    """

    warned: datetime | None = None
    present: datetime | None = None
    active: datetime | None = None
    reported: datetime | None = None


def warning_of(timeout: timedelta) -> timedelta:
    """Compute how long before the stop the warning comes."""
    return min(WARNING, timeout / 4)


def rest(inactive: timedelta, known: Rest, now: datetime) -> timedelta:
    """Compute how long nothing was heard: no activity and no "I'm still here".

    `inactive` is the hub's figure. An open page asks for news all the time, and the
    proxy takes that for activity, so the seat's own count is preferred while it is
    young.
    """
    if known.reported and known.active and now - known.reported < REPORTED:
        inactive = max(timedelta(0), now - known.active)
    if known.present is None:
        return inactive
    return min(inactive, max(timedelta(0), now - known.present))


def decide(
    inactive: timedelta, timeout: timedelta, known: Rest, now: datetime
) -> tuple[bool, datetime | None]:
    """Decide whether a server may be stopped, and since when its owner is warned.

    No stop comes without the time of the warning in full, even if the culler slept.
    """
    still = rest(inactive, known, now)
    notice = warning_of(timeout)
    if still < timeout - notice:
        return False, None
    warned = known.warned or now
    return still >= timeout and now - warned >= notice, warned


class Idleness:
    """Warn, hear, and say what may be stopped; `timeout` is camp.toml's.

    Safe to use from several threads and processes.
    """

    def __init__(self, engine: Engine, timeout: timedelta) -> None:
        self._engine = engine
        self._timeout = timeout
        self._every = min(NOTED, timeout / 12)
        self._noted: dict[str, tuple[datetime, datetime]] = {}

    def may_stop(self, attendee: str, inactive: timedelta, now: datetime) -> bool:
        """Answer the culler, and warn the attendee or take the warning back."""
        with Session(self._engine) as db, db.begin():
            row = db.get(IdleRow, attendee)
            stop, warned = decide(inactive, self._timeout, _rest(row), now)
            if stop:
                warned = None
            if row is None and warned is not None:
                db.add(IdleRow(attendee=attendee, warned=warned))
            elif row is not None and row.warned != warned:
                row.warned = warned
            return stop

    def quiet(self, attendee: str, now: datetime, seconds: float) -> None:
        """Hear a seat's own count of its rest; written down when it matters."""
        active = now - timedelta(seconds=seconds)
        before, active_before = self._noted.get(attendee, (_NEVER, _NEVER))
        if now - before < self._every and active - active_before < self._every:
            return
        with Session(self._engine) as db, db.begin():
            row = db.get(IdleRow, attendee)
            if row is None:
                row = IdleRow(attendee=attendee)
                db.add(row)
            row.active, row.reported = active, now
            if now - active < self._timeout - warning_of(self._timeout):
                row.warned = None
        self._noted[attendee] = now, active

    def present(self, attendee: str, now: datetime) -> None:
        """Hear that somebody is there: the warning is taken back."""
        with Session(self._engine) as db, db.begin():
            row = db.get(IdleRow, attendee)
            if row is None:
                row = IdleRow(attendee=attendee)
                db.add(row)
            row.warned, row.present = None, now

    def ends_at(self, attendee: str, now: datetime) -> datetime | None:
        """Say when an attendee's server will be stopped, if they are being warned."""
        with Session(self._engine) as db:
            row = db.get(IdleRow, attendee)
        if row is None or row.warned is None:
            return None
        return max(now, row.warned + warning_of(self._timeout))

    def active(self, now: datetime) -> dict[str, datetime]:
        """Tell when attendees last did something, by those seats that say so."""
        query = select(IdleRow).where(IdleRow.reported > now - REPORTED)
        with Session(self._engine) as db:
            return {
                row.attendee: max(filter(None, (row.active, row.present)))
                for row in db.scalars(query)
            }


def _rest(row: IdleRow | None) -> Rest:
    if row is None:
        return Rest()
    return Rest(row.warned, row.present, row.active, row.reported)
