"""What the eight classes share: the course, the camp's service, folders and times."""

import fnmatch
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from dateutil.tz import gettz
from nbgrader.exchange.abc import Exchange as ABCExchange
from traitlets import Bool, Unicode

from puppetcamp_lab.archive import ArchiveError, Selection, unpack
from puppetcamp_lab.client import CampClient, ServiceError
from puppetcamp_lab.exchange.remote import RemoteExchange

USER_VARIABLE = "JUPYTERHUB_USER"
ANYTHING = ("", "*")


class Exchange(ABCExchange):
    """Exchange exercises with the camp's service instead of a shared folder."""

    path_includes_course = Bool(
        False,
        help="Whether exercises lie in a folder named after the course.",
    ).tag(config=True)

    service_url = Unicode(
        "",
        help=(
            "Address of the camp's service, without a slash at the end. Empty: the "
            "value of PUPPETCAMP_SERVICE_URL, which every seat is started with."
        ),
    ).tag(config=True)

    assignment_dir: str
    timezone: str
    timestamp_format: str
    coursedir: Any
    log: logging.Logger

    def __init__(
        self, coursedir: Any = None, authenticator: Any = None, **kwargs: Any
    ) -> None:
        # nbgrader's API misspells this argument where it releases and fetches feedback.
        authenticator = kwargs.pop("authentictor", authenticator)
        super().__init__(coursedir=coursedir, authenticator=authenticator, **kwargs)

    def start(self) -> Any:
        """Run the exchange; every expected failure becomes nbgrader's ExchangeError."""
        try:
            return super().start()
        except (ServiceError, ArchiveError) as error:
            message = str(error)
        except OSError as error:
            message = (
                f"A file could not be read or written ({error}). If it belongs to "
                "root, make it yours with sudo chown and try again."
            )
        # Outside of the handlers: nbgrader shows all errors of a chain to attendees.
        self.fail(message)

    def init_src(self) -> None:
        """Have nothing to prepare."""

    def init_dest(self) -> None:
        """Have nothing to prepare."""

    def fail(self, msg: str) -> NoReturn:
        """Log a sentence and raise ExchangeError with it."""
        super().fail(msg)
        raise AssertionError(msg)  # the line above always raises

    @property
    def course(self) -> str:
        """Give the course's id; fails without one."""
        course: str = self.coursedir.course_id
        if not course:
            self.fail("No course id specified. Re-run with --course flag.")
        return course

    @property
    def exercise(self) -> str:
        """Give the name of the exercise at hand."""
        exercise: str = self.coursedir.assignment_id
        return exercise

    @property
    def remote(self) -> RemoteExchange:
        """Reach the course's exchange; raises ServiceError outside of a camp."""
        return RemoteExchange(
            CampClient.from_environment(self.service_url), self.course
        )

    @property
    def me(self) -> str:
        """Give the name that the hub started this seat with; empty if there is none."""
        return os.environ.get(USER_VARIABLE, "")

    @property
    def selection(self) -> Selection:
        """Say which files travel, by nbgrader's own settings of the course."""
        return Selection(
            exclude=tuple(self.coursedir.ignore),
            include=tuple(self.coursedir.include),
            max_file_size=self.coursedir.max_file_size,
        )

    def folder(self, exercise: str) -> Path:
        """Give the folder in which an attendee works on an exercise."""
        root = Path(self.assignment_dir).absolute()
        if self.path_includes_course:
            root /= self.course
        return root / exercise

    def local_time(self, moment: datetime) -> str:
        """Write a moment in nbgrader's format and the configured time zone.

        Pages of feedback lie in a folder of this name, as nbgrader's lists expect.
        """
        zone = gettz(self.timezone)
        return moment.astimezone(zone).strftime(self.timestamp_format)

    def notebooks_in(self, folder: Path) -> list[str]:
        """Name the notebooks of a folder, without .ipynb."""
        return sorted(path.stem for path in folder.glob("*.ipynb") if path.is_file())


def wanted(pattern: str, name: str) -> bool:
    """Tell whether nbgrader's pattern of names, empty for any, covers a name."""
    return pattern in ANYTHING or fnmatch.fnmatchcase(name, pattern)


@contextmanager
def unpacked(packed: bytes, near: Path) -> Iterator[Path]:
    """Unpack an archive beside the folder `near`, so that one rename can place it."""
    near.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".exchange-", dir=near.parent) as scratch:
        folder = Path(scratch) / near.name
        unpack(packed, folder)
        yield folder
