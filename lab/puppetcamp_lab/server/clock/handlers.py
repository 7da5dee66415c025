"""The clock's addresses in JupyterLab's server; whoever may use the seat may use them.

Looking at the clock is no activity: a page that is left open must not keep a seat in
use. What somebody has pressed is.
"""

import json
import re
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.server.clock.watch import Watch

_SECONDS = re.compile(r"[0-9]{1,9}")


def handlers(base_url: str, watch: Watch) -> list[Any]:
    """Give the addresses as Tornado's Application takes them."""
    root = url_path_join(base_url, "puppetcamp", "clock")
    shared = {"watch": watch}
    return [
        (root, ClockHandler, shared),
        (rf"{root}/(extension|presence)", ActionHandler, shared),
    ]


class _Handler(APIHandler):
    auth_resource = "contents"

    def initialize(self, watch: Watch) -> None:
        self.watch = watch


class ClockHandler(_Handler):
    """Say how much time is left.

    The page tells in ``untouched`` for how many seconds nobody has touched it.
    """

    _track_activity = False

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        untouched = self.get_query_argument("untouched", "")
        known = _SECONDS.fullmatch(untouched)
        self.finish(json.dumps(self.watch.look(float(untouched) if known else None)))


class ActionHandler(_Handler):
    """Ask for more time, or say that somebody is there; answers as ClockHandler does.

    A "no" of the camp is status 409 with a sentence in ``message``.
    """

    @web.authenticated
    @authorized
    async def post(self, action: str) -> None:
        try:
            found = await self.watch.act(action)
        except ServiceError as error:
            self.set_status(HTTPStatus.CONFLICT)
            found = {"message": str(error)}
        self.finish(json.dumps(found))
