"""Keep as many seats warm as the organizer wants, while nobody waits for a start."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from puppetcamp.clock import Clock
from puppetcamp.engine import EngineFailure
from puppetcamp.errors import CampError
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.warm import claim_address, claim_headers
from puppetcamp.seating.warm_maker import Maker
from puppetcamp.seating.warm_plan import Target, plan
from puppetcamp.seating.warm_rows import BROKEN, CLAIMED, MAKING, READY
from puppetcamp.seating.warm_store import Kept, WarmStore

log = logging.getLogger(__name__)

PERIOD = 1.0
"""Seconds between two looks at what there is and what there shall be."""

CHECK_EVERY = 20.0
"""Seconds between two questions to a ready seat whether it is well."""

STRIKES = 2
"""After how many questions in a row without an answer a seat is replaced."""

START_PATIENCE = 180.0
"""Seconds within which a warm seat must be ready."""

PAUSE_AFTER_FAILURE = 10.0

QUIET = timedelta(seconds=15)
"""How long after a claim no seat is made: people come together, and come first."""

SETTLED = timedelta(seconds=60)
"""How long after its claim a seat is looked after: then it is its owner's for good."""

FAILURES = (
    SQLAlchemyError,
    EngineFailure,
    CampError,
    OSError,
    aiohttp.ClientError,
    TimeoutError,
)


class NeverReady(CampError):
    """Report a warm seat whose server did not come up."""


@dataclass
class WarmFiller:
    """Make, check and remove warm seats, in the camp's service.

    `busy` says whether anybody waits for a seat to start: they come first. `seats` is
    how many people may work at once; containers named in `staff` count for none.
    After `closes` nothing is kept warm.
    """

    store: WarmStore
    homes: Homes
    maker: Maker
    clock: Clock
    busy: Callable[[], bool]
    seats: int
    staff: frozenset[str]
    closes: datetime | None = None
    at_once: int = os.cpu_count() or 1

    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _strikes: dict[str, int] = field(default_factory=dict)
    _checked: float = 0.0
    _not_before: float = 0.0

    async def run(self) -> None:
        """Go on until cancelled; a failure is told and tried again."""
        started = False
        while True:
            try:
                if not started:
                    await asyncio.to_thread(self._recover)
                    started = True
                await self.step()
            except FAILURES as error:
                log.warning("warm seats: %s", error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE)
            await asyncio.sleep(PERIOD)

    async def close(self) -> None:
        """Give up what is being made; the next service removes it."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def step(self) -> None:
        """Look once at what there is, and do what is missing."""
        seats = await asyncio.to_thread(self.store.all)
        target = await asyncio.to_thread(self._target)
        if not seats and not target.total:
            return
        for seat in seats:
            if seat.state in (BROKEN, CLAIMED):
                await asyncio.to_thread(self._settle, seat)
        ready = [seat for seat in seats if seat.state == READY]
        await self._check(ready)
        if self._just_claimed(seats) or await asyncio.to_thread(self.busy):
            return
        await self._fill(target, [s for s in seats if s.state in (MAKING, READY)])

    async def _fill(self, target: Target, seats: list[Kept]) -> None:
        """Remove what is not wanted, begin what is missing."""
        present = await asyncio.to_thread(self._present)
        arrived = present
        if target.since is not None:
            arrived |= await asyncio.to_thread(self.homes.entered_since, target.since)
        decided = plan(
            target,
            [seat.plain() for seat in seats],
            arrived=arrived,
            room=self.seats - len(present - self.staff),
        )
        by_id = {seat.id: seat for seat in seats}
        for id in decided.remove:
            await asyncio.to_thread(self._remove, by_id[id])
        free = self.at_once - len(self._tasks)
        if time.monotonic() < self._not_before:
            return
        for attendee in decided.make[: max(free, 0)]:
            seat = await asyncio.to_thread(self.maker.begin, attendee, self.clock())
            task = asyncio.create_task(self._make(seat))
            self._tasks[seat.id] = task
            task.add_done_callback(self._forget_task)

    def _forget_task(self, done: asyncio.Task[None]) -> None:
        self._tasks = {id: task for id, task in self._tasks.items() if task is not done}

    async def _make(self, seat: Kept) -> None:
        """Start a seat and wait until it is ready to be claimed."""
        try:
            container, address = await asyncio.to_thread(self.maker.start, seat)
            started = Kept(**{**vars(seat), "container": container, "address": address})
            await self._until_ready(started)
            if await asyncio.to_thread(self.store.made, seat.id, container, address):
                return
        except FAILURES as error:
            log.warning("a warm seat was not made: %s", error)
            self._not_before = time.monotonic() + PAUSE_AFTER_FAILURE
        try:
            await asyncio.to_thread(self._remove, seat)
        except FAILURES as error:
            log.warning("the warm seat %s is removed later: %s", seat.id, error)

    async def _until_ready(self, seat: Kept) -> None:
        """Ask a seat until it answers; raises NeverReady."""
        deadline = time.monotonic() + START_PATIENCE
        while not await _is_ready(seat):
            if time.monotonic() > deadline:
                message = f"{seat.id} was not ready within {START_PATIENCE:.0f} s"
                raise NeverReady(message)
            if seat.container not in await asyncio.to_thread(self.maker.running):
                message = f"{seat.id} ended while it started"
                raise NeverReady(message)
            await asyncio.sleep(0.5)

    async def _check(self, ready: list[Kept]) -> None:
        """Ask every ready seat now and then whether it is well."""
        if time.monotonic() < self._checked + CHECK_EVERY:
            return
        self._checked = time.monotonic()
        answers = await asyncio.gather(*(_is_ready(seat) for seat in ready))
        for seat, well in zip(ready, answers, strict=True):
            strikes = 0 if well else self._strikes.get(seat.id, 0) + 1
            self._strikes[seat.id] = strikes
            if strikes >= STRIKES:
                log.warning("the warm seat %s does not answer; it is replaced", seat.id)
                await asyncio.to_thread(self._remove, seat)
        known = {seat.id for seat in ready}
        self._strikes = {id: n for id, n in self._strikes.items() if id in known}

    def _just_claimed(self, seats: list[Kept]) -> bool:
        """Tell whether somebody has got a warm seat a moment ago."""
        since = self.clock() - QUIET
        return any(seat.claimed is not None and seat.claimed > since for seat in seats)

    def _recover(self) -> None:
        """Clear up what another service has begun and nobody goes on with."""
        seats = self.store.all()
        self.maker.strays(seats)
        running = self.maker.running() if seats else {}
        for seat in seats:
            stopped = seat.state == READY and seat.container not in running
            if seat.state == MAKING or stopped:
                self._remove(seat)

    def _settle(self, seat: Kept) -> None:
        """End the story of a seat that is broken, or claimed some time ago."""
        if seat.state == BROKEN:
            self.maker.remove(seat)
        elif seat.claimed is None or self.clock() - seat.claimed > SETTLED:
            # Whoever claimed it has renamed it; if they died before, it is nobody's.
            name = self.maker.running().get(seat.container)
            if name == self.maker.name(seat):
                self.store.failed(seat.id)
            else:
                self.store.forget(seat.id)

    def _remove(self, seat: Kept) -> None:
        """Remove a seat, unless somebody has claimed it meanwhile."""
        if self.store.drop(seat.id):
            self.maker.remove(seat)

    def _target(self) -> Target:
        if self.closes is not None and self.clock() >= self.closes:
            return Target()
        return self.store.target()

    def _present(self) -> frozenset[str]:
        """Name everybody who has a running seat."""
        return self.maker.present(self.maker.running())


async def _is_ready(seat: Kept) -> bool:
    """Ask a seat's server, by its claim address, whether it could take its owner."""
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(claim_address(seat), headers=claim_headers(seat)) as answer,
        ):
            return answer.status == 200
    except (OSError, aiohttp.ClientError, TimeoutError):
        return False
