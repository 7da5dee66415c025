"""Put the pool of warm seats together from a camp's settings and place."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import Engine

from puppetcamp.clock import Clock
from puppetcamp.engine import connect
from puppetcamp.place import SERVICE_PREFIX, Place
from puppetcamp.seating.container import Limits, camp_variables
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.table import LineTable
from puppetcamp.seating.warm import WarmPool
from puppetcamp.seating.warm_filler import WarmFiller
from puppetcamp.seating.warm_maker import Maker, SeatKind
from puppetcamp.seating.warm_store import WarmStore
from puppetcamp.settings import CampSettings


def warm_pool(place: Place, engine: Engine, clock: Clock) -> WarmPool:
    """Make the side of the pool that hands out seats and takes orders."""
    return WarmPool(engine, place.deployment, clock, connect)


@contextlib.asynccontextmanager
async def keeping_warm(
    settings: CampSettings, place: Place, engine: Engine, clock: Clock
) -> AsyncIterator[None]:
    """Keep seats warm while the context lasts; nothing else depends on it."""
    keeping = asyncio.create_task(_keep(settings, place, engine, clock))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def _keep(
    settings: CampSettings, place: Place, engine: Engine, clock: Clock
) -> None:
    store, homes = WarmStore(engine), Homes(engine, place.deployment)
    line = LineTable(engine)
    doors = settings.doors
    await asyncio.to_thread(
        store.aim_as_configured, doors.warm, list(doors.roster), clock()
    )
    filler = WarmFiller(
        store=store,
        homes=homes,
        maker=Maker(seat_kind(settings, place), store, homes, connect),
        clock=clock,
        busy=lambda: bool(line.read()),
        seats=settings.seats.count,
        staff=settings.staff_names,
        closes=settings.camp.closes,
    )
    try:
        await filler.run()
    finally:
        await filler.close()


def seat_kind(settings: CampSettings, place: Place) -> SeatKind:
    """Say what all warm seats of a camp have in common."""
    seats = settings.seats
    return SeatKind(
        deployment=place.deployment,
        limits=Limits(seats.memory, seats.cpus, seats.processes),
        variables=camp_variables(
            "attendee", place.service(settings) + SERVICE_PREFIX, settings.camp.course
        ),
        hub_api=f"{place.hub_api(settings)}/hub/api",
    )
