"""Keep releases, submissions and feedback; every version of each stays.

Knows nothing of HTTP, of roles or of the clock: who asks is decided by the caller, and
`now` is passed in, timezone-aware.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, Select, func, insert, select, update
from sqlalchemy.orm import Session

from puppetcamp.errors import ExchangeError
from puppetcamp.exchange.archive import feedback_pages, require_notebooks
from puppetcamp.exchange.models import FeedbackRow, ReleaseRow, SubmissionRow
from puppetcamp.exchange.shelf import Kind, Shelf


class NotStoredError(ExchangeError):
    """Report that there is no such release, submission or feedback."""


@dataclass(frozen=True)
class Release:
    """Describe the current version of a released exercise."""

    course: str
    exercise: str
    version: int
    released_at: datetime
    notebooks: tuple[str, ...]
    archive: Path


@dataclass(frozen=True)
class Submission:
    """Describe a submission; `feedback` maps notebooks to SHA-256 of their pages."""

    submission: str
    course: str
    exercise: str
    attendee: str
    submitted_at: datetime
    sha256: str
    notebooks: tuple[str, ...]
    feedback: dict[str, str]
    archive: Path


class ExchangeStore:
    """Keep archives below `root` and their rows in the camp's database.

    Whatever is listed can be read: an archive reaches its place on disk before its row
    is written. The tables are created by the engine's owner. Methods may be called
    from several threads; raises StorageFailedError when the disk does not take more.
    """

    def __init__(self, engine: Engine, root: Path) -> None:
        self._engine = engine
        self._shelf = Shelf(root)

    def discard_unfinished(self) -> None:
        """Remove what a crash left half written; call it once, before serving."""
        self._shelf.discard_unfinished()

    def release(
        self, course: str, exercise: str, packed: IO[bytes], now: datetime
    ) -> Release:
        """Add a version of an exercise; attendees get it from now on.

        Raises ArchiveRefusedError for an archive that `inspect` refuses or that holds
        no notebook.
        """
        notebooks = require_notebooks(packed)
        highest = select(func.coalesce(func.max(ReleaseRow.version), 0) + 1).where(
            ReleaseRow.course == course, ReleaseRow.exercise == exercise
        )
        with self._shelf.keeping(Kind.RELEASE, packed) as kept:
            with self._engine.begin() as connection:
                # One statement, so that two releases at once get two versions.
                connection.execute(
                    insert(ReleaseRow).values(
                        archive=kept.archive,
                        course=course,
                        exercise=exercise,
                        version=highest.scalar_subquery(),
                        released_at=now,
                        sha256=kept.sha256,
                        notebooks=list(notebooks),
                    )
                )
        return self.released(course, exercise)

    def withdraw(self, course: str, exercise: str, now: datetime) -> None:
        """Stop listing an exercise; its versions and submissions stay.

        Raises NotStoredError if it is not released.
        """
        self.released(course, exercise)
        with self._engine.begin() as connection:
            connection.execute(
                update(ReleaseRow)
                .where(
                    ReleaseRow.course == course,
                    ReleaseRow.exercise == exercise,
                    ReleaseRow.withdrawn_at.is_(None),
                )
                .values(withdrawn_at=now)
            )

    def exercises(self, course: str) -> list[Release]:
        """List the released exercises of a course, by name."""
        with Session(self._engine) as session:
            rows = session.scalars(_current(course).order_by(ReleaseRow.exercise))
            return [self._release(row) for row in rows]

    def released(self, course: str, exercise: str) -> Release:
        """Find a released exercise; raises NotStoredError."""
        with Session(self._engine) as session:
            row = session.scalar(
                _current(course).where(ReleaseRow.exercise == exercise)
            )
            if row is None:
                message = f"The exercise {exercise} of {course} is not released."
                raise NotStoredError(message)
            return self._release(row)

    def submit(
        self,
        course: str,
        exercise: str,
        attendee: str,
        packed: IO[bytes],
        now: datetime,
    ) -> Submission:
        """Add a submission of an attendee; earlier ones stay.

        Raises NotStoredError unless the exercise is released, and ArchiveRefusedError
        for an archive that `inspect` refuses or that holds no notebook.
        """
        self.released(course, exercise)
        notebooks = require_notebooks(packed)
        with self._shelf.keeping(Kind.SUBMISSION, packed) as kept:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(SubmissionRow).values(
                        archive=kept.archive,
                        course=course,
                        exercise=exercise,
                        attendee=attendee,
                        submitted_at=now,
                        sha256=kept.sha256,
                        notebooks=list(notebooks),
                    )
                )
        return self.submission(kept.archive)

    def submissions(
        self, course: str, exercise: str | None = None, attendee: str | None = None
    ) -> list[Submission]:
        """List the submissions of a course, oldest first; None means any."""
        wanted = SubmissionRow.course == course
        if exercise is not None:
            wanted &= SubmissionRow.exercise == exercise
        if attendee is not None:
            wanted &= SubmissionRow.attendee == attendee
        with Session(self._engine) as session:
            rows = session.scalars(
                select(SubmissionRow)
                .where(wanted)
                .order_by(SubmissionRow.submitted_at, SubmissionRow.number)
            ).all()
            given = session.scalars(
                select(FeedbackRow)
                .join(SubmissionRow, FeedbackRow.submission == SubmissionRow.archive)
                .where(wanted)
                .order_by(FeedbackRow.number)
            )
            latest = {row.submission: row for row in given}
            return [self._submission(row, latest.get(row.archive)) for row in rows]

    def submission(self, submission: str) -> Submission:
        """Find one submission; raises NotStoredError."""
        with Session(self._engine) as session:
            row = session.scalar(
                select(SubmissionRow).where(SubmissionRow.archive == submission)
            )
            if row is None:
                raise NotStoredError(no_submission(submission))
            return self._submission(row, _latest_feedback(session, submission))

    def give_feedback(
        self, submission: str, packed: IO[bytes], now: datetime
    ) -> Submission:
        """Give feedback on a submission in place of any earlier one.

        The archive holds one ``<notebook>.html`` for notebooks of the submission.
        Raises NotStoredError, and ArchiveRefusedError for any other archive.
        """
        known = self.submission(submission).notebooks
        checksums = feedback_pages(packed, known)
        with self._shelf.keeping(Kind.FEEDBACK, packed) as kept:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(FeedbackRow).values(
                        archive=kept.archive,
                        submission=submission,
                        given_at=now,
                        checksums=checksums,
                    )
                )
        return self.submission(submission)

    def feedback(self, submission: str) -> Path:
        """Give the archive of the latest feedback; raises NotStoredError."""
        with Session(self._engine) as session:
            row = _latest_feedback(session, submission)
            if row is None:
                message = f"There is no feedback on the submission {submission} yet."
                raise NotStoredError(message)
            return self._shelf.path(Kind.FEEDBACK, row.archive)

    def _release(self, row: ReleaseRow) -> Release:
        return Release(
            course=row.course,
            exercise=row.exercise,
            version=row.version,
            released_at=row.released_at,
            notebooks=tuple(row.notebooks),
            archive=self._shelf.path(Kind.RELEASE, row.archive),
        )

    def _submission(
        self, row: SubmissionRow, feedback: FeedbackRow | None
    ) -> Submission:
        return Submission(
            submission=row.archive,
            course=row.course,
            exercise=row.exercise,
            attendee=row.attendee,
            submitted_at=row.submitted_at,
            sha256=row.sha256,
            notebooks=tuple(row.notebooks),
            feedback=dict(feedback.checksums) if feedback else {},
            archive=self._shelf.path(Kind.SUBMISSION, row.archive),
        )


def no_submission(submission: str) -> str:
    """Say that there is none, in the same words to whoever may not see it."""
    return f"There is no submission {submission}."


def _current(course: str) -> Select[ReleaseRow]:
    """Select the highest version of every exercise that is not withdrawn."""
    highest = (
        select(ReleaseRow.exercise, func.max(ReleaseRow.version).label("version"))
        .where(ReleaseRow.course == course)
        .group_by(ReleaseRow.exercise)
        .subquery()
    )
    return (
        select(ReleaseRow)
        .join(
            highest,
            (ReleaseRow.exercise == highest.c.exercise)
            & (ReleaseRow.version == highest.c.version),
        )
        .where(ReleaseRow.course == course, ReleaseRow.withdrawn_at.is_(None))
    )


def _latest_feedback(session: Session, submission: str) -> FeedbackRow | None:
    return session.scalar(
        select(FeedbackRow)
        .where(FeedbackRow.submission == submission)
        .order_by(FeedbackRow.number.desc())
        .limit(1)
    )
