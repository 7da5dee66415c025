"""The tables of grading: one row per job, and who asked for which."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from puppetcamp.database import Base, Moment


class JobRow(Base):
    """One grading of one notebook; the latest row of a key counts.

    `task` and `result` are compressed JSON. The task goes when the job is finished.
    """

    __tablename__ = "grading_job"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    exercise: Mapped[str] = mapped_column(String(64))
    attendee: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(8), index=True)
    urgent: Mapped[bool]
    """Somebody waits for this very job."""
    starts: Mapped[int]
    task: Mapped[bytes | None] = mapped_column(LargeBinary)
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    flags: Mapped[list[str] | None] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[int | None]
    """The HTTP status that goes with the reason of a failure."""
    seconds: Mapped[float | None]
    queued_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class BatchRow(Base):
    """One job of one batch; several instructors may wait for the same job."""

    __tablename__ = "grading_batch"

    batch: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(
        ForeignKey("grading_job.number", ondelete="CASCADE"), primary_key=True
    )
