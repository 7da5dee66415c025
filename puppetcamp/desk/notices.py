"""Notices: what the desk tells attendees on their screens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment

KEPT = timedelta(hours=2)
"""How long a notice is shown to whoever has not seen it."""

SHOWN = 20
"""How many notices an attendee is shown at most, the newest."""


class NoticeRow(Base):
    """One notice for one attendee, or for all if `attendee` is empty."""

    __tablename__ = "desk_notice"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    sender: Mapped[str] = mapped_column(String(255))
    attendee: Mapped[str | None] = mapped_column(String(255), index=True)
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(255))


@dataclass(frozen=True)
class Notice:
    """Hold a notice; `link` is a path of the camp where something is to be answered."""

    id: int
    text: str
    sender: str
    at: datetime
    link: str | None = None


class Notices:
    """Write notices and find those of an attendee."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        at: datetime,
        sender: str,
        text: str,
        attendees: Iterable[str] | None = None,
        link: str | None = None,
    ) -> None:
        """Leave a notice for attendees; None means for all, now and in two hours."""
        whom: Sequence[str | None] = [None] if attendees is None else list(attendees)
        with Session(self._engine) as db, db.begin():
            db.add_all(
                NoticeRow(at=at, sender=sender, attendee=name, text=text, link=link)
                for name in whom
            )

    def of(self, attendee: str, now: datetime) -> list[Notice]:
        """List an attendee's notices of the last while, oldest first."""
        query = (
            select(NoticeRow)
            .where(NoticeRow.at > now - KEPT)
            .where(or_(NoticeRow.attendee == attendee, NoticeRow.attendee.is_(None)))
            .order_by(NoticeRow.id.desc())
            .limit(SHOWN)
        )
        with Session(self._engine) as db:
            found = [
                Notice(row.id, row.text, row.sender, row.at, row.link)
                for row in db.scalars(query)
            ]
        return found[::-1]
