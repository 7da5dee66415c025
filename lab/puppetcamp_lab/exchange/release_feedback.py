"""Release feedback on submissions."""

import re
from glob import glob
from pathlib import Path

from nbgrader.exchange.abc import ExchangeReleaseFeedback as ABCReleaseFeedback

from puppetcamp_lab.archive import ArchiveError, pack_files
from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.exchange.base import Exchange
from puppetcamp_lab.exchange.collect import SUBMISSION
from puppetcamp_lab.exchange.gradebook import score
from puppetcamp_lab.exchange.remote import Submission


class ExchangeReleaseFeedback(Exchange, ABCReleaseFeedback):
    """Send pages of feedback to the submissions that they are about."""

    def copy_files(self) -> None:
        """Release what was generated; one failure does not stop the others."""
        submissions = {
            found.submission: found for found in self.remote.submissions(self.exercise)
        }
        folders = self._folders()
        if not folders:
            self.log.warning(
                "There is no feedback on %s yet: generate it first.", self.exercise
            )
        failed = []
        for attendee, folder in folders.items():
            try:
                self._release(attendee, folder, submissions)
            except (ServiceError, ArchiveError, OSError) as error:
                self.log.error("%s: %s", attendee, error)
                failed.append(attendee)
        if failed:
            self.fail(f"Feedback not released, see above: {', '.join(failed)}.")

    def _folders(self) -> dict[str, Path]:
        """Find folders of feedback by attendee, as the settings select them."""
        excluded = self.coursedir.student_id_exclude.split(",")
        feedback = self.coursedir.feedback_directory
        where = self.coursedir.format_path
        pattern = where(feedback, self.coursedir.student_id or "*", self.exercise)
        name = where(feedback, "(?P<attendee>[^/]+)", self.exercise, escape=True)
        folders = sorted(glob(pattern))  # noqa: PTH207 the pattern is a whole path
        matches = (re.fullmatch(name, folder) for folder in folders)
        return {
            match["attendee"]: Path(match.string)
            for match in matches
            if match and match["attendee"] not in excluded
        }

    def _release(
        self, attendee: str, folder: Path, submissions: dict[str, Submission]
    ) -> None:
        record = folder / SUBMISSION
        known = record.read_text().strip() if record.is_file() else ""
        submission = submissions.get(known)
        if submission is None or submission.attendee != attendee:
            message = (
                f"{record} does not name a submission of {attendee}; collect, "
                "autograde and generate the feedback again"
            )
            raise ServiceError(message)
        # Only pages that nbgrader made: attendees may have sent .html files as well.
        pages = [folder / f"{name}.html" for name in submission.notebooks]
        pages = [page for page in pages if page.is_file()]
        if not pages:
            message = f"{folder} holds no page of feedback; generate it again"
            raise ServiceError(message)
        points = score(self.coursedir, self.exercise, attendee, submission.submitted_at)
        if points is None:
            self.log.warning(
                "%s: the gradebook has no score of the submission that this feedback "
                "is about, so none is released. Generate the feedback again.",
                attendee,
            )
        self.remote.give_feedback(submission.submission, pack_files(pages), points)
        self.log.info(
            "Releasing feedback for student '%s' on assignment '%s/%s' (%s)",
            attendee,
            self.course,
            self.exercise,
            self.local_time(submission.submitted_at),
        )
