"""Submit an exercise."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeSubmit as ABCSubmit
from rapidfuzz import process

from puppetcamp_lab.archive import pack
from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.exchange.base import ANYTHING, Exchange
from puppetcamp_lab.exchange.remote import Receipt


class ExchangeSubmit(Exchange, ABCSubmit):
    """Send the attendee's folder to the camp's service.

    The service decides under which name and at which time it is submitted; nothing
    that is set in the attendee's seat changes that.
    """

    strict: bool
    src_path: Path
    receipt: Receipt | None = None
    """What the camp answered, once it is submitted."""
    left_out: tuple[str, ...] = ()
    """What was not sent and why, in sentences without an end."""

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
        try:
            released = {found.exercise: found.notebooks for found in remote.exercises()}
            if self.exercise not in released:
                remote.fetch(self.exercise)  # says whether it was withdrawn
        except ServiceError as error:
            message = f"Nothing was submitted. {error}"
            raise ServiceError(message, error.status) from error
        self._compare(released.get(self.exercise, ()))
        packed, left_out = pack(self.src_path, self.selection)
        self.left_out = tuple(left_out)
        for what in left_out:
            self.log.warning("Not submitted: %s", what)
        receipt = self.receipt = remote.submit(self.exercise, packed)
        if self.coursedir.student_id not in (*ANYTHING, receipt.attendee):
            self.log.warning(
                "Submitted as %s, not as %s: you submit under the name that you "
                "signed in with.",
                receipt.attendee,
                self.coursedir.student_id,
            )
        self.log.info(
            "Submitted as: %s %s %s (version %d)",
            self.course,
            self.exercise,
            self.local_time(receipt.submitted_at),
            receipt.version,
        )
        for note in receipt.notes:
            self.log.warning("%s", note)

    def _compare(self, released: tuple[str, ...]) -> None:
        """Warn of notebooks that are not asked for; strict: fail if one is missing."""
        there = self.notebooks_in(self.src_path)
        missing = [name for name in released if name not in there]
        extra = [name for name in there if name not in released]
        if missing and self.strict:
            self.fail(
                f"Assignment {self.exercise} not submitted. There are missing "
                f"notebooks for the submission: {', '.join(missing)}"
            )
        for name in extra:
            self.log.warning("Extra notebook, it will not be graded: %s", name)
