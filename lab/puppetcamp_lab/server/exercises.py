"""What an attendee sees of their exercises, and what they do with them.

Joins what the camp's service knows (released, submitted, scored) with what lies in the
attendee's folder. Everything here waits for the network: call it in a thread.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jupyter_core.application import JupyterApp
from traitlets import import_item
from traitlets.config import Application

from puppetcamp_lab.client import ServiceError

Json = dict[str, Any]


class ActionFailed(Exception):
    """Say to the attendee why something was not done, and what to do next."""


@dataclass(frozen=True)
class Done:
    """Say what was done; `notes` are sentences about what is remarkable in it."""

    message: str
    notes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Return the same as JSON."""
        return {
            "message": self.message,
            "notes": list(self.notes),
            "pages": list(self.pages),
        }


class Exercises:
    """List, fetch and submit exercises with nbgrader's own classes and settings.

    `root` is the folder that JupyterLab shows; paths in answers are relative to it.
    """

    def __init__(self, root: str, log: logging.Logger) -> None:
        self._root = Path(root).expanduser().absolute()
        self._log = log
        self._known: list[Json] = []

    def listing(self) -> Json:
        """List all exercises; `problem` says why the camp could not be asked.

        Then the exercises are those that it told before, and those in the folder.
        """
        exchange = self._exchange("list")
        problem = ""
        try:
            self._known = exchange.remote.standing()
        except ServiceError as error:
            problem = str(error)
        there = {entry["exercise"] for entry in self._known}
        folder = exchange.folder("")
        entries = [
            *self._known,
            *(_unknown(name) for name in _local(folder) if name not in there),
        ]
        return {
            "problem": problem,
            "exercises": [self._entry(exchange, entry) for entry in entries],
        }

    def fetch(self, exercise: str) -> Done:
        """Put an exercise into the folder; raises ActionFailed."""
        before = self._exchange("list").folder(exercise).is_dir()
        self._run("fetch_assignment", exercise)
        if before:
            return Done("Files that were missing are back; yours are untouched.")
        return Done("Fetched. Open it to begin.")

    def submit(self, exercise: str) -> Done:
        """Submit what is saved of an exercise; raises ActionFailed."""
        submit = self._run("submit", exercise)
        receipt = submit.receipt
        left_out = tuple(f"Not submitted: {what}." for what in submit.left_out)
        message = f"Version {receipt.version} is submitted and kept."
        return Done(message, (*receipt.notes, *left_out))

    def feedback(self, exercise: str, submitted_at: str) -> Done:
        """Fetch feedback and name its pages on one version; raises ActionFailed.

        Pages that are here already are given while the camp cannot be reached, too.
        """
        exchange = self._exchange("list")
        try:
            moment = datetime.fromisoformat(submitted_at)
        except ValueError as error:
            message = f"{submitted_at!r} is not the time of a submission."
            raise ActionFailed(message) from error
        problem = None
        try:
            self._run("fetch_feedback", exercise)
        except ActionFailed as error:
            problem = error
        folder = exchange.folder(exercise) / "feedback" / exchange.local_time(moment)
        pages = tuple(
            path
            for page in sorted(folder.glob("*.html"))
            if (path := self._path(page)) is not None
        )
        if not pages:
            raise problem or ActionFailed(
                "There is no feedback on this version yet. Try again later."
            )
        notes = () if problem is None else (str(problem),)
        return Done("Feedback is in the folder of the exercise.", notes, pages)

    @cached_property
    def _config(self) -> Any:
        """Read nbgrader's settings where its own Assignment List finds them.

        Its application would do the same, and load all of nbgrader.
        """
        settings = JupyterApp(config_file_name="nbgrader_config", log=self._log)
        settings.load_config_file()
        # As nbgrader does with the current folder: what lies there wins.
        Application.load_config_file(settings, "nbgrader_config", str(self._root))
        return settings.config

    def _exchange(self, what: str, exercise: str = "") -> Any:
        """Make one of the exchange's classes for an exercise of the seat's course.

        `what` is the setting of nbgrader's ExchangeFactory that names the class.
        """
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory

        config = self._config.copy()
        if exercise:
            config.CourseDirectory.assignment_id = exercise
        chosen = config.ExchangeFactory[what]
        exchange = import_item(chosen) if isinstance(chosen, str) else chosen
        return exchange(
            coursedir=CourseDirectory(config=config),
            authenticator=Authenticator(config=config),
            config=config,
        )

    def _run(self, what: str, exercise: str) -> Any:
        from nbgrader.exchange.abc import ExchangeError

        exchange = self._exchange(what, exercise)
        try:
            exchange.start()
        except ExchangeError as error:
            raise ActionFailed(str(error)) from error
        return exchange

    def _entry(self, exchange: Any, entry: Json) -> Json:
        folder = exchange.folder(entry["exercise"])
        notebooks = exchange.notebooks_in(folder) if folder.is_dir() else []
        return {
            **entry,
            "fetched": folder.is_dir(),
            "path": self._path(folder),
            "notebooks": [self._path(folder / f"{name}.ipynb") for name in notebooks],
        }

    def _path(self, path: Path) -> str | None:
        """Give a path as JupyterLab names it; None for what it does not show."""
        if not path.is_relative_to(self._root):
            return None
        return path.relative_to(self._root).as_posix()


def _local(folder: Path) -> list[str]:
    """Name the folders that hold a notebook."""
    try:
        return sorted(
            path.name for path in folder.iterdir() if any(path.glob("*.ipynb"))
        )
    except OSError:
        return []


def _unknown(name: str) -> Json:
    """Describe an exercise that is in the folder and that the camp did not tell of."""
    return {
        "exercise": name,
        "released_at": None,
        "due_at": None,
        "withdrawn_at": None,
        "versions": [],
    }
