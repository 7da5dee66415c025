"""Collect submissions for grading."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

from nbgrader.exchange.abc import ExchangeCollect as ABCCollect

from puppetcamp_lab.archive import ArchiveError
from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.exchange.base import Exchange, unpacked, wanted
from puppetcamp_lab.exchange.gradebook import duedate, name_attendees
from puppetcamp_lab.exchange.remote import Submission

TIMESTAMP = "timestamp.txt"
SUBMISSION = "submission_id.txt"
"""Names the submission that a folder holds. nbgrader copies it along into the folders
of autograded work and of feedback, so that feedback finds the version it is about."""


class ExchangeCollect(Exchange, ABCCollect):
    """Get one submission of every attendee from the camp's service.

    ``update`` and ``before_duedate`` choose as nbgrader's own collect does: the last
    one, or the last one in time; what was collected before is only replaced by a
    newer one with ``update``, or by another one with ``before_duedate``.
    """

    update: bool
    before_duedate: bool
    chosen: list[Submission]

    def init_src(self) -> None:
        """Choose a submission of every attendee."""
        pattern = self.coursedir.student_id
        by_attendee: dict[str, list[Submission]] = {}
        for submission in self.remote.submissions(self.exercise):
            if wanted(pattern, submission.attendee):
                by_attendee.setdefault(submission.attendee, []).append(submission)
        due_at = duedate(self.coursedir, self.exercise) if self.before_duedate else None
        self.chosen = [choose(found, due_at) for found in by_attendee.values()]

    def copy_files(self) -> None:
        """Collect what is to be collected; one failure does not stop the others."""
        if not self.chosen:
            self.log.warning(
                "No submissions of '%s' for course '%s' to collect",
                self.exercise,
                self.course,
            )
        failed = []
        for submission in self.chosen:
            try:
                self._collect(submission)
            except (ServiceError, ArchiveError, OSError) as error:
                self.log.error("%s: %s", submission.attendee, error)
                failed.append(submission.attendee)
        collected = {submission.attendee for submission in self.chosen} - {*failed}
        name_attendees(self.coursedir, sorted(collected))
        if failed:
            self.fail(f"Not collected, see above: {', '.join(failed)}. Collect again.")

    def _collect(self, submission: Submission) -> None:
        attendee = submission.attendee
        if attendee.startswith(".") or "/" in attendee:
            message = f"{attendee!r} cannot be the name of a folder"
            raise ServiceError(message)
        place = Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, attendee, self.exercise
            )
        )
        there = place.is_dir()
        if there and not self._replaces(submission, place):
            self.log.info(
                "No newer submission to collect: %s %s"
                if self.update
                else "Submission already exists, use --update to update: %s %s",
                attendee,
                self.exercise,
            )
            return
        self.log.info(
            "Updating submission: %s %s" if there else "Collecting submission: %s %s",
            attendee,
            self.exercise,
        )
        packed = self.remote.fetch_submission(submission.submission)
        with unpacked(packed, place) as folder:
            write_over(folder / TIMESTAMP, utc_timestamp(submission.submitted_at))
            write_over(folder / SUBMISSION, submission.submission)
            if there:
                # Both renames stay in one file system; the old one goes with scratch.
                place.rename(folder.parent / "replaced")
            folder.rename(place)

    def _replaces(self, submission: Submission, place: Path) -> bool:
        """Tell whether a submission takes the place of what was collected before."""
        collected = self.coursedir.get_existing_timestamp(str(place))
        moment = submission.submitted_at.astimezone(UTC).replace(tzinfo=None)
        if self.update and (collected is None or moment > collected):
            return True
        return self.before_duedate and bool(collected != moment)


def choose(submissions: list[Submission], due_at: datetime | None) -> Submission:
    """Choose one attendee's last submission, or their last one in time if there is any.

    `submissions` is not empty and in order, oldest first.
    """
    in_time = [
        submission
        for submission in submissions
        if due_at is not None and submission.submitted_at <= due_at
    ]
    return (in_time or submissions)[-1]


def utc_timestamp(moment: datetime) -> str:
    """Write a moment as nbgrader reads it back, to the microsecond.

    Always in UTC: nbgrader does not understand most abbreviations of time zones.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def write_over(path: Path, content: str) -> None:
    """Write a file in place of whatever the attendee has sent under its name."""
    if path.is_dir():
        rmtree(path)
    path.unlink(missing_ok=True)
    path.write_text(content)
