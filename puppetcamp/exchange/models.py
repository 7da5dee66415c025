"""The exchange's tables: one row says that an archive is there and what it is.

An archive without its row does not exist for anyone. Columns that came later may be
empty: `puppetcamp.database.create_tables` adds them to the tables of an older camp.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from puppetcamp.database import Base, Moment

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
"""Names of courses and exercises: safe as a folder's name everywhere."""


class ReleaseRow(Base):
    """One released version of an exercise; the highest version is the current one."""

    __tablename__ = "exchange_release"
    __table_args__ = (UniqueConstraint("course", "exercise", "version"),)

    archive: Mapped[str] = mapped_column(String(32), primary_key=True)
    course: Mapped[str] = mapped_column(String(64), index=True)
    exercise: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    notebooks: Mapped[list[str]] = mapped_column(JSON)


class SubmissionRow(Base):
    """One submission; rows are only ever added."""

    __tablename__ = "exchange_submission"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    archive: Mapped[str] = mapped_column(String(32), unique=True)
    course: Mapped[str] = mapped_column(String(64), index=True)
    exercise: Mapped[str] = mapped_column(String(64))
    attendee: Mapped[str] = mapped_column(String(255), index=True)
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    notebooks: Mapped[list[str]] = mapped_column(JSON)


class FeedbackRow(Base):
    """Feedback on one submission; the latest row of a submission counts."""

    __tablename__ = "exchange_feedback"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    archive: Mapped[str] = mapped_column(String(32), unique=True)
    submission: Mapped[str] = mapped_column(
        ForeignKey("exchange_submission.archive"), index=True
    )
    given_at: Mapped[datetime] = mapped_column(Moment)
    checksums: Mapped[dict[str, str]] = mapped_column(JSON)
    """SHA-256 of every page, by the name of its notebook."""
    score: Mapped[float | None]
    max_score: Mapped[float | None]
