"""Fixtures of the hub tests.

`open_camp(length=…, seats=…, opens=…, closes=…)` opens a camp of a test's own: a real
JupyterHub behind a real proxy on free ports of 127.0.0.1, with the camp's sign-in,
gate, ledger and pages, and servers that are light processes in place of containers.
`camp` is one for all tests of a file. `visit(camp)` gives a browser with cookies of its
own. `enforce(camp)` runs the real enforcer against the hub, in a thread, and returns
when each name's stop was first asked for, as that happens.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from puppetcamp.clock import utc_now
from puppetcamp.sessions.enforcer import Enforcer
from puppetcamp.sessions.hub_api import HubApi, RunningServer
from tests.hub.support.camp import HubCamp, Visitor, hub_camp
from tests.hub.support.times import timekeeper_of


@pytest.fixture
def open_camp(tmp_path: Path) -> Iterator[Callable[..., HubCamp]]:
    """Give a function that opens a camp; it is closed after the test."""
    with contextlib.ExitStack() as stack:

        def open_one(**options: Any) -> HubCamp:
            place = tmp_path / f"camp{len(list(tmp_path.iterdir()))}"
            return stack.enter_context(hub_camp(place, **options))

        yield open_one


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCamp]:
    """Give one open camp to all tests of a file, three hours long, with 25 seats."""
    with hub_camp(tmp_path_factory.mktemp("hub") / "camp") as camp:
        yield camp


@pytest.fixture
def visit() -> Iterator[Callable[..., Visitor]]:
    """Give a function that opens a browser at a camp."""
    with contextlib.ExitStack() as stack:

        def open_browser(camp: HubCamp, **headers: str) -> Visitor:
            visitor = Visitor(camp, **headers)
            stack.callback(visitor.close)
            return visitor

        yield open_browser


@pytest.fixture
def enforce() -> Iterator[Callable[[HubCamp], dict[str, datetime]]]:
    """Give a function that starts the enforcer of a camp."""
    with contextlib.ExitStack() as stack:
        yield lambda camp: stack.enter_context(_enforcer(camp))


class _WatchedHubApi(HubApi):
    """The real hub, with a note of every first request for a stop."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(url, token)
        self.asked: dict[str, datetime] = {}

    async def stop(self, server: RunningServer) -> None:
        """Note the moment and go on."""
        self.asked.setdefault(server.owner, utc_now())
        await super().stop(server)


@contextlib.contextmanager
def _enforcer(camp: HubCamp) -> Iterator[dict[str, datetime]]:
    engine = camp.ledger_engine()
    ready, stop = threading.Event(), threading.Event()
    watched = _WatchedHubApi(camp.hub_api, camp.token)

    async def run() -> None:
        async with watched as hub:
            enforcer = Enforcer(timekeeper_of(camp, engine), hub)
            task = asyncio.create_task(enforcer.run())
            ready.set()
            await asyncio.to_thread(stop.wait)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield watched.asked
    finally:
        stop.set()
        thread.join(30)
        engine.dispose()
        assert not thread.is_alive()
