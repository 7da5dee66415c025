"""Bundles are made while the camp's service runs; no container is left afterwards."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from puppetcamp.clock import Clock
from puppetcamp.errors import CampError
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.place import Place
from puppetcamp.seating.homes import Homes
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import CampSettings
from puppetcamp.takehome import builder
from puppetcamp.takehome.counter import Counter
from puppetcamp.takehome.maker import Maker, World
from puppetcamp.takehome.store import TakeHomeStore
from puppetcamp.takehome.task import task

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TakeHome:
    """Hold what makes bundles and hands them out, put together for one camp."""

    counter: Counter
    label: str

    def ended(self, attendee: str) -> None:
        """Hear that a session has ended; never waits and never raises."""
        if self.counter.maker is not None:
            self.counter.maker.ended(attendee)

    def shown(self, attendee: str, now: Any) -> dict[str, Any] | None:
        """Say how it stands, in the words of the countdown's API."""
        if self.counter.maker is None:
            return None
        return self.counter.store.shown(attendee, now)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Make bundles; what cannot be done is logged and holds up nobody."""
        maker = self.counter.maker
        if maker is None:
            yield
            return
        await asyncio.to_thread(self._try, lambda: builder.sweep(self.label))
        await asyncio.to_thread(self._try, maker.start)
        try:
            yield
        finally:
            await asyncio.to_thread(maker.close)
            await asyncio.to_thread(self._try, lambda: builder.sweep(self.label))
            await asyncio.to_thread(maker.join)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except (CampError, OSError) as error:
            log.warning("%s", error)


def take_home(
    engine: Engine,
    settings: CampSettings,
    place: Place,
    timekeeper: Timekeeper,
    exchange: ExchangeStore,
    clock: Clock,
) -> TakeHome:
    """Put a camp's take-home together; the engine's tables are made by its owner."""
    deployment, zone = place.deployment, settings.camp.zone
    keep, slots = settings.take_home.keep, os.cpu_count() or 1
    store = TakeHomeStore(engine, place.take_home_root, keep, slots)

    def told(attendee: str, plain: bool) -> bytes:
        standings = exchange.standing(settings.camp.course, attendee)
        return task(settings.camp.name, attendee, standings, clock(), zone, plain=plain)

    world = World(
        standings=timekeeper.standings,
        volume=Homes(engine, deployment).volume_of,
        runs=lambda name: builder.runs(deployment.seat_container(name)),
        task=told,
    )
    build = builder.Builder(deployment.attendee_image, deployment.labels).build
    maker = Maker(store, build, world, clock, slots=slots) if keep else None
    counter = Counter(store, maker, timekeeper.standing, clock, zone)
    return TakeHome(counter, deployment.label)
