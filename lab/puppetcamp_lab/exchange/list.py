"""List what is released and submitted, in the shapes that nbgrader's pages read."""

from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from nbgrader.exchange.abc import ExchangeError
from nbgrader.exchange.abc import ExchangeList as ABCList

from puppetcamp_lab.exchange.base import Exchange, wanted
from puppetcamp_lab.exchange.fetch_feedback import checksum, feedback_folder
from puppetcamp_lab.exchange.remote import Exercise, Submission

Info = dict[str, Any]


class ListingError(Exception):
    """Say to an attendee why there is no list."""


class ExchangeList(Exchange, ABCList):
    """List exercises, or submissions: one's own (``cached``), all (``inbound``).

    ``remove`` withdraws the listed exercises. Submissions are never removed.
    """

    inbound: bool
    cached: bool
    remove: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # nbgrader's Assignment List changes into this folder before it asks for
        # anything, and is blank for good once an attendee has removed it.
        with suppress(OSError):
            Path(self.assignment_dir).mkdir(parents=True, exist_ok=True)

    def start(self) -> Any:
        """List or remove; gives the list."""
        try:
            return super().start()
        except ExchangeError as error:
            from nbgrader.exchange import ExchangeFactory  # much, and seldom needed

            # Assignment List, which alone has a factory as its parent here, shows a
            # text about a missing folder for ExchangeError, whatever it says.
            if isinstance(self.parent, ExchangeFactory):
                raise ListingError(str(error)) from None
            raise

    def copy_files(self) -> None:
        """Have nothing to copy."""

    def list_files(self) -> list[Info]:
        """Give and log the list."""
        if self.inbound or self.cached:
            return self._list_submissions()
        found = [self._exercise_info(exercise) for exercise in self._exercises()]
        self.log.info("Released assignments:")
        for info in found:
            fetched = " (already downloaded)" if info["status"] == "fetched" else ""
            self.log.info("%s %s%s", info["course_id"], info["assignment_id"], fetched)
        return found

    def remove_files(self) -> list[Info]:
        """Withdraw the listed exercises and give their list."""
        if self.inbound or self.cached:
            self.fail("The camp keeps every submission: none can be removed.")
        found = [self._exercise_info(exercise) for exercise in self._exercises()]
        self.log.info("Removing released assignments:")
        for info in found:
            self.remote.withdraw(info["assignment_id"])
            info["status"] = "removed"
            self.log.info("%s %s", info["course_id"], info["assignment_id"])
        return found

    def _exercises(self) -> list[Exercise]:
        return [
            exercise
            for exercise in self.remote.exercises()
            if wanted(self.exercise, exercise.exercise)
        ]

    def _exercise_info(self, exercise: Exercise) -> Info:
        folder = self.folder(exercise.exercise)
        fetched = folder.is_dir()
        names = self.notebooks_in(folder) if fetched else exercise.notebooks
        return {
            "course_id": self.course,
            "assignment_id": exercise.exercise,
            "status": "fetched" if fetched else "released",
            "path": str(folder),
            "notebooks": [
                {"notebook_id": name, "path": str(folder / f"{name}.ipynb")}
                for name in names
            ],
        }

    def _list_submissions(self) -> list[Info]:
        found = [
            submission
            for submission in self.remote.submissions(
                attendee="" if self.inbound else self.me
            )
            if wanted(self.exercise, submission.exercise)
            and wanted(self.coursedir.student_id, submission.attendee)
        ]
        self.log.info("Submitted assignments:")
        groups = []
        for (attendee, exercise), group in groupby(sorted(found, key=_key), key=_key):
            infos = [self._submission_info(submission) for submission in group]
            for info in infos:
                self.log.info(_line(info))
            groups.append(
                {
                    "course_id": self.course,
                    "student_id": attendee,
                    "assignment_id": exercise,
                    "status": "submitted",
                    "submissions": infos,
                }
            )
        return groups

    def _submission_info(self, submission: Submission) -> Info:
        when = self.local_time(submission.submitted_at)
        folder = self.folder(submission.exercise)
        place = feedback_folder(folder, when)
        notebooks = [
            notebook_info(name, folder, place, submission.feedback.get(name))
            for name in submission.notebooks
        ]
        # Notebooks that are not graded never get feedback and do not count.
        counted = [info for info in notebooks if info["has_exchange_feedback"]]
        fetched = bool(counted) and all(info["has_local_feedback"] for info in counted)
        return {
            "course_id": self.course,
            "student_id": submission.attendee,
            "assignment_id": submission.exercise,
            "timestamp": when,
            "status": "submitted",
            "path": str(folder),
            "notebooks": notebooks,
            "has_local_feedback": fetched,
            "has_exchange_feedback": bool(counted),
            "feedback_updated": any(info["feedback_updated"] for info in counted),
            "local_feedback_path": str(place) if fetched else None,
        }


def notebook_info(name: str, folder: Path, place: Path, released: str | None) -> Info:
    """Describe a submitted notebook; `released` is the checksum of its feedback."""
    page = place / f"{name}.html"
    local = checksum(page)
    return {
        "notebook_id": name,
        "path": str(folder / f"{name}.ipynb"),
        "has_local_feedback": local is not None,
        "has_exchange_feedback": released is not None,
        "local_feedback_path": None if local is None else str(page),
        "feedback_updated": None not in (local, released) and local != released,
    }


def _key(submission: Submission) -> tuple[str, str]:
    return submission.attendee, submission.exercise


def _line(info: Info) -> str:
    """Describe a submission in the words of nbgrader's own list."""
    if info["has_local_feedback"] and not info["feedback_updated"]:
        state = "feedback already fetched"
    elif info["has_exchange_feedback"]:
        state = "feedback ready to be fetched"
    else:
        state = "no feedback available"
    what = ("course_id", "student_id", "assignment_id", "timestamp")
    return f"{' '.join(info[key] for key in what)} ({state})"
