"""nbgrader's own pages for attendees, loaded when somebody first asks for one.

*Assignment List* and *Validate* bring most of nbgrader with them, as much memory as a
third of an idle seat, and most attendees never open them. Here the first request for
one of their addresses loads both, and is sent to the same address once more.
"""

from importlib import import_module
from threading import Lock
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import httputil, web
from tornado.ioloop import IOLoop
from tornado.routing import PathMatches, Rule

EXTENSIONS = (
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.validate_assignment",
)
_ADDRESSES = r"(?:assignments(?:/[a-z_]+)?|courses|nbgrader_version)"


class _Extensions:
    """The two, of one server."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = Lock()
        self.loaded = False

    def imported(self) -> list[Any]:
        """Import them, which takes most of a second; for a thread."""
        with self._lock:
            return [import_module(name) for name in EXTENSIONS]

    def load(self, modules: list[Any]) -> None:
        """Let them add their addresses, unless that has happened meanwhile."""
        if not self.loaded:
            for module in modules:
                module.load_jupyter_server_extension(self._app)
            self.loaded = True


class _NotYetLoaded(PathMatches):
    """Match the addresses until those who serve them are there."""

    def __init__(self, pattern: str, extensions: _Extensions) -> None:
        super().__init__(pattern)
        self._extensions = extensions

    def match(self, request: httputil.HTTPServerRequest) -> dict[str, Any] | None:
        """Give what the handler gets from the address; None if this is not for it."""
        return None if self._extensions.loaded else super().match(request)


class _LaterHandler(APIHandler):
    """Load nbgrader's pages and send the browser to the same address again."""

    auth_resource = "contents"

    def initialize(self, extensions: _Extensions) -> None:
        self.extensions = extensions

    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self._again()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self._again()

    async def _again(self) -> None:
        modules = await IOLoop.current().run_in_executor(None, self.extensions.imported)
        self.extensions.load(modules)
        # With the same method and the same body.
        self.redirect(self.request.uri or "", status=307)


def later(app: Any) -> list[Any]:
    """Give the addresses as Tornado's Application takes them.

    None if the server's settings load the extensions themselves, as an instructor's.
    """
    if all(app.jpserver_extensions.get(name) for name in EXTENSIONS):
        return []
    extensions = _Extensions(app)
    pattern = url_path_join(app.base_url, _ADDRESSES)
    known = {"extensions": extensions}
    return [Rule(_NotYetLoaded(pattern, extensions), _LaterHandler, known)]
