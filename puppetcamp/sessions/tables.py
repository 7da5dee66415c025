"""What the ledger remembers: facts, each with its moment and its author."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from puppetcamp.database import Base, Moment


class CampSessionRow(Base):
    """One camp session of an attendee.

    `follows` makes two begins at the same moment one: it is the opening of the window
    for the first session, and tells the session before for every later one.
    """

    __tablename__ = "camp_session"
    __table_args__ = (UniqueConstraint("attendee", "opens"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee: Mapped[str] = mapped_column(String(64), index=True)
    follows: Mapped[datetime] = mapped_column("opens", Moment)
    started: Mapped[datetime] = mapped_column(Moment)


class ExtensionRow(Base):
    """More time for one session; numbered, so that two at once are not miscounted."""

    __tablename__ = "extension"
    __table_args__ = (UniqueConstraint("session", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[int] = mapped_column(ForeignKey("camp_session.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    seconds: Mapped[float]
    by: Mapped[str] = mapped_column(String(64))


class EndingRow(Base):
    """The end of one session before its time."""

    __tablename__ = "ending"
    __table_args__ = (Index("ix_ending_session", "session"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[int] = mapped_column(ForeignKey("camp_session.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))


class PauseRow(Base):
    """A pause of the class clock; it lasts while `ends` is empty."""

    __tablename__ = "class_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[datetime] = mapped_column(Moment)
    ends: Mapped[datetime | None] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    resumed_by: Mapped[str | None] = mapped_column(String(64))


class DoorsRow(Base):
    """That the doors were opened or closed; without a row they are open."""

    __tablename__ = "doors"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    open: Mapped[bool]
    by: Mapped[str] = mapped_column(String(64))
