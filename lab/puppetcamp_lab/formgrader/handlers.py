"""The requests that the pages of Formgrader make of a camp."""

import asyncio
import json
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_xsrf
from tornado import web

from puppetcamp_lab.formgrader.notes import notes
from puppetcamp_lab.formgrader.runs import Runs

PREFIX = "/puppetcamp/formgrader"
_STATIC = Path(__file__).parent / "static"


class _Handler(BaseApiHandler):
    def initialize(self, runs: Runs) -> None:
        self.runs = runs

    def say(self, content: Any) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(content))

    def say_status(self, exercise: str) -> None:
        run = self.runs.find(exercise)
        self.say(run.status() if run else {"state": None, "progress": None, "log": []})


class AutogradeAll(_Handler):
    """Autograde everything of an exercise that waits, and say how far it is."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]
    def get(self, exercise: str) -> None:
        """Say how far the latest run is."""
        self.say_status(exercise)

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]
    async def post(self, exercise: str) -> None:
        """Start a run, unless there is one."""
        if not self._known(exercise):
            raise web.HTTPError(404, f"The course has no exercise {exercise!r}.")
        await self.runs.start(exercise, Path(self.coursedir.root))
        self.say_status(exercise)

    def _known(self, exercise: str) -> bool:
        return any(known["name"] == exercise for known in self.api.get_assignments())


class Stop(_Handler):
    """Interrupt a run."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]
    def post(self, exercise: str) -> None:
        """Interrupt it; what is graded stays."""
        run = self.runs.find(exercise)
        if run:
            run.stop()
        self.say_status(exercise)


class Notes(_Handler):
    """Give flags, and reasons of missing grades."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]
    async def get(self, exercise: str) -> None:
        """Give them by attendee."""
        self.say(await asyncio.to_thread(notes, self.coursedir, exercise))


def handlers(base_url: str) -> list[Any]:
    """Make the handlers below a server's base URL."""
    state = {"runs": Runs()}
    routes: list[Any] = [
        (r"/autograde/([^/]+)", AutogradeAll, state),
        (r"/autograde/([^/]+)/stop", Stop, state),
        (r"/notes/([^/]+)", Notes, state),
        (r"/static/(.*)", web.StaticFileHandler, {"path": str(_STATIC)}),
    ]
    return [
        (url_path_join(base_url, PREFIX + path), *handler) for path, *handler in routes
    ]
