"""The ledger: when each attendee's time began, in a table that outlives everything.

It knows nothing of containers: they, the hub and the machine may restart as they like.
An opening window is told by its opening time. Within a window the first `begin` of an
attendee wins, and nothing here can move it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment
from puppetcamp.errors import SessionError
from puppetcamp.sessions.policy import CampSession

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for an opening window without a beginning: NULLs would not be unique."""


class CampSessionRow(Base):
    """One attendee's time in one opening window."""

    __tablename__ = "camp_session"
    __table_args__ = (UniqueConstraint("attendee", "opens"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee: Mapped[str] = mapped_column(String(64), index=True)
    opens: Mapped[datetime] = mapped_column(Moment)
    started: Mapped[datetime] = mapped_column(Moment)


class Ledger:
    """Read and write camp sessions; safe to use from several threads and processes.

    Every method raises SessionError if the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self, attendee: str, now: datetime, opens: datetime | None = None
    ) -> CampSession:
        """Begin an attendee's time, unless it has begun in this window already.

        Returns the session that counts. Raises SessionError before `opens`.
        """
        if opens is not None and now < opens:
            message = f"{attendee}'s time cannot begin before the camp opens at {opens}"
            raise SessionError(message)
        known = self.current(attendee, opens)
        if known is not None:
            return known
        row = CampSessionRow(attendee=attendee, opens=opens or _ALWAYS, started=now)
        try:
            with self._transaction() as db:
                db.add(row)
        except IntegrityError:  # somebody else was quicker, and theirs counts
            known = self.current(attendee, opens)
            if known is not None:
                return known
            raise
        return CampSession(attendee, now)

    def current(self, attendee: str, opens: datetime | None) -> CampSession | None:
        """Find an attendee's session of the window that opened at `opens`.

        If the organizer moved the opening so that several sessions fall into the
        window, the latest counts.
        """
        query = (
            select(CampSessionRow)
            .where(CampSessionRow.attendee == attendee)
            .where(CampSessionRow.started >= (opens or _ALWAYS))
            .order_by(CampSessionRow.started.desc())
            .limit(1)
        )
        with self._transaction() as db:
            row = db.scalar(query)
            return None if row is None else CampSession(row.attendee, row.started)

    def sessions(self, opens: datetime | None) -> list[CampSession]:
        """List the session of every attendee of a window, by name."""
        query = (
            select(CampSessionRow.attendee, func.max(CampSessionRow.started))
            .where(CampSessionRow.started >= (opens or _ALWAYS))
            .group_by(CampSessionRow.attendee)
            .order_by(CampSessionRow.attendee)
        )
        with self._transaction() as db:
            return [CampSession(name, started) for name, started in db.execute(query)]

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as db, db.begin():
                yield db
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            message = (
                f"the camp's ledger cannot be used: {error}; "
                "look at the disk and the rights of the state volume"
            )
            raise SessionError(message) from error
