"""Guests: whom a seat's owner let in is out when the owner ends it.

JupyterHub by itself keeps what the hub said of a person for five minutes, and asks no
more about what they have open, as the channels of a notebook.
"""

import asyncio
import os
import time
from typing import Any
from weakref import WeakSet

from tornado.websocket import WebSocketHandler

HEARD_SECONDS = 5.0
"""How long the hub's answer about somebody who is not the owner stands."""


class Guests:
    """Ask the hub about guests as long as they are there; owners are left alone.

    `provider` is the server's identity provider, JupyterHub's own.
    """

    def __init__(self, provider: Any, log: Any, heard: float = HEARD_SECONDS) -> None:
        self._hub: Any = provider.hub_auth
        self._ask: Any = provider.get_user
        self._log = log
        self._heard = heard
        self._open: WeakSet[WebSocketHandler] = WeakSet()
        self._watch: asyncio.Task[None] | None = None

    async def get_user(self, handler: Any) -> Any:
        """Say who asks for something, as the provider does."""
        self._forget()
        user = await self._ask(handler)
        if user is not None and user.username != _owner():
            if isinstance(handler, WebSocketHandler):
                self._open.add(handler)
            if self._open and (self._watch is None or self._watch.done()):
                self._watch = asyncio.create_task(self._look_after())
        return user

    def _forget(self) -> None:
        """Drop what the hub said of guests some time ago."""
        cache, since = self._hub.cache, time.monotonic() - self._heard
        for key, person in list(cache.values.items()):
            if person and person["name"] != _owner() and cache.timestamps[key] < since:
                del cache.values[key], cache.timestamps[key]

    async def _look_after(self) -> None:
        """Close what guests have open when they may no longer enter."""
        while self._open:
            await asyncio.sleep(self._heard)
            for handler in list(self._open):
                if handler.ws_connection is None:
                    self._open.discard(handler)
                elif not await self._may_stay(handler):
                    self._open.discard(handler)
                    handler.close(1008, "The owner of this seat has ended it.")

    async def _may_stay(self, handler: WebSocketHandler) -> bool:
        token = self._hub.get_token(handler)
        session = self._hub.get_session_id(handler)
        try:
            person = await self._hub.user_for_token(
                token, use_cache=False, session_id=session, sync=False
            )
        except Exception:  # the hub may be restarting: nobody is sent away for that
            self._log.warning("the hub does not say who may stay", exc_info=True)
            return True
        scopes = self._hub.access_scopes
        return bool(person and self._hub.check_scopes(scopes, person))


def receive(app: Any) -> None:
    """Look after the guests of a ServerApp, if it is one of a hub's."""
    provider = app.identity_provider
    if hasattr(provider, "hub_auth"):
        provider.get_user = Guests(provider, app.log).get_user


def _owner() -> str:
    """Name the owner of now; a warm seat gets one later."""
    return os.environ.get("JUPYTERHUB_USER", "")
