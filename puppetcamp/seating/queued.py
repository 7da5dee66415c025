"""A spawner that waits its turn: the part of a seat's start that knows no container."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from jupyterhub.spawner import Spawner
from traitlets import Dict, Instance, Integer

from puppetcamp.quantities import in_words
from puppetcamp.seating.line import Stage
from puppetcamp.seating.queue import Queue
from puppetcamp.seating.wording import BEING_STARTED, event
from puppetcamp.sessions.gate import Gate, Refused

ATTENDEE = "attendee"

LOOK_SECONDS = 0.5
"""How often the waiting page is told where its owner stands, if that is news."""

BEAT_SECONDS = 5.0
"""How often the page hears something at least: silence tells it that the hub is gone,
which a proxy in between may hide."""

WAIT_SECONDS = 7 * 24 * 3600
"""What `Spawner.start_timeout` must be at least: waiting in line is no failure."""


class StartFailed(Exception):
    """Report a start that took too long; the hub shows the message to its owner."""

    def __init__(self, seconds: int) -> None:
        self.jupyterhub_message = (
            f"It did not start within {in_words(timedelta(seconds=seconds))}. Your "
            "files are kept. Try again; if it fails again, the camp's machine is too "
            "busy: tell your instructor."
        )
        super().__init__(self.jupyterhub_message)


class QueuedSpawner(Spawner):  # type: ignore[misc]  # jupyterhub has no types
    """Start seats in the order of arrival, and tell the waiting page about it.

    A subclass says how to start one, in `start_seat`; it may give out a seat that is
    ready already in `claim_seat`. Staff wait for nobody.
    """

    gate = Instance(
        Gate, help="Where a camp session begins; it was asked before the start."
    ).tag(config=True)
    queue = Instance(Queue, help="The line in which attendees wait.").tag(config=True)
    staff = Dict(
        help="Names of staff with their role; who is not named is an attendee."
    ).tag(config=True)
    seat_timeout = Integer(
        300,
        min=1,
        help="Seconds that one start may take; waiting for the turn is not counted.",
    ).tag(config=True)

    _stands = False

    @property
    def camp_role(self) -> str:
        """Name this person's role in the camp."""
        return str(self.staff.get(self.user.name, ATTENDEE))

    async def start(self) -> Any:
        """Start the seat when it is its owner's turn, and with it their camp session.

        Returns the address and port of the server. Raises Refused if their time ends
        while they wait, StartFailed if the start takes longer than `seat_timeout`.
        """
        name = self.user.name
        if self.camp_role != ATTENDEE:
            return await self._in_time()
        users, staff = self.user.settings["users"], frozenset(self.staff)
        self.queue.seated = partial(with_a_server, users, staff)
        with self.queue.arrival(name):
            self._stands = True
            await self.queue.seat(name, self._still_welcome)
            self._stands = False
            where = await self.claim_seat()
            if where is None:
                async with self.queue.start(name, self._still_welcome):
                    where = await self._in_time()
            # The clock starts with JupyterLab, not with the click: waiting in a crowd
            # costs an attendee nothing.
            self.gate.entered(name)
        return where

    async def start_seat(self) -> Any:
        """Start the server; return its address and port when it can be used."""
        raise NotImplementedError

    async def claim_seat(self) -> Any:
        """Take a server that runs already and is nobody's; None if there is none."""
        return None

    async def stop(self, now: bool = False) -> None:
        """Leave it to the kind of server; JupyterHub wants every spawner to say so."""
        await super().stop(now)

    async def poll(self) -> Any:
        """Leave it to the kind of server."""
        return await super().poll()

    def run_post_stop_hook(self) -> Any:
        """Let whoever sat come back to their seat for a moment, however it ended."""
        if self.camp_role == ATTENDEE and not self._stands:
            self.queue.stopped(self.user.name)
        return super().run_post_stop_hook()

    async def progress(self) -> AsyncIterator[dict[str, object]]:
        """Tell the waiting page where its owner stands, and that the hub is there."""
        told, at = None, 0.0
        while True:
            look = self.queue.look(self.user.name) or BEING_STARTED
            news = event(look)
            if look.stage is Stage.STARTING:
                news |= self.starting()
            if news != told or time.monotonic() - at > BEAT_SECONDS:
                yield news
                told, at = news, time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)

    def starting(self) -> dict[str, object]:
        """Say more about a start under way, as an event of the progress stream."""
        return {}

    def _still_welcome(self) -> None:
        """Ask the gate again: the camp or its doors may have closed meanwhile."""
        try:
            self.gate.check(self.user.name)
        except Refused as refused:
            # A ledger that cannot be read for a moment costs nobody their place.
            if refused.status_code == HTTPStatus.FORBIDDEN:
                raise

    async def _in_time(self) -> Any:
        try:
            async with asyncio.timeout(self.seat_timeout) as limit:
                return await self.start_seat()
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise StartFailed(self.seat_timeout) from error


def with_a_server(users: Any, staff: frozenset[str]) -> set[str]:
    """Name the attendees whose server runs, starts or stops; `users` is the hub's."""
    return {
        user.name
        for user in users.values()
        if user.name not in staff
        and any(spawner.active for spawner in user.spawners.values())
    }
