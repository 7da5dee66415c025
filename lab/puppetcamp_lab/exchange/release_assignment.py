"""Release an exercise."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeReleaseAssignment as ABCRelease

from puppetcamp_lab.archive import pack
from puppetcamp_lab.exchange.base import Exchange
from puppetcamp_lab.exchange.gradebook import duedate


class ExchangeReleaseAssignment(Exchange, ABCRelease):
    """Send the generated version of an exercise to the camp's service.

    Without ``force`` an exercise that is released already is left alone. With it the
    new version counts from now on; the camp keeps the one before. The due date of the
    gradebook goes along.
    """

    force: bool
    src_path: Path

    def init_src(self) -> None:
        """Find the generated version of the exercise."""
        where = self.coursedir.format_path
        exercise = self.exercise
        self.src_path = Path(where(self.coursedir.release_directory, ".", exercise))
        if self.src_path.is_dir():
            return
        source = Path(where(self.coursedir.source_directory, ".", exercise))
        if source.is_dir():
            self.fail(
                f"Assignment found in '{source}' but not '{self.src_path}', run "
                "`nbgrader generate_assignment` first."
            )
        self.fail(f"Assignment not found at: {self.src_path}")

    def copy_files(self) -> None:
        """Send it."""
        remote = self.remote
        released = {found.exercise for found in remote.exercises()}
        if self.exercise in released and not self.force:
            self.fail(
                "Destination already exists, add --force to overwrite: "
                f"{self.course} {self.exercise}"
            )
        packed, left_out = pack(self.src_path, self.selection)
        for what in left_out:
            self.log.warning("Not released: %s", what)
        due_at = duedate(self.coursedir, self.exercise)
        version = remote.release(self.exercise, packed, due_at)
        self.log.info(
            "Released as: %s %s (version %d, %s)",
            self.course,
            self.exercise,
            version,
            f"due {self.local_time(due_at)}" if due_at else "without a due date",
        )
