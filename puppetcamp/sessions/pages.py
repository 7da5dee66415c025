"""What the hub's own pages ask about time while they are open."""

import json
from importlib.resources import files
from typing import Any

from jupyterhub.handlers.base import BaseHandler
from tornado.web import HTTPError, StaticFileHandler

from puppetcamp.sessions.gate import TimeOnPages


class TimeHandler(BaseHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Answer how much time the signed-in person has, for the countdown."""

    def initialize(self, time_of: TimeOnPages) -> None:
        """Take what knows the time."""
        self._time_of = time_of

    def get(self) -> None:
        """Answer with the words of the page and the seconds left; null for staff."""
        user = self.current_user
        if user is None:
            raise HTTPError(401, "Sign in at the camp's address first.")
        notice = self._time_of(user)
        told = notice and {
            "title": notice.title,
            "sentences": notice.sentences,
            "remaining_seconds": notice.remaining_seconds,
            "paused": notice.paused,
        }
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(told))


def handlers(time_of: TimeOnPages) -> list[tuple[str, Any, dict[str, Any]]]:
    """Give the hub's additional addresses: a value for `JupyterHub.extra_handlers`."""
    static = {"path": str(files("puppetcamp") / "static")}
    return [
        (r"/camp/time", TimeHandler, {"time_of": time_of}),
        (r"/camp/static/(.*)", StaticFileHandler, static),
    ]
