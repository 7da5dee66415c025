"""Fetch a released exercise."""

import shutil
from pathlib import Path

from nbgrader.exchange.abc import ExchangeFetchAssignment as ABCFetch

from puppetcamp_lab.exchange.base import Exchange, unpacked


class ExchangeFetchAssignment(Exchange, ABCFetch):
    """Put a released exercise into the attendee's folder.

    What the attendee has is never overwritten: with ``replace_missing_files`` only
    files that are not there are added, without it an existing folder is an error.
    """

    replace_missing_files: bool
    dest_path: Path

    def init_dest(self) -> None:
        """Find the exercise's folder."""
        self.dest_path = self.folder(self.exercise)
        if self.dest_path.exists() and not self.replace_missing_files:
            self.fail(
                "You already have a copy of the assignment in this directory: "
                f"{self.dest_path.name}"
            )

    def copy_files(self) -> None:
        """Get the exercise and put it there."""
        packed = self.remote.fetch(self.exercise)
        with unpacked(packed, self.dest_path) as folder:
            if self.dest_path.exists():
                self._add_missing(folder, self.dest_path)
            else:
                folder.rename(self.dest_path)
        self.log.info("Fetched as: %s %s", self.course, self.exercise)

    def _add_missing(self, source: Path, target: Path) -> None:
        for path in sorted(source.iterdir()):
            there = target / path.name
            if path.is_dir() and there.is_dir():
                self._add_missing(path, there)
            elif not there.exists() and not there.is_symlink():
                self.log.warning("Replacing missing file '%s'", there)
                shutil.move(path, there)
