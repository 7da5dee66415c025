"""The enforcer against a hub that behaves badly, over real HTTP.

A real hub does not fail on demand; tests/hub has the enforcer at work with a real one.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import Engine

from puppetcamp.errors import SessionError
from puppetcamp.sessions import enforcer as module
from puppetcamp.sessions.enforcer import Enforcer
from puppetcamp.sessions.hub_api import (
    HubApi,
    HubRefused,
    HubUnreachable,
    RunningServer,
)
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.timekeeper import Timekeeper
from tests.unit.sessions.support import (
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    Time,
    rules,
    timekeeper,
)


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


@pytest.fixture
def times(engine: Engine, clock: Time) -> Timekeeper:
    """Give a timekeeper with an hour for everybody."""
    return timekeeper(engine, clock, rules(HOUR))


async def test_expired_servers_are_stopped_and_no_others(
    times: Timekeeper, clock: Time
) -> None:
    hub = BadHub()
    for name in ["ann", "bo", "cy", "di", "ed"]:
        times.enter(name)
        hub.running[name] = None
        clock.now += MINUTE
    hub.running["organizer"] = None
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        for minutes, gone in ((59, []), (60, ["ann"]), (62, ["ann", "bo", "cy"])):
            clock.now = NOW + timedelta(minutes=minutes)
            await enforcer.look()
            await settled(enforcer)
            assert sorted(hub.stops) == gone
    assert set(hub.running) == {"di", "ed", "organizer"}


async def test_pause_ends_at_the_next_deadline(times: Timekeeper, clock: Time) -> None:
    hub = BadHub()
    times.enter("ann")
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        assert await enforcer.look() == module.TICK
        clock.now = NOW + HOUR - timedelta(seconds=0.25)
        assert await enforcer.look() == pytest.approx(0.25)


async def test_hub_is_asked_only_when_there_is_reason(
    times: Timekeeper, clock: Time
) -> None:
    hub = BadHub()
    times.enter("ann")
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        for _ in range(20):
            await enforcer.look()
            clock.now += timedelta(seconds=0.5)
    assert hub.listings == 2


@pytest.mark.parametrize("answers", [[500, 204], [202], [400, 503, 404], [403, 204]])
async def test_stop_is_tried_again_until_the_server_is_gone(
    times: Timekeeper, clock: Time, answers: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    hub = BadHub()
    times.enter("ann")
    hub.running, hub.answers = {"ann": None}, {"ann": list(answers)}
    clock.now += HOUR
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        for _ in answers:
            await enforcer.look()
            await settled(enforcer)
            clock.now += timedelta(seconds=1)
        await enforcer.look()  # a stop that is pending is not asked for again
        await settled(enforcer)
    assert len(hub.stops) == len(answers)
    failures = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(failures) == (1 if max(answers[:-1], default=0) >= 400 else 0)


async def test_start_is_not_interrupted_but_stopped_when_up(
    times: Timekeeper, clock: Time
) -> None:
    hub = BadHub()
    times.enter("ann")
    hub.running = {"ann": "spawn"}
    clock.now += HOUR
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        await enforcer.look()
        await settled(enforcer)
        assert hub.stops == []
        hub.running = {"ann": None}
        clock.now += timedelta(seconds=1)
        await enforcer.look()
        await settled(enforcer)
    assert hub.stops == ["ann"]


async def test_stops_run_in_parallel_within_a_bound(
    times: Timekeeper, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOPS_AT_ONCE", 12)
    hub = BadHub()
    names = [f"n{at:02}" for at in range(module.STOPS_AT_ONCE + 8)]
    for name in names:
        times.enter(name)
        hub.running[name] = None
    hub.page = 10
    clock.now += HOUR
    hub.slow.clear()
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
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
    times: Timekeeper, clock: Time, caplog: pytest.LogCaptureFixture
) -> None:
    hub = BadHub()
    times.enter("ann")
    hub.running = {"ann": None}
    clock.now += HOUR
    async with Nowhere("http://127.0.0.1:1/hub/api", "secret") as nowhere:
        enforcer = Enforcer(times, nowhere)
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


async def test_work_without_a_session_begins_one(
    times: Timekeeper, clock: Time
) -> None:
    hub = BadHub()
    hub.running = {"ann": None, "bo": "spawn", "organizer": None}
    async with serving(hub) as api:
        await Enforcer(times, api).look()
    assert list(times.standings()) == ["ann"]


async def test_nobody_stays_outside_the_window(engine: Engine, clock: Time) -> None:
    hub = BadHub()
    timekeeper(engine, clock).enter("ann")
    hub.running = {"ann": None, "bo": None}
    later = timekeeper(engine, clock, rules(HOUR, opens=NOW + HOUR))
    async with serving(hub) as api:
        enforcer = Enforcer(later, api)
        await enforcer.look()
        await settled(enforcer)
    assert sorted(hub.stops) == ["ann", "bo"]


async def test_extension_spares_whose_stop_waits_its_turn(
    times: Timekeeper, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOPS_AT_ONCE", 1)
    hub = BadHub()
    for name in ("ann", "bo"):
        times.enter(name)
        hub.running[name] = None
    clock.now += HOUR
    hub.slow.clear()
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        await enforcer.look()
        async with asyncio.timeout(10):
            while not hub.stops:
                await asyncio.sleep(0.01)
        [other] = {"ann", "bo"} - set(hub.stops)
        times.extend(other, "organizer")
        clock.now += SECOND
        await enforcer.look()
        hub.slow.set()
        await settled(enforcer)
    assert set(hub.running) == {other}


async def test_pause_keeps_everybody_and_an_end_sends_one_away(
    times: Timekeeper, clock: Time
) -> None:
    hub = BadHub()
    for name in ("ann", "bo"):
        times.enter(name)
        hub.running[name] = None
    ended: list[str] = []
    async with serving(hub) as api:
        enforcer = Enforcer(times, api, ended.append)
        times.pause("organizer")
        clock.now += 5 * HOUR
        await enforcer.look()
        times.resume("organizer")
        times.end("bo", "organizer")
        await enforcer.look()
        await settled(enforcer)
        assert hub.stops == []
        clock.now += 15 * SECOND
        await enforcer.look()
        await settled(enforcer)
    assert hub.stops == ended == ["bo"]


async def test_ledger_that_cannot_be_written_stops_nobody_but_the_overdue(
    times: Timekeeper, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = BadHub()
    times.enter("bo")
    hub.running = {"ann": None, "bo": None}
    clock.now += HOUR

    def full(*_: object) -> None:
        message = "the camp's ledger cannot be used: disk full"
        raise SessionError(message)

    monkeypatch.setattr(Ledger, "begin", full)
    async with serving(hub) as api:
        enforcer = Enforcer(times, api)
        await enforcer.look()
        await settled(enforcer)
    assert hub.stops == ["bo"]


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
