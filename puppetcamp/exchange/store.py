"""Keep releases, submissions and feedback; every version of each stays.

Knows nothing of HTTP, of roles or of the clock: who asks is decided by the caller, and
`now` is passed in, timezone-aware.
"""

from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.orm import Session

from puppetcamp.errors import ExchangeError
from puppetcamp.exchange import queries
from puppetcamp.exchange.archive import feedback_pages
from puppetcamp.exchange.models import FeedbackRow, ReleaseRow, SubmissionRow
from puppetcamp.exchange.notebooks import require_notebooks
from puppetcamp.exchange.records import Release, Standing, Submission
from puppetcamp.exchange.shelf import Kind, Shelf


class NotStoredError(ExchangeError):
    """Report that there is no such release, submission or feedback."""


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
        self,
        course: str,
        exercise: str,
        packed: IO[bytes],
        now: datetime,
        due_at: datetime | None = None,
    ) -> Release:
        """Add a version of an exercise; attendees get it from now on.

        Its due date is the exercise's from now on, for earlier submissions as well.
        Raises ArchiveRefusedError for an archive that `inspect` refuses, without a
        notebook or with a broken one.
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
                        due_at=due_at,
                        sha256=kept.sha256,
                        notebooks=list(notebooks),
                    )
                )
        return self.released(course, exercise)

    def due_at(self, course: str, exercise: str) -> datetime | None:
        """Give the due date of an exercise, withdrawn or not; None without one."""
        row = self._latest(course, exercise)
        return None if row is None else row.due_at

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
            rows = session.scalars(queries.latest_releases(course, withdrawn=False))
            return [queries.as_release(self._shelf, row) for row in rows]

    def released(self, course: str, exercise: str) -> Release:
        """Find a released exercise; raises NotStoredError."""
        row = self._latest(course, exercise)
        if row is None:
            message = f"The exercise {exercise} of {course} is not released."
            raise NotStoredError(message)
        if row.withdrawn_at is not None:
            message = (
                f"The exercise {exercise} of {course} was withdrawn by an instructor. "
                "What was submitted before that is kept."
            )
            raise NotStoredError(message)
        return queries.as_release(self._shelf, row)

    def submit(
        self,
        course: str,
        exercise: str,
        attendee: str,
        packed: IO[bytes],
        now: datetime,
    ) -> Submission:
        """Add a submission of an attendee; earlier ones stay, even the same ones.

        Raises NotStoredError unless the exercise is released, and ArchiveRefusedError
        for an archive that `inspect` refuses, without a notebook, or in which a
        notebook of the exercise is broken.
        """
        graded = self.released(course, exercise).notebooks
        notebooks = require_notebooks(packed, graded)
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
            return queries.submissions(session, self._shelf, wanted)

    def submission(self, submission: str) -> Submission:
        """Find one submission; raises NotStoredError."""
        with Session(self._engine) as session:
            found = queries.submission(session, self._shelf, submission)
        if found is None:
            raise NotStoredError(no_submission(submission))
        return found

    def standing(self, course: str, attendee: str) -> list[Standing]:
        """Say how an attendee stands with every exercise, by name.

        Withdrawn exercises are there if they were submitted.
        """
        submitted: dict[str, list[Submission]] = {}
        for submission in self.submissions(course, attendee=attendee):
            submitted.setdefault(submission.exercise, []).append(submission)
        with Session(self._engine) as session:
            rows = session.scalars(queries.latest_releases(course, withdrawn=True))
            return [
                Standing(
                    queries.as_release(self._shelf, row),
                    tuple(submitted.get(row.exercise, ())),
                )
                for row in rows
                if row.withdrawn_at is None or row.exercise in submitted
            ]

    def give_feedback(
        self,
        submission: str,
        packed: IO[bytes],
        now: datetime,
        score: tuple[float, float] | None = None,
    ) -> Submission:
        """Give feedback on a submission in place of any earlier one.

        The archive holds one ``<notebook>.html`` for notebooks of the submission;
        `score` is the score and the highest possible one.
        Raises NotStoredError, and ArchiveRefusedError for any other archive.
        """
        known = self.submission(submission).notebooks
        checksums = feedback_pages(packed, known)
        points, most = score or (None, None)
        with self._shelf.keeping(Kind.FEEDBACK, packed) as kept:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(FeedbackRow).values(
                        archive=kept.archive,
                        submission=submission,
                        given_at=now,
                        checksums=checksums,
                        score=points,
                        max_score=most,
                    )
                )
        return self.submission(submission)

    def feedback(self, submission: str) -> Path:
        """Give the archive of the latest feedback; raises NotStoredError."""
        with Session(self._engine) as session:
            row = queries.latest_feedback(session, submission)
        if row is None:
            message = f"There is no feedback on the submission {submission} yet."
            raise NotStoredError(message)
        return self._shelf.path(Kind.FEEDBACK, row.archive)

    def _latest(self, course: str, exercise: str) -> ReleaseRow | None:
        with Session(self._engine) as session:
            return session.scalar(
                queries.latest_releases(course, withdrawn=True).where(
                    ReleaseRow.exercise == exercise
                )
            )


def no_submission(submission: str) -> str:
    """Say that there is none, in the same words to whoever may not see it."""
    return f"There is no submission {submission}."
