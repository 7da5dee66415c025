"""Consent: whether a member of staff may open an attendee's server, and until when.

Staff ask, the attendee answers, and what was agreed to ends by itself. The hub holds
the door: while this table says *agreed*, its share of that one server stands.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment

ASKED = timedelta(minutes=15)
"""How long a question stands."""

AGREED = timedelta(hours=1)
"""How long an agreement stands."""


class ConsentState(StrEnum):
    """Name what became of a question; the last two are its end."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    ENDED = "ended"


OPEN = (ConsentState.ASKED, ConsentState.AGREED)


class ConsentRow(Base):
    """One question to one attendee and what became of it."""

    __tablename__ = "desk_consent"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    attendee: Mapped[str] = mapped_column(String(255), index=True)
    staff: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16), index=True)
    asked: Mapped[datetime] = mapped_column(Moment)
    ends: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Consent:
    """Hold a question or an agreement."""

    id: int
    attendee: str
    staff: str
    state: ConsentState
    ends: datetime


class Consents:
    """Ask, answer, and find what stands."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, attendee: str, staff: str, now: datetime) -> Consent:
        """Ask an attendee, unless that was asked or agreed already."""
        for known in self.standing(now, attendee):
            if known.staff == staff:
                return known
        row = ConsentRow(
            attendee=attendee,
            staff=staff,
            state=ConsentState.ASKED,
            asked=now,
            ends=now + ASKED,
        )
        with Session(self._engine) as db, db.begin():
            db.add(row)
            db.flush()
            return _consent(row)

    def standing(self, now: datetime, attendee: str | None = None) -> list[Consent]:
        """List the questions and agreements that stand, of one attendee or of all."""
        query = _open().where(ConsentRow.ends > now)
        if attendee is not None:
            query = query.where(ConsentRow.attendee == attendee)
        with Session(self._engine) as db:
            return [_consent(row) for row in db.scalars(query)]

    def lapsed(self, now: datetime) -> list[Consent]:
        """List what has ended by itself and is not yet marked as ended."""
        with Session(self._engine) as db:
            found = db.scalars(_open().where(ConsentRow.ends <= now))
            return [_consent(row) for row in found]

    def change(
        self, consent: int, attendee: str, state: ConsentState, now: datetime
    ) -> Consent | None:
        """Give an attendee's answer, or end what stands; None if nothing stands."""
        query = _open().where(ConsentRow.id == consent, ConsentRow.attendee == attendee)
        with Session(self._engine) as db, db.begin():
            row = db.scalar(query)
            if row is None or (state is ConsentState.AGREED and row.ends <= now):
                return None
            row.state = state
            if state is ConsentState.AGREED:
                row.ends = now + AGREED
            return _consent(row)


def _open() -> Select[ConsentRow]:
    return select(ConsentRow).where(ConsentRow.state.in_(OPEN)).order_by(ConsentRow.id)


def _consent(row: ConsentRow) -> Consent:
    return Consent(row.id, row.attendee, row.staff, ConsentState(row.state), row.ends)
