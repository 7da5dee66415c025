"""The desk over HTTP, to act: every action, with its line in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from puppetcamp.desk import actions
from puppetcamp.desk.actions import Desk
from puppetcamp.desk.audit import Audit
from puppetcamp.desk.schemas import (
    Action,
    Ask,
    Attendees,
    Extend,
    Message,
    Outcome,
    Outcomes,
    Warm,
    Whom,
)
from puppetcamp.desk.viewer import (
    REFUSED_ACTION,
    Asker,
    Ender,
    Extender,
    Messenger,
    Pauser,
    Porter,
    Restarter,
    Warmer,
)
from puppetcamp.identity import Person
from puppetcamp.quantities import in_words


@dataclass(frozen=True)
class DeskActions:
    """Build the routes by which something is done at the desk."""

    desk: Desk
    audit: Audit

    def router(self) -> APIRouter:
        """Put the routes together."""
        routes = APIRouter(
            prefix="/api/desk/actions", tags=["desk"], responses=REFUSED_ACTION
        )
        self._add_time(routes)
        self._add_words(routes)
        self._add_class(routes)
        self._add_seats(routes)
        return routes

    def _add_time(self, routes: APIRouter) -> None:
        desk = self.desk

        @routes.post("/extend")
        async def extend(asked: Extend, by: Extender) -> Outcomes:
            """Give more time."""
            step = desk.timekeeper.rules.extension_step
            given = step if asked.seconds is None else timedelta(seconds=asked.seconds)
            found = await run_in_threadpool(actions.extend, desk, by.name, asked)
            what = f"{in_words(given)} more"
            return await self._done(Action.EXTEND, by, what, found, asked.attendees)

        @routes.post("/end")
        async def end(asked: Attendees, by: Ender) -> Outcomes:
            """End attendees' time; their servers stop when all is saved."""
            whom = asked.attendees
            found = await run_in_threadpool(actions.end, desk, by.name, whom)
            return await self._done(Action.END, by, "time ended", found, whom)

    def _add_words(self, routes: APIRouter) -> None:
        desk = self.desk

        @routes.post("/message")
        async def message(asked: Message, by: Messenger) -> Outcomes:
            """Show a message on attendees' screens."""
            found = await run_in_threadpool(actions.message, desk, by.name, asked)
            what = f"message: {asked.text}"
            return await self._done(Action.MESSAGE, by, what, found, asked.attendees)

        @routes.post("/ask")
        async def ask(asked: Ask, by: Asker) -> Outcomes:
            """Ask attendees, by name, whether you may open their server."""
            whom = asked.attendees
            found = await run_in_threadpool(actions.ask, desk, by.name, whom)
            what = "asked to open their JupyterLab"
            return await self._done(Action.ASK, by, what, found, whom)

    def _add_class(self, routes: APIRouter) -> None:
        keeper = self.desk.timekeeper

        @routes.post("/pause")
        async def pause(by: Pauser) -> Outcomes:
            """Stop the class clock: nobody's time runs until it goes on."""
            await run_in_threadpool(keeper.pause, by.name)
            return await self._done(Action.PAUSE, by, "The class clock is paused.")

        @routes.post("/resume")
        async def resume(by: Pauser) -> Outcomes:
            """Let the class clock go on."""
            await run_in_threadpool(keeper.resume, by.name)
            return await self._done(Action.RESUME, by, "The class clock goes on.")

        @routes.post("/open-doors")
        async def open_doors(by: Porter) -> Outcomes:
            """Let attendees begin."""
            await run_in_threadpool(keeper.open_doors, by.name)
            return await self._done(Action.OPEN_DOORS, by, "The doors are open.")

        @routes.post("/close-doors")
        async def close_doors(by: Porter) -> Outcomes:
            """Let nobody begin any more; who is in stays in."""
            await run_in_threadpool(keeper.close_doors, by.name)
            return await self._done(Action.CLOSE_DOORS, by, "The doors are closed.")

    def _add_seats(self, routes: APIRouter) -> None:
        desk = self.desk

        @routes.post("/warm")
        async def warm(asked: Warm, by: Warmer) -> Outcomes:
            """Keep seats warm for those who will come."""
            what = await run_in_threadpool(actions.warm, desk, asked)
            return await self._done(Action.WARM, by, what)

        @routes.post("/restart")
        async def restart(asked: Attendees, by: Restarter) -> Outcomes:
            """Give attendees a fresh container; their files and time are kept."""
            found = await actions.restart(desk, asked.attendees)
            what = "seat restarted"
            return await self._done(Action.RESTART, by, what, found, asked.attendees)

    async def _done(
        self,
        action: Action,
        by: Person,
        what: str,
        outcomes: Sequence[Outcome] = (),
        whom: Whom = "all",
    ) -> Outcomes:
        """Write down what was done, show it at the desk, and tell what came of it."""
        everybody = whom == "all"
        names = [outcome.attendee for outcome in outcomes]
        await run_in_threadpool(
            self.audit.add,
            self.desk.clock(),
            by.name,
            action,
            what,
            names,
            everybody=everybody,
            done=all(outcome.done for outcome in outcomes),
        )
        await self.desk.watch.look(anew=True)
        return Outcomes(
            action=action, text=_sentence(what, outcomes), outcomes=list(outcomes)
        )


def _sentence(what: str, outcomes: Sequence[Outcome]) -> str:
    """Sum up what came of an action."""
    if not outcomes:
        return what if what.endswith(".") else f"Done: {what}."
    done = sum(outcome.done for outcome in outcomes)
    if done == len(outcomes) == 1:
        return outcomes[0].text
    return f"{what[0].upper()}{what[1:]}: done for {done} of {len(outcomes)}."
