"""The enforcer against a hub that behaves badly, over real HTTP.

A real hub does not fail on demand; tests/hub has the enforcer at work with a real one.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from puppetcamp.database import metadata, open_engine
from puppetcamp.sessions import enforcer as module
from puppetcamp.sessions.enforcer import Enforcer
from puppetcamp.sessions.hub_api import (
    HubApi,
    HubRefused,
    HubUnreachable,
    RunningServer,
)
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class BadHub:
    """Answer like a hub, as told: who runs, and what each stop is answered with."""

    def __init__(self) -> None:
        self.running: dict[str, str | None] = {}
        self.answers: dict[str, list[int]] = {}
        self.stops: list[str] = []
        self.at_once = self.most_at_once = 0
        self.slow = asyncio.Event()
        self.slow.set()
        self.page = 2
        self.listings = 0
        self.url = ""

    async def users(self, request: web.Request) -> web.Response:
        """List users page by page."""
        self.listings += 1
        assert request.headers["Authorization"] == "token secret"
        offset = int(request.query["offset"])
        names = sorted(self.running)
        more = offset + self.page < len(names)
        items = [
            {"name": n, "servers": {"": {"pending": self.running[n], "stopped": False}}}
            for n in names[offset : offset + self.page]
        ]
        following = {"offset": offset + self.page} if more else None
        return web.json_response({"items": items, "_pagination": {"next": following}})

    async def stop(self, request: web.Request) -> web.Response:
        """Answer a stop; 204 ends the server unless told otherwise."""
        name = request.match_info["name"]
        self.stops.append(name)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.slow.wait()
        self.at_once -= 1
        status = (self.answers.get(name) or [204]).pop(0)
        if status in {204, 404}:
            self.running.pop(name, None)
        if status == 202:
            self.running[name] = "stop"
        return web.json_response({"message": "as told"}, status=status)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    metadata.create_all(engine)
    yield Ledger(engine)
    engine.dispose()


@contextlib.asynccontextmanager
async def serving(hub: BadHub) -> AsyncIterator[HubApi]:
    """Serve a hub on a free port and speak to it."""
    app = web.Application()
    app.router.add_get("/hub/api/users", hub.users)
    app.router.add_delete("/hub/api/users/{name}/server", hub.stop)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with HubApi(f"http://127.0.0.1:{port}/hub/api", "secret") as api:
        try:
            yield api
        finally:
            hub.slow.set()
            await runner.cleanup()


async def settled(enforcer: Enforcer) -> None:
    """Wait for the stops under way."""
    while enforcer._stops:
        await asyncio.sleep(0.01)


class Nowhere(HubApi):
    """A hub that does not answer, and how often it was asked."""

    asked = 0

    async def running(self) -> list[RunningServer]:
        """Count, and ask in vain."""
        self.asked += 1
        return await super().running()


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Read the clock."""
        return self.now


RULES = Rules(HOUR, None, None, seats=100)
STAFF = frozenset({"organizer"})


async def test_expired_servers_are_stopped_and_no_others(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    for at, name in enumerate(["ann", "bo", "cy", "di", "ed"]):
        ledger.begin(name, NOW + at * timedelta(minutes=1))
        hub.running[name] = None
    hub.running["organizer"] = None
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        for minutes, gone in ((59, []), (60, ["ann"]), (62, ["ann", "bo", "cy"])):
            clock.now = NOW + timedelta(minutes=minutes)
            await enforcer.look()
            await settled(enforcer)
            assert sorted(hub.stops) == gone
    assert set(hub.running) == {"di", "ed", "organizer"}


async def test_pause_ends_at_the_next_deadline(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW)
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        assert await enforcer.look() == module.TICK
        clock.now = NOW + HOUR - timedelta(seconds=0.25)
        assert await enforcer.look() == pytest.approx(0.25)


async def test_hub_is_asked_only_when_there_is_reason(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW)
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        for _ in range(20):
            await enforcer.look()
            clock.now += timedelta(seconds=0.5)
    assert hub.listings == 2


@pytest.mark.parametrize("answers", [[500, 204], [202], [400, 503, 404], [403, 204]])
async def test_stop_is_tried_again_until_the_server_is_gone(
    ledger: Ledger, answers: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW)
    hub.running, hub.answers = {"ann": None}, {"ann": list(answers)}
    clock.now += HOUR
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        for _ in answers:
            await enforcer.look()
            await settled(enforcer)
            clock.now += timedelta(seconds=1)
        await enforcer.look()  # a stop that is pending is not asked for again
        await settled(enforcer)
    assert len(hub.stops) == len(answers)
    failures = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(failures) == (1 if max(answers[:-1], default=0) >= 400 else 0)


async def test_start_is_not_interrupted_but_stopped_when_up(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW)
    hub.running = {"ann": "spawn"}
    clock.now += HOUR
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        await enforcer.look()
        await settled(enforcer)
        assert hub.stops == []
        hub.running = {"ann": None}
        clock.now += timedelta(seconds=1)
        await enforcer.look()
        await settled(enforcer)
    assert hub.stops == ["ann"]


async def test_stops_run_in_parallel_within_a_bound(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    names = [f"n{at:02}" for at in range(module.STOPS_AT_ONCE + 8)]
    for name in names:
        ledger.begin(name, NOW)
        hub.running[name] = None
    hub.page = 10
    clock.now += HOUR
    hub.slow.clear()
    async with serving(hub) as api:
        enforcer = Enforcer(RULES, ledger, api, STAFF, clock)
        await enforcer.look()
        async with asyncio.timeout(10):
            while hub.at_once < module.STOPS_AT_ONCE:
                await asyncio.sleep(0.01)
        clock.now += timedelta(seconds=1)
        await enforcer.look()  # a stop under way is not asked for again
        hub.slow.set()
        await settled(enforcer)
    assert sorted(hub.stops) == names
    assert hub.most_at_once == module.STOPS_AT_ONCE


async def test_unreachable_hub_is_logged_once_and_asked_again(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW)
    hub.running = {"ann": None}
    clock.now += HOUR
    async with Nowhere("http://127.0.0.1:1/hub/api", "secret") as nowhere:
        enforcer = Enforcer(RULES, ledger, nowhere, STAFF, clock)
        module_tick, module.TICK = module.TICK, 0.02
        try:
            running = asyncio.create_task(enforcer.run())
            async with asyncio.timeout(10):
                while nowhere.asked < 5:
                    await asyncio.sleep(0.01)
            complaints = [r for r in caplog.records if r.levelno == logging.WARNING]
            assert len(complaints) == 1
            async with serving(hub) as api:
                enforcer._hub = api
                async with asyncio.timeout(10):
                    while hub.running:
                        await asyncio.sleep(0.01)
        finally:
            module.TICK = module_tick
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_work_without_a_session_begins_one(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    hub.running = {"ann": None, "bo": "spawn", "organizer": None}
    async with serving(hub) as api:
        await Enforcer(RULES, ledger, api, STAFF, clock).look()
    assert [session.attendee for session in ledger.sessions(None)] == ["ann"]


async def test_nobody_stays_outside_the_window(ledger: Ledger) -> None:
    hub, clock = BadHub(), Time()
    ledger.begin("ann", NOW - HOUR)
    hub.running = {"ann": None, "bo": None}
    later = Rules(HOUR, NOW + HOUR, None, seats=100)
    async with serving(hub) as api:
        enforcer = Enforcer(later, ledger, api, STAFF, clock)
        await enforcer.look()
        await settled(enforcer)
    assert sorted(hub.stops) == ["ann", "bo"]


async def test_hub_api_says_what_is_wrong() -> None:
    hub = BadHub()
    async with serving(hub) as api:
        hub.running, hub.answers = {"ann": None}, {"ann": [403]}
        [server] = await api.running()
        with pytest.raises(HubRefused, match="403 as told; the token needs the scopes"):
            await api.stop(server)
    with pytest.raises(RuntimeError, match="async with"):
        await HubApi("http://127.0.0.1:1", "").running()
    async with HubApi("http://127.0.0.1:1", "") as api:
        with pytest.raises(HubUnreachable, match="does not answer"):
            await api.running()
