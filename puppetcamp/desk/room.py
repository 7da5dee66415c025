"""The desk put together: everything that it is made of, behind four words.

``install`` adds its routes to the service's application, ``running`` keeps it at work,
``notices`` and ``progress_store`` are what other capabilities ask of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import docker
from fastapi import FastAPI
from sqlalchemy import Engine

from puppetcamp.desk import help_page
from puppetcamp.desk.actions import Desk
from puppetcamp.desk.actions_api import DeskActions
from puppetcamp.desk.api import DeskViews
from puppetcamp.desk.audit import Audit
from puppetcamp.desk.consents import Consents
from puppetcamp.desk.exercises import class_work
from puppetcamp.desk.notices import Notices
from puppetcamp.desk.problems import Problems
from puppetcamp.desk.shares import Shares
from puppetcamp.desk.usage import Usages
from puppetcamp.desk.watch import Pool, Sources, Watch
from puppetcamp.place import SERVICE_PREFIX, Place
from puppetcamp.progress import api as progress_api
from puppetcamp.progress.store import ProgressStore
from puppetcamp.seating.table import LineTable
from puppetcamp.seating.warm_store import WarmStore
from puppetcamp.sessions.hub_api import HubApi
from puppetcamp.sessions.idleness import Idleness
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import CampSettings


class DeskRoom:
    """Hold one camp's desk.

    `leaving` tells whether the service is about to end; `connect` reaches the Engine.
    """

    def __init__(
        self,
        settings: CampSettings,
        place: Place,
        engine: Engine,
        timekeeper: Timekeeper,
        idleness: Idleness,
        leaving: Callable[[], bool],
        connect: Callable[[], docker.DockerClient],
    ) -> None:
        clock = timekeeper.now
        self.notices = Notices(engine)
        self.progress_store = ProgressStore(engine)
        self._settings = settings
        self._leaving = leaving
        self._audit = Audit(engine)
        self._consents = Consents(engine)
        self._shares = Shares(self._consents, self._audit, clock)
        self._usages = Usages(connect, place.deployment)
        warm = WarmStore(engine)

        def pool() -> Pool:
            return warm.counts(), warm.all()

        self.watch = Watch(
            Sources(
                settings=settings,
                place=place,
                timekeeper=timekeeper,
                audit=self._audit,
                problems=Problems(engine),
                consents=self._consents,
                line=LineTable(engine).read,
                warm=pool,
                progress=self.progress_store.progress,
                work=lambda: class_work(engine, settings.camp.course),
                usage=self._usages.latest,
                active=idleness.active,
            )
        )
        self._desk = Desk(
            timekeeper=timekeeper,
            notices=self.notices,
            consents=self._consents,
            watch=self.watch,
            clock=clock,
            aim=warm.aim,
            roster=settings.doors.roster,
        )

    def install(self, app: FastAPI) -> None:
        """Add the desk's routes, the attendee's page about help, and progress."""
        settings, clock = self._settings, self._desk.clock
        app.state.instructors_extend = settings.extensions.instructors
        reported = self.progress_store if settings.desk.progress else None
        for router in (
            DeskViews(self.watch, self._audit, self._leaving).router(),
            DeskActions(self._desk, self._audit).router(),
            help_page.router(self._consents, self._shares, clock, settings.camp.zone),
            progress_api.router(reported, clock),
        ):
            app.include_router(router, prefix=SERVICE_PREFIX)

    @contextlib.asynccontextmanager
    async def running(self, hub: HubApi) -> AsyncIterator[None]:
        """Keep the desk at work with a hub to ask."""
        self.watch.hub = self._shares.hub = hub
        tasks = [
            asyncio.create_task(work) for work in (self.watch.run(), self._shares.run())
        ]
        try:
            yield
        finally:
            for task in (*tasks, *self._desk.tasks):
                task.cancel()
            await asyncio.gather(*tasks, *self._desk.tasks, return_exceptions=True)
            self._usages.close()
