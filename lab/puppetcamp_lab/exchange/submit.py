"""Submit an exercise."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeSubmit as ABCSubmit
from rapidfuzz import process

from puppetcamp_lab.archive import pack
from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.exchange.base import ANYTHING, Exchange


class ExchangeSubmit(Exchange, ABCSubmit):
    """Send the attendee's folder to the camp's service.

    The service decides under which name and at which time it is submitted; nothing
    that is set in the attendee's seat changes that.
    """

    strict: bool
    src_path: Path

    def init_src(self) -> None:
        """Find the exercise's folder."""
        self.src_path = self.folder(self.exercise)
        self.coursedir.assignment_id = self.src_path.name
        if self.src_path.is_dir():
            return
        message = f"Assignment not found at: {self.src_path}."
        if (above := self.src_path.parent).is_dir():
            there = [path.name for path in above.iterdir() if path.is_dir()]
            if nearest := process.extractOne(self.exercise, there):
                message += f" Did you mean: {nearest[0]}?"
        self.fail(message)

    def copy_files(self) -> None:
        """Send it and say what the service made of it."""
        remote = self.remote
        released = {found.exercise: found.notebooks for found in remote.exercises()}
        if self.exercise not in released:
            message = f"The exercise {self.exercise} of {self.course} is not released."
            raise ServiceError(message, 404)
        self._compare(released[self.exercise])
        packed, left_out = pack(self.src_path, self.selection)
        for what in left_out:
            self.log.warning("Not submitted: %s", what)
        receipt = remote.submit(self.exercise, packed)
        if self.coursedir.student_id not in (*ANYTHING, receipt.attendee):
            self.log.warning(
                "Submitted as %s, not as %s: you submit under the name that you "
                "signed in with.",
                receipt.attendee,
                self.coursedir.student_id,
            )
        self.log.info(
            "Submitted as: %s %s %s",
            self.course,
            self.exercise,
            self.local_time(receipt.submitted_at),
        )

    def _compare(self, released: tuple[str, ...]) -> None:
        """Warn of notebooks that are missing or not asked for; strict: fail."""
        there = self.notebooks_in(self.src_path)
        missing = [name for name in released if name not in there]
        extra = [name for name in there if name not in released]
        if missing and self.strict:
            self.fail(
                f"Assignment {self.exercise} not submitted. There are missing "
                f"notebooks for the submission: {', '.join(missing)}"
            )
        for name in missing:
            self.log.warning("Missing notebook, it will get no points: %s", name)
        for name in extra:
            self.log.warning("Extra notebook, it will not be graded: %s", name)
