"""The table of take-home: one row for each bundle that was asked for."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from puppetcamp.database import Base, Moment


class BundleRow(Base):
    """One bundle of one attendee; the latest ready one can be downloaded."""

    __tablename__ = "take_home"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    attendee: Mapped[str] = mapped_column(String(255), index=True)
    state: Mapped[str] = mapped_column(String(8), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    by_attendee: Mapped[bool]
    """They asked for it themselves; their seat may be running."""
    not_before: Mapped[datetime] = mapped_column(Moment)
    starts: Mapped[int]
    plain: Mapped[bool]
    """Something in the home made pages and manifests impossible."""
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds: Mapped[float | None]
    file: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    why: Mapped[str | None] = mapped_column(Text)
    """Why there is none; a sentence for the attendee."""
