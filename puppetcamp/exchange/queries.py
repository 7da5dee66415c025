"""Read releases, submissions and feedback from the camp's database."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from puppetcamp.exchange.models import FeedbackRow, ReleaseRow, SubmissionRow
from puppetcamp.exchange.records import Feedback, Release, Submission
from puppetcamp.exchange.shelf import Kind, Shelf

_SERIES = (SubmissionRow.course, SubmissionRow.exercise, SubmissionRow.attendee)
"""What the versions of a submission are counted by."""


def latest_releases(course: str, *, withdrawn: bool) -> Select[ReleaseRow]:
    """Select the highest version of every exercise, with withdrawn ones or without."""
    highest = (
        select(ReleaseRow.exercise, func.max(ReleaseRow.version).label("version"))
        .where(ReleaseRow.course == course)
        .group_by(ReleaseRow.exercise)
        .subquery()
    )
    found = select(ReleaseRow).join(
        highest,
        (ReleaseRow.exercise == highest.c.exercise)
        & (ReleaseRow.version == highest.c.version),
    )
    found = found.where(ReleaseRow.course == course).order_by(ReleaseRow.exercise)
    return found if withdrawn else found.where(ReleaseRow.withdrawn_at.is_(None))


def submissions(
    session: Session, shelf: Shelf, wanted: ColumnElement[bool]
) -> list[Submission]:
    """List submissions, oldest first.

    `wanted` selects whole series of versions: it looks at course, exercise and attendee
    alone.
    """
    number = func.row_number()
    before = func.lag(SubmissionRow.sha256)
    found = session.execute(
        select(
            SubmissionRow,
            number.over(partition_by=_SERIES, order_by=SubmissionRow.number),
            before.over(partition_by=_SERIES, order_by=SubmissionRow.number),
        )
        .where(wanted)
        # Not by time: a clock may be set back.
        .order_by(SubmissionRow.number)
    ).all()
    given = session.scalars(
        select(FeedbackRow)
        .join(SubmissionRow, FeedbackRow.submission == SubmissionRow.archive)
        .where(wanted)
        .order_by(FeedbackRow.number)
    )
    latest = {row.submission: row for row in given}
    return [
        _submission(shelf, row, version, sha256, latest.get(row.archive))
        for row, version, sha256 in found
    ]


def submission(session: Session, shelf: Shelf, archive: str) -> Submission | None:
    """Find one submission."""
    row = session.scalar(select(SubmissionRow).where(SubmissionRow.archive == archive))
    if row is None:
        return None
    series = (
        (SubmissionRow.course == row.course)
        & (SubmissionRow.exercise == row.exercise)
        & (SubmissionRow.attendee == row.attendee)
    )
    found = submissions(session, shelf, series)
    return next(entry for entry in found if entry.submission == archive)


def latest_feedback(session: Session, submission: str) -> FeedbackRow | None:
    """Find the feedback on a submission that counts."""
    return session.scalar(
        select(FeedbackRow)
        .where(FeedbackRow.submission == submission)
        .order_by(FeedbackRow.number.desc())
        .limit(1)
    )


def as_release(shelf: Shelf, row: ReleaseRow) -> Release:
    """Turn a row into a record."""
    return Release(
        course=row.course,
        exercise=row.exercise,
        version=row.version,
        released_at=row.released_at,
        due_at=row.due_at,
        withdrawn_at=row.withdrawn_at,
        notebooks=tuple(row.notebooks),
        archive=shelf.path(Kind.RELEASE, row.archive),
    )


def _submission(
    shelf: Shelf,
    row: SubmissionRow,
    version: int,
    sha256_before: str | None,
    feedback: FeedbackRow | None,
) -> Submission:
    return Submission(
        submission=row.archive,
        course=row.course,
        exercise=row.exercise,
        attendee=row.attendee,
        version=version,
        same_as=version - 1 if sha256_before == row.sha256 else None,
        submitted_at=row.submitted_at,
        sha256=row.sha256,
        notebooks=tuple(row.notebooks),
        feedback=None if feedback is None else _feedback(feedback),
        archive=shelf.path(Kind.SUBMISSION, row.archive),
    )


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(row.given_at, dict(row.checksums), row.score, row.max_score)
