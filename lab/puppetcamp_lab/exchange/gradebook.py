"""What the exchange reads of nbgrader's gradebook: due dates and scores."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import make_url

from puppetcamp_lab.names import name_after_account


def duedate(coursedir: Any, exercise: str) -> datetime | None:
    """Give the due date of an exercise, timezone-aware; None without one."""
    with _opened(coursedir) as gradebook:
        if gradebook is None:
            return None
        try:
            naive = gradebook.find_assignment(exercise).duedate
        except MissingEntry:
            return None
        return _utc(naive) if naive else None


def score(
    coursedir: Any, exercise: str, attendee: str, submitted_at: datetime
) -> tuple[float, float] | None:
    """Give the score of one submission and the highest possible one.

    The late penalty is taken off, as in nbgrader's export. None unless the submission
    that the gradebook knows is the one of that time.
    """
    with _opened(coursedir) as gradebook:
        if gradebook is None:
            return None
        try:
            graded = gradebook.find_submission(exercise, attendee)
        except MissingEntry:
            return None
        if graded.timestamp is None or _utc(graded.timestamp) != submitted_at:
            return None
        points = max(0.0, graded.score - graded.late_submission_penalty)
        return float(points), float(graded.max_score)


def name_attendees(coursedir: Any, attendees: Iterable[str]) -> None:
    """Let nbgrader's pages call attendees by their accounts instead of "None, None"."""
    with _opened(coursedir) as gradebook:
        if gradebook is not None:
            for attendee in attendees:
                name_after_account(gradebook, attendee)


@contextmanager
def _opened(coursedir: Any) -> Iterator[Any]:
    """Open the gradebook of a course; None where there is none, and none is made."""
    file = make_url(coursedir.db_url).database
    if coursedir.db_url.startswith("sqlite") and not Path(file or "").is_file():
        yield None
        return
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        yield gradebook


def _utc(naive: datetime) -> datetime:
    """Mark a moment of the gradebook, which keeps UTC without saying so."""
    return naive.replace(tzinfo=UTC)
