"""Wait for the one claim that gives a warm seat its owner.

The camp's pool starts a warm seat with a secret of its own in the environment. Whoever
shows it may ask whether the server is ready, and give it an owner: once.
"""

import hmac
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError, RequestHandler

from puppetcamp_lab.seat import identity

SECRET = "PUPPETCAMP_CLAIM_SECRET"  # noqa: S105 -- the name of a variable
PATH = "puppetcamp/claim"

UNVISITED = Path("~/.local/share/puppetcamp/unvisited").expanduser()
"""Marks a home in which nobody was yet; the seat's start reads it."""

_LARGEST = 65536
"""Bytes of a claim: some dozens of short variables."""


class Owner:
    """Hold the secret until somebody has claimed the seat with it."""

    def __init__(self, secret: str, serverapp: Any) -> None:
        self._secret = secret.encode()
        self._serverapp = serverapp
        self._then: list[Callable[[], None]] = []

    @property
    def awaited(self) -> bool:
        """Tell whether the seat is nobody's yet."""
        return bool(self._secret)

    def knows(self, secret: str) -> bool:
        """Compare in constant time; after the claim nothing is right any more."""
        return self.awaited and hmac.compare_digest(self._secret, secret.encode())

    def when_claimed(self, do: Callable[[], None]) -> None:
        """Call something once the seat has its owner."""
        self._then.append(do)

    def claim(self, environment: dict[str, str]) -> None:
        """Give the seat its owner; the secret is worth nothing from now on."""
        self._secret = b""
        identity.take_on(self._serverapp, environment)
        UNVISITED.unlink(missing_ok=True)
        for do in self._then:
            do()


class ClaimHandler(RequestHandler):
    """Answer the camp's pool; for everybody else there is nothing here."""

    def initialize(self, owner: Owner) -> None:
        """Take what all requests share."""
        self._owner = owner

    def prepare(self) -> None:
        """Answer 404 unless the secret is right and the seat is nobody's."""
        kind, _, secret = self.request.headers.get("Authorization", "").partition(" ")
        if kind != "claim" or not self._owner.knows(secret):
            raise HTTPError(HTTPStatus.NOT_FOUND)

    def check_xsrf_cookie(self) -> None:
        """Ask for no cookie: the secret is not a browser's."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say that the server is ready: it would not answer before."""
        self.write({"ready": True})

    @allow_unauthenticated
    def post(self) -> None:
        """Take on the owner whose environment is in the body."""
        if len(self.request.body) > _LARGEST:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            said = json.loads(self.request.body)
            environment = identity.accepted(said.get("environment"))
        except (ValueError, AttributeError) as error:
            raise HTTPError(HTTPStatus.BAD_REQUEST, str(error)) from error
        self._owner.claim(environment)
        self.write({"claimed": True})


def await_owner(serverapp: Any) -> None:
    """Open the address of the claim, if the server was started with a secret."""
    secret = os.environ.pop(SECRET, "")
    if not secret:
        return
    owner = Owner(secret, serverapp)
    serverapp.web_app.settings["puppetcamp_owner"] = owner
    route = serverapp.base_url + PATH
    serverapp.web_app.add_handlers(".*$", [(route, ClaimHandler, {"owner": owner})])
