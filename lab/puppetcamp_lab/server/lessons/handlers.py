"""The page's addresses in JupyterLab's server; whoever may use the seat may use them.

Looking at the page is no activity: one that is left open must not keep a seat in use.
"""

import json
import shutil
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import IOLoop

from puppetcamp_lab.server.lessons.course import Lessons
from puppetcamp_lab.server.lessons.record import Record
from puppetcamp_lab.server.lessons.standing import Json, standing

_NAME = r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})"


class Page:
    """What the page shows: `root` is the folder that JupyterLab shows."""

    def __init__(
        self, lessons: Lessons, record: Record, root: Path, began: datetime
    ) -> None:
        self._lessons = lessons
        self._record = record
        self._root = root
        self._began = began.astimezone(UTC)

    def look(self) -> Json:
        """Say how far the attendee is; `path` is None for a lesson that is missing."""
        found = standing(self._lessons.all(), self._record.done(), self._began)
        for entry in found["lessons"]:
            there = self._path(entry["lesson"]).is_file()
            entry["path"] = self._shown(entry["lesson"]) if there else None
        return found

    def restore(self, name: str) -> Json:
        """Put a lesson that is missing back; raises OSError."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            shutil.copyfile(self._lessons.folder / path.name, path)
        return {"path": self._shown(name)}

    def _path(self, name: str) -> Path:
        return self._root / self._shown(name)

    def _shown(self, name: str) -> str:
        return f"lessons/{name}.ipynb"


def handlers(base_url: str, page: Page) -> list[Any]:
    """Give the addresses as Tornado's Application takes them."""
    root = url_path_join(base_url, "puppetcamp", "lessons")
    shared = {"page": page}
    return [(root, ListHandler, shared), (f"{root}/{_NAME}", RestoreHandler, shared)]


class _Handler(APIHandler):
    auth_resource = "contents"

    def initialize(self, page: Page) -> None:
        self.page = page


class ListHandler(_Handler):
    """Say how far the attendee is in every lesson."""

    _track_activity = False

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        look = self.page.look
        self.finish(json.dumps(await IOLoop.current().run_in_executor(None, look)))


class RestoreHandler(_Handler):
    """Put a missing lesson back as it was; one that is there stays as it is."""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        try:
            found = self.page.restore(name)
        except FileNotFoundError:
            self.set_status(HTTPStatus.CONFLICT)
            found = {"message": f"The course has no lesson {name}."}
        except OSError as error:
            self.set_status(HTTPStatus.CONFLICT)
            found = {"message": f"The lesson was not put back: {error.strerror}."}
        self.finish(json.dumps(found))
