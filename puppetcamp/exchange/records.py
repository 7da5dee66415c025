"""What the exchange knows, as plain data: releases, submissions, feedback."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Release:
    """Describe the current version of an exercise; withdrawn ones are not listed."""

    course: str
    exercise: str
    version: int
    released_at: datetime
    due_at: datetime | None
    withdrawn_at: datetime | None
    notebooks: tuple[str, ...]
    archive: Path


@dataclass(frozen=True)
class Feedback:
    """Describe the latest feedback on a submission.

    `checksums` maps notebooks to SHA-256 of their pages; a score comes with the highest
    possible one or not at all.
    """

    given_at: datetime
    checksums: dict[str, str]
    score: float | None
    max_score: float | None


@dataclass(frozen=True)
class Submission:
    """Describe a submission.

    `version` counts the attendee's submissions of this exercise, from 1; `same_as` is
    the version before if its archive holds the same bytes, else None.
    """

    submission: str
    course: str
    exercise: str
    attendee: str
    version: int
    same_as: int | None
    submitted_at: datetime
    sha256: str
    notebooks: tuple[str, ...]
    feedback: Feedback | None
    archive: Path


@dataclass(frozen=True)
class Standing:
    """Say how an attendee stands with an exercise; submissions are oldest first."""

    release: Release
    submissions: tuple[Submission, ...]


def late_by(submitted_at: datetime, due_at: datetime | None) -> timedelta | None:
    """Give the time after the due date, None for what is in time."""
    if due_at is None or submitted_at <= due_at:
        return None
    return submitted_at - due_at
