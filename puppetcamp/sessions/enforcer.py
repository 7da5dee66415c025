"""The enforcer: stop every attendee's server when their time is up, on time.

It runs beside the hub, asks the ledger every second, and asks the hub only when a
deadline has passed or a while has gone by: a hub with many users is spared a listing
every second. Stops run in parallel. Whatever fails is tried again until the server is
gone; what keeps failing is logged once.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from puppetcamp.errors import CampError, SessionError
from puppetcamp.sessions.hub_api import HubUnreachable, RunningServer
from puppetcamp.sessions.policy import Standing
from puppetcamp.sessions.timekeeper import Timekeeper

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two looks at the ledger, at most."""

SWEEP = timedelta(seconds=5)
"""How long the hub goes unasked when no deadline passes. It bounds how long a server
may outlive its deadline that became ready only after it."""

STOPS_AT_ONCE = 512
"""How many stops may be asked for at the same time: a whole class whose time is up in
the same second. How many are carried out side by side is for the hub's spawner."""

Hook = Callable[[str], None]
"""Be told whose server is being stopped because their time is up; quick."""


class Hub(Protocol):
    """What the enforcer needs of a hub."""

    async def running(self) -> list[RunningServer]:
        """List the servers that run, start or stop."""

    async def stop(self, server: RunningServer) -> None:
        """Ask for a server to be stopped."""


class Enforcer:
    """Stop the servers of attendees whose time is up; staff are left alone."""

    def __init__(
        self, timekeeper: Timekeeper, hub: Hub, on_ended: Hook | None = None
    ) -> None:
        self._timekeeper = timekeeper
        self._rules = timekeeper.rules
        self._hub = hub
        self._on_ended = on_ended
        self._swept: datetime | None = None
        self._overdue: set[str] = set()
        self._unfinished = False
        self._stops: dict[RunningServer, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(STOPS_AT_ONCE)
        self._complaints: set[str] = set()

    async def run(self) -> None:
        """Enforce deadlines until cancelled."""
        try:
            while True:
                pause = TICK
                try:
                    pause = await self.look()
                except CampError as error:
                    self._complain("look", "%s; the enforcer keeps trying", error)
                except Exception:
                    log.exception("the enforcer stumbled and goes on")
                await asyncio.sleep(pause)
        finally:
            for stop in self._stops.values():
                stop.cancel()
            await asyncio.gather(*self._stops.values(), return_exceptions=True)

    async def look(self) -> float:
        """Look once, start the stops that are due, and say how long to pause.

        Does not wait for the stops. Raises CampError if ledger or hub fail; the next
        look asks both again.
        """
        now = self._timekeeper.now()
        known = await asyncio.to_thread(self._timekeeper.standings)
        moments = [s.deadline for s in known.values() if s.deadline is not None]
        moments += [m for m in (self._rules.opens, self._rules.closes) if m]
        if self._is_due(moments, now):
            await self._sweep()
            self._swept = now
            self._content("look")
        coming = [(moment - now).total_seconds() for moment in moments if moment > now]
        return min([TICK, *coming])

    def _is_due(self, moments: list[datetime], now: datetime) -> bool:
        if self._unfinished or self._swept is None:
            return True
        last = self._swept
        if not last <= now < last + SWEEP:
            return True
        return any(last < moment <= now for moment in moments)

    async def _sweep(self) -> None:
        """Compare what runs with what may run.

        The ledger is read after the hub: whoever the hub knows to be in has had their
        time begun, and an extension is met however late it was given.
        """
        self._unfinished = True
        servers = [
            server
            for server in await self._hub.running()
            if server.owner not in self._rules.staff
        ]
        known = await asyncio.to_thread(self._timekeeper.standings)
        overdue = []
        for server in servers:
            found = known.get(server.owner) or await self._of_stranger(server)
            if found is not None and not found.may_stay:
                overdue.append(server)
        self._overdue = {server.owner for server in overdue}
        for server in overdue:
            # A start is not interrupted, the hub may lose track of the container:
            # it is not reachable yet, and is stopped as soon as it is up.
            if server.pending is None and server not in self._stops:
                self._stops[server] = asyncio.create_task(self._stop(server))
        self._unfinished = bool(overdue)

    async def _of_stranger(self, server: RunningServer) -> Standing | None:
        """Begin the time of somebody who works without, as after a full disk."""
        topic = f"begin {server.owner}"
        act = self._timekeeper.enter if server.pending is None else None
        try:
            ask = act or self._timekeeper.standing
            found = await asyncio.to_thread(ask, server.owner)
        except SessionError as error:
            self._complain(topic, "%s; trying again", error)
            return None
        if act is not None and found.started is not None:
            log.warning("%s worked without a camp session; it begins now", server.owner)
        self._content(topic)
        return found

    async def _stop(self, server: RunningServer) -> None:
        topic = f"stop {server.owner}"
        try:
            async with self._slots:
                if server.owner not in self._overdue:  # given more time meanwhile
                    return
                log.info("the time of %s is up: stopping their server", server.owner)
                await self._hub.stop(server)
            self._content(topic)
            if self._on_ended is not None:
                self._on_ended(server.owner)
        except CampError as error:
            self._complain(topic, "%s; trying again until it is gone", error)
        except Exception:
            log.exception("stopping the server of %s failed", server.owner)
        finally:
            del self._stops[server]

    def _complain(self, topic: str, text: str, error: CampError) -> None:
        """Log a failure the first time only: it will be met again every second."""
        if topic not in self._complaints:
            level = (
                logging.WARNING if isinstance(error, HubUnreachable) else logging.ERROR
            )
            log.log(level, text, error)
        self._complaints.add(topic)

    def _content(self, topic: str) -> None:
        if topic in self._complaints:
            self._complaints.discard(topic)
            log.info("the enforcer is at work again (%s)", topic)
