"""The enforcer: stop every attendee's server when their time is up, on time.

It runs beside the hub, asks the ledger every second, and asks the hub only when a
deadline has passed or a while has gone by: a hub with many users is spared a listing
every second. Stops run in parallel. Whatever fails is tried again until the server is
gone; what keeps failing is logged once.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Protocol

from puppetcamp.clock import Clock, utc_now
from puppetcamp.errors import CampError
from puppetcamp.sessions.hub_api import HubUnreachable, RunningServer
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import CampSession, Rules, deadline, may_stay

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two looks at the ledger, at most."""

SWEEP = timedelta(seconds=5)
"""How long the hub goes unasked when no deadline passes. It bounds how long a server
may outlive its deadline that became ready only after it."""

STOPS_AT_ONCE = 32
"""How many stops may be under way in the hub at the same time."""


class Hub(Protocol):
    """What the enforcer needs of a hub."""

    async def running(self) -> list[RunningServer]:
        """List the servers that run, start or stop."""

    async def stop(self, server: RunningServer) -> None:
        """Ask for a server to be stopped."""


class Enforcer:
    """Stop the servers of attendees whose time is up; staff are left alone."""

    def __init__(
        self,
        rules: Rules,
        ledger: Ledger,
        hub: Hub,
        staff: frozenset[str],
        clock: Clock = utc_now,
    ) -> None:
        self._rules = rules
        self._ledger = ledger
        self._hub = hub
        self._staff = staff
        self._clock = clock
        self._swept: datetime | None = None
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
        now = self._clock()
        known = await asyncio.to_thread(self._ledger.sessions, self._rules.opens)
        sessions = {session.attendee: session for session in known}
        moments = [deadline(self._rules, session) for session in known]
        moments += [m for m in (self._rules.opens, self._rules.closes) if m]
        if self._is_due(moments, now):
            await self._sweep(sessions, now)
            self._swept = now
            self._content("look")
        coming = [(moment - now).total_seconds() for moment in moments if moment > now]
        return min([TICK, *coming])

    def _is_due(self, moments: list[datetime], now: datetime) -> bool:
        if self._unfinished or self._swept is None:
            return True
        last = self._swept
        if not last <= now < last + SWEEP:  # a clock that was put back counts, too
            return True
        return any(last < moment <= now for moment in moments)

    async def _sweep(self, sessions: dict[str, CampSession], now: datetime) -> None:
        """Compare what runs with what may run."""
        self._unfinished = True
        servers = [s for s in await self._hub.running() if s.owner not in self._staff]
        overdue = []
        for server in servers:
            session = sessions.get(server.owner)
            if not may_stay(self._rules, session, now):
                overdue.append(server)
            elif session is None and server.pending is None:
                await asyncio.to_thread(self._begin, server.owner, now)
        for server in overdue:
            # A start is not interrupted, the hub may lose track of the container:
            # it is not reachable yet, and is stopped as soon as it is up.
            if server.pending is None and server not in self._stops:
                self._stops[server] = asyncio.create_task(self._stop(server))
        self._unfinished = bool(overdue)

    def _begin(self, attendee: str, now: datetime) -> None:
        """Begin the time of somebody who works without, as after a full disk."""
        session = self._ledger.begin(attendee, now, self._rules.opens)
        if session.started == now:
            log.warning("%s worked without a camp session; it begins now", attendee)

    async def _stop(self, server: RunningServer) -> None:
        topic = f"stop {server.owner}"
        try:
            async with self._slots:
                log.info("the time of %s is up: stopping their server", server.owner)
                await self._hub.stop(server)
            self._content(topic)
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
