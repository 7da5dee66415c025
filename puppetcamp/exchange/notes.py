"""Tell an attendee what is remarkable about their submission, in sentences."""

from datetime import timedelta

from puppetcamp.exchange.records import Release, Submission, late_by
from puppetcamp.quantities import in_words

_DAY = timedelta(days=1)


def notes(submission: Submission, release: Release) -> list[str]:
    """Say what a stored submission is: late, a repetition, or incomplete."""
    said = []
    late = late_by(submission.submitted_at, release.due_at)
    if late is not None:
        said.append(
            f"This is {how_long(late)} late. It is stored all the same, and your "
            "instructor sees when it came."
        )
    if submission.same_as is not None:
        said.append(
            f"Nothing has changed since version {submission.same_as}; it is kept as "
            f"version {submission.version} all the same."
        )
    for name in release.notebooks:
        if name not in submission.notebooks:
            said.append(f"{name}.ipynb is missing and gets no points.")
    return said


def how_long(duration: timedelta) -> str:
    """Say a duration as roughly as its length allows."""
    if duration >= 2 * _DAY:
        return f"{duration // _DAY} days"
    if duration >= timedelta(minutes=2):
        duration -= duration % timedelta(minutes=1)
    return in_words(duration)
