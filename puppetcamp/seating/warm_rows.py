"""The tables of warm seats: which there are, and how many there shall be."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from puppetcamp.database import Base, Moment

MAKING = "making"
READY = "ready"
CLAIMED = "claimed"
BROKEN = "broken"
"""Taken out of use: whoever keeps the pool removes its container and the row."""


class WarmSeatRow(Base):
    """One warm seat, from the decision to make it until it is somebody's or gone."""

    __tablename__ = "warm_seat"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    attendee: Mapped[str | None] = mapped_column(String(255))
    """For whom it is kept, or was taken; None means: for whoever comes."""
    state: Mapped[str] = mapped_column(String(16), index=True)
    secret: Mapped[str] = mapped_column(String(64))
    volume: Mapped[str] = mapped_column(String(255))
    container: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    made: Mapped[datetime] = mapped_column(Moment)
    claimed: Mapped[datetime | None] = mapped_column(Moment)


class WarmTargetRow(Base):
    """How many warm seats there shall be; one row."""

    __tablename__ = "warm_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_ins: Mapped[int]
    roster: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(Moment)
    configured: Mapped[str] = mapped_column(String(64))
    """A digest of what camp.toml said then: a change of it counts anew."""
