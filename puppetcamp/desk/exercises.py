"""How everybody stands with the exercises: one query set for the whole class."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from puppetcamp.exchange.models import FeedbackRow, SubmissionRow
from puppetcamp.exchange.queries import latest_releases


@dataclass(frozen=True)
class Handed:
    """Tell that an attendee submitted an exercise, and the score of it, if any.

    `graded` means that there is feedback on the latest submission.
    """

    graded: bool
    score: float | None
    max_score: float | None


@dataclass(frozen=True)
class ClassWork:
    """Hold the names of released exercises, and what was submitted of any exercise.

    `handed` is by attendee, then by exercise.
    """

    released: tuple[str, ...] = ()
    handed: dict[str, dict[str, Handed]] | None = None

    def of(self, attendee: str) -> dict[str, Handed]:
        """Return what an attendee submitted."""
        return (self.handed or {}).get(attendee, {})


def class_work(engine: Engine, course: str) -> ClassWork:
    """Read what was released and what was submitted in a course."""
    latest = (
        select(func.max(SubmissionRow.number))
        .where(SubmissionRow.course == course)
        .group_by(SubmissionRow.attendee, SubmissionRow.exercise)
    )
    given = (
        select(func.max(FeedbackRow.number))
        .join(SubmissionRow, FeedbackRow.submission == SubmissionRow.archive)
        .where(SubmissionRow.number.in_(latest))
        .group_by(FeedbackRow.submission)
    )
    submitted = (
        select(
            SubmissionRow.attendee,
            SubmissionRow.exercise,
            FeedbackRow.number,
            FeedbackRow.score,
            FeedbackRow.max_score,
        )
        .outerjoin(
            FeedbackRow,
            (FeedbackRow.submission == SubmissionRow.archive)
            & FeedbackRow.number.in_(given),
        )
        .where(SubmissionRow.number.in_(latest))
    )
    handed: dict[str, dict[str, Handed]] = {}
    with Session(engine) as db:
        for attendee, exercise, number, score, most in db.execute(submitted):
            one = Handed(number is not None, score, most)
            handed.setdefault(attendee, {})[exercise] = one
        latest_rows = db.scalars(latest_releases(course, withdrawn=False))
        released = tuple(row.exercise for row in latest_rows)
    return ClassWork(released, handed)
