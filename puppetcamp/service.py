"""The camp's one web service: it mounts every capability's API and keeps the time.

The hub starts it (``python -m puppetcamp.service``) with a token of its own; one port,
one token check and one OpenAPI document serve exchange, grading and sessions.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from jupyterhub.services.auth import HubOAuth
from sqlalchemy import Engine

from puppetcamp.browser import SignIn
from puppetcamp.clock import camp_clock, utc_now
from puppetcamp.database import create_tables, open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.desk.problems import keep_problems
from puppetcamp.desk.room import DeskRoom
from puppetcamp.engine import connect
from puppetcamp.exchange import api as exchange_api
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.failures import say_what_failed
from puppetcamp.grading import api as grading_api
from puppetcamp.grading.jobs.queue import JobQueue
from puppetcamp.grading.jobs.store import JobStore
from puppetcamp.grading.jobs.version import GraderVersion
from puppetcamp.grading.lifetime import alone, graded
from puppetcamp.grading.runner import Runner
from puppetcamp.methods import say_allowed_methods
from puppetcamp.place import SERVICE_PREFIX, Place
from puppetcamp.reserve import Reserve
from puppetcamp.seating.warm_service import keeping_warm
from puppetcamp.sessions import api as sessions_api
from puppetcamp.sessions.clock_keeper import ClockKeeper
from puppetcamp.sessions.enforcer import Enforcer
from puppetcamp.sessions.hub_api import HubApi
from puppetcamp.sessions.idleness import Idleness
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import CampSettings, load
from puppetcamp.takehome import api as take_home_api
from puppetcamp.takehome.lifetime import take_home

log = logging.getLogger("puppetcamp.service")

KEEP_ALIVE_SECONDS = 75
"""How long a connection of the proxy may rest. Seats ask every five seconds: a shorter
rest would close connections in the moment in which they are used again."""

GRACE_SECONDS = 5
"""How long requests that are under way may hold up the end of the service."""


def create_app(
    settings: CampSettings,
    place: Place,
    hub_auth: HubOAuth,
    leaving: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """Put the camp's service together; nothing runs until it is served.

    `leaving` tells whether it is about to end.
    """
    engine = open_engine(place.camp_database)
    create_tables(engine)
    clock = camp_clock(engine)
    keep_problems(engine, clock)
    timekeeper = Timekeeper(settings.rules(), Ledger(engine), clock)
    deployment = place.deployment
    queue = grading_queue(engine, deployment)
    idleness = Idleness(engine, settings.session.idle_timeout)
    room = DeskRoom(settings, place, engine, timekeeper, idleness, leaving, connect)
    store = ExchangeStore(engine, place.exchange_root)
    taking_home = take_home(engine, settings, place, timekeeper, store, clock)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with (
            alone(place.service_lock),
            graded(queue, connect, deployment.label),
            HubApi(hub_auth.api_url, hub_auth.api_token) as hub,
            keeping_time(
                Enforcer(timekeeper, hub, taking_home.ended),
                ClockKeeper(clock, timekeeper),
                Reserve(place.root),
            ),
            keeping_warm(settings, place, engine, clock),
            taking_home.running(),
            room.running(hub),
        ):
            # What a service that was killed has left behind.
            await asyncio.to_thread(store.discard_unfinished)
            yield

    app = FastAPI(
        title="Puppet camp",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{SERVICE_PREFIX}/openapi.json",
    )
    say_allowed_methods(app)
    say_what_failed(app)
    app.state.hub_auth = hub_auth
    app.state.staff = settings.staff
    SignIn(hub_auth, _secret(place, hub_auth), secure=settings.server.https).install(
        app
    )
    beside = sessions_api.Beside(
        notices=room.notices.of,
        take_home=taking_home.shown,
        idle=idleness.ends_at,
        present=idleness.present,
        quiet=idleness.quiet,
        progress=settings.desk.progress,
    )
    for router in (
        exchange_api.router(store, utc_now),
        grading_api.router(queue),
        sessions_api.router(timekeeper, beside),
        take_home_api.router(taking_home.counter, settings.camp.name),
    ):
        app.include_router(router, prefix=SERVICE_PREFIX)
    room.install(app)

    @app.get(f"{SERVICE_PREFIX}/health", include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "open"}

    return app


@contextlib.asynccontextmanager
async def keeping_time(
    enforcer: Enforcer, clock: ClockKeeper, reserve: Reserve
) -> AsyncIterator[None]:
    """Enforce deadlines while the context lasts; without that there is no service."""
    enforcing = asyncio.create_task(enforcer.run())
    enforcing.add_done_callback(_never_ends)
    tasks = (
        enforcing,
        asyncio.create_task(clock.run()),
        asyncio.create_task(reserve.keep()),
    )
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def grading_queue(engine: Engine, deployment: Deployment) -> JobQueue:
    """Make the queue of gradings, one at a time for each core of the machine."""
    slots = os.cpu_count() or 1
    image = deployment.attendee_image
    return JobQueue(
        JobStore(engine),
        Runner(connect, image, deployment.labels, at_once=slots),
        version=GraderVersion(connect, image),
        clock=utc_now,
        slots=slots,
    )


def _never_ends(task: "asyncio.Task[None]") -> None:
    """End the service when the enforcer dies: the hub starts it anew, clock and all."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("the enforcer died; ending the service", exc_info=task.exception())
        os._exit(1)


def _secret(place: Place, hub_auth: HubOAuth) -> bytes:
    """Find what signs the service's cookies: it should outlive a restart of the hub."""
    try:
        return place.cookie_secret.read_bytes()
    except OSError:
        return str(hub_auth.api_token).encode()


def main() -> None:
    """Serve the camp's service where the hub expects it."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    place = Place.from_environment()
    url = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    # The hub's answer on a token is kept for seconds only, so that a stopped server's
    # token dies with it.
    hub_auth = HubOAuth(cache_max_age=10)
    server: uvicorn.Server

    def leaving() -> bool:
        return server.should_exit

    app = create_app(load(place.settings_file), place, hub_auth, leaving)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=url.hostname or "127.0.0.1",
            port=url.port or 80,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    server.run()


if __name__ == "__main__":
    main()
