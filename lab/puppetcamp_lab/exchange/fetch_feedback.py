"""Fetch feedback on one's own submissions."""

import hashlib
from pathlib import Path

from nbgrader.exchange.abc import ExchangeFetchFeedback as ABCFetchFeedback

from puppetcamp_lab.exchange.base import ANYTHING, Exchange, unpacked
from puppetcamp_lab.exchange.remote import Submission


class ExchangeFetchFeedback(Exchange, ABCFetchFeedback):
    """Put pages into ``<exercise>/feedback/<time of submission>/<notebook>.html``."""

    def copy_files(self) -> None:
        """Fetch the feedback on all submissions of the exercise that is new here."""
        exercise = "" if self.exercise in ANYTHING else self.exercise
        remote = self.remote
        for submission in remote.submissions(exercise, self.me):
            when = self.local_time(submission.submitted_at)
            place = feedback_folder(self.folder(submission.exercise), when)
            if not submission.feedback:
                self.log.warning(
                    "Could not find feedback for '%s/%s' submitted at %s",
                    self.course,
                    submission.exercise,
                    when,
                )
            elif not is_fetched(submission, place):
                self._place(
                    submission, remote.fetch_feedback(submission.submission), place
                )
                self.log.info("Fetched feedback: %s", place)

    def _place(self, submission: Submission, packed: bytes, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        with unpacked(packed, place) as folder:
            for notebook in submission.feedback:
                page = f"{notebook}.html"
                (folder / page).replace(place / page)


def feedback_folder(exercise: Path, when: str) -> Path:
    """Give the folder of the feedback on a submission, where nbgrader's lists look."""
    return exercise / "feedback" / when


def is_fetched(submission: Submission, place: Path) -> bool:
    """Tell whether all feedback on a submission is there, in its latest version."""
    return all(
        checksum(place / f"{notebook}.html") == expected
        for notebook, expected in submission.feedback.items()
    )


def checksum(path: Path) -> str | None:
    """Give the SHA-256 of a file, None if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
