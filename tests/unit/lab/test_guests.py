"""Guests in a seat stay as long as the hub says that they may, and no longer."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.services.auth import _ExpiringDict
from tornado.websocket import WebSocketHandler

from puppetcamp_lab.seat.guests import Guests, receive

SCOPE = "access:servers!user=ada"


class Hub:
    """A hub's answers, and who has asked for them."""

    def __init__(self) -> None:
        self.cache: Any = _ExpiringDict(300)
        self.access_scopes = {SCOPE}
        self.allowed = {"ada", "ines"}
        self.down = False

    def get_token(self, handler: Any) -> str:
        return str(handler.name)

    def get_session_id(self, _: Any) -> str:
        return ""

    def check_scopes(self, needed: set[str], person: dict[str, Any]) -> set[str]:
        return needed & set(person["scopes"])

    async def user_for_token(self, token: str, **_: Any) -> dict[str, Any]:
        if self.down:
            raise OSError
        return {"name": token, "scopes": [SCOPE] if token in self.allowed else []}

    async def ask(self, handler: Any) -> Any:
        """Answer as JupyterHub's identity provider does, from the cache if it can."""
        if handler.name not in self.cache:
            self.cache[handler.name] = await self.user_for_token(handler.name)
        may = self.check_scopes(self.access_scopes, self.cache[handler.name])
        return SimpleNamespace(username=handler.name) if may else None


class Channel(WebSocketHandler):
    """A page's channel to a kernel."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ws_connection: Any = object()

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.ws_connection = None


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    return Hub()


@pytest.fixture
def guests(hub: Hub) -> Guests:
    provider = SimpleNamespace(hub_auth=hub, get_user=hub.ask)
    return Guests(provider, logging.getLogger(), heard=0.02)


def is_open(channel: Channel) -> bool:
    return channel.ws_connection is not None


async def test_a_guest_is_asked_about_again_and_the_owner_is_not(
    hub: Hub, guests: Guests
) -> None:
    ada, ines = Channel("ada"), Channel("ines")
    assert await guests.get_user(ada)
    assert await guests.get_user(ines)
    hub.allowed = set()
    await asyncio.sleep(0.03)
    assert await guests.get_user(ada)
    assert await guests.get_user(ines) is None


async def test_what_a_guest_has_open_is_closed(hub: Hub, guests: Guests) -> None:
    ada, ines = Channel("ada"), Channel("ines")
    for channel in (ada, ines):
        await guests.get_user(channel)
    hub.down = True
    await asyncio.sleep(0.1)
    assert is_open(ines), "a hub that restarts sends nobody away"
    hub.down, hub.allowed = False, set()
    await asyncio.sleep(0.1)
    assert not is_open(ines)
    assert is_open(ada)


def test_a_server_without_a_hub_has_no_guests() -> None:
    provider = SimpleNamespace(get_user=None)
    receive(SimpleNamespace(identity_provider=provider))
    assert provider.get_user is None
