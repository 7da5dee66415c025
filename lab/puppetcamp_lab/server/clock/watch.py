"""Ask the camp how much time is left: one question every few seconds for all pages."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from puppetcamp_lab.client import (
    TOKEN_VARIABLE,
    URL_VARIABLE,
    CampClient,
    ServiceError,
)
from puppetcamp_lab.server.clock import timefile
from puppetcamp_lab.server.clock.progress import Journal
from puppetcamp_lab.server.clock.standing import OUTSIDE, Answer, Json, view
from puppetcamp_lab.server.journal import journal_path

_WATCHED_SECONDS = 5.0
_UNWATCHED_SECONDS = 20.0
_LOOKED_AWAY_SECONDS = 15.0
_ANSWER_SECONDS = 5.0

_MINE = "/api/sessions/mine"


class Watch:
    """Keep the camp's last word on the time of the seat's owner.

    `quiet_for` returns the seconds for which nothing has run in the seat. Together with
    what pages say of keys and clicks it makes what the camp hears: how long the seat
    has not been used. `owned` tells whether the seat has an owner already: one may run
    before, and then the environment says whose it is from one moment to the next.
    """

    def __init__(
        self,
        folder: Path,
        log: logging.Logger,
        quiet_for: Callable[[], float],
        owned: Callable[[], bool] = lambda: True,
        now: Callable[[], float] = timefile.uptime,
    ) -> None:
        self._folder = folder
        self._log = log
        self._quiet_for = quiet_for
        self._owned = owned
        self._now = now
        self._journal = Journal(journal_path(), log)
        self._asking = asyncio.Lock()
        self._wake = asyncio.Event()
        self._client: tuple[str, str, CampClient] | None = None
        self._answer: Answer | None = None
        self._problem = ""
        self._looked = self._touched = now()

    async def run(self) -> None:
        """Ask until the seat ends; nothing that happens here may end it."""
        while True:
            try:
                await self.refresh()
                await asyncio.to_thread(self._report)
            except Exception:  # a lesson goes on without a clock
                self._log.exception("the camp's clock cannot be shown")
            self._wake.clear()
            looked = self._now() - self._looked < _LOOKED_AWAY_SECONDS
            pause = _WATCHED_SECONDS if looked else _UNWATCHED_SECONDS
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue

    def wake(self) -> None:
        """Ask soon, not at the next turn; call it in the loop's thread."""
        self._wake.set()

    async def refresh(self) -> None:
        """Ask the camp now."""
        async with self._asking:
            await asyncio.to_thread(self._ask)

    def look(self, untouched: float | None = None) -> Json:
        """Say how things stand now, to a page; from now on, ask more often.

        `untouched` is for how many seconds nobody has touched that page.
        """
        now = self._now()
        if untouched is not None:
            self._touched = max(self._touched, now - max(0.0, untouched))
        away = now - self._looked >= _LOOKED_AWAY_SECONDS
        self._looked = now
        if away or (self._answer is None and self._in_a_camp()):
            self.wake()
        if self._answer is None and not self._in_a_camp():
            return OUTSIDE
        return view(self._answer, self._problem, now)

    async def act(self, action: str, body: Json | None = None) -> Json:
        """Ask the camp for something; raises ServiceError with a sentence."""

        def post() -> None:
            path = f"{_MINE}/{action}"
            client = self._camp()
            client.call("POST", path, json=body or {}, timeout=_ANSWER_SECONDS)

        await asyncio.to_thread(post)
        await self.refresh()
        return self.look()

    def _ask(self) -> None:
        if not self._in_a_camp():
            return
        began = self._now()
        idle = min(self._quiet_for(), began - self._touched)
        try:
            response = self._camp().call(
                "GET",
                _MINE,
                params={"idle_seconds": f"{idle:.0f}"},
                timeout=_ANSWER_SECONDS,
            )
            said: Any = response.json()
        except ServiceError as error:
            self._problem = str(error)
            return
        except ValueError:
            self._problem = "The camp's answer cannot be read. Tell an instructor."
            return
        if isinstance(said, dict):
            # What the answer says was true while the question was under way.
            self._answer = Answer(said, (began + self._now()) / 2)
            self._problem = ""
            self._tell_terminals()
            if not self._reports():
                self._journal.skip()

    def _report(self) -> None:
        """Report progress; what cannot be sent now is sent later."""
        if not self._in_a_camp() or not self._reports():
            return
        try:
            self._journal.report(self._camp())
        except ServiceError as error:
            self._log.info("progress is reported later: %s", error)

    def _reports(self) -> bool:
        return self._answer is not None and self._answer.progress

    def _tell_terminals(self) -> None:
        try:
            timefile.write(self._folder, self._answer)
        except OSError as error:
            self._log.warning("terminals cannot show the time: %s", error)

    def _camp(self) -> CampClient:
        """Give a client in the seat's name of now; raises ServiceError without one."""
        url = os.environ.get(URL_VARIABLE, "")
        token = os.environ.get(TOKEN_VARIABLE, "")
        if self._client is None or self._client[:2] != (url, token):
            self._client = (url, token, CampClient.from_environment())
        return self._client[2]

    def _in_a_camp(self) -> bool:
        """Tell whether a camp has given this seat to somebody."""
        said = os.environ.get(URL_VARIABLE) and os.environ.get(TOKEN_VARIABLE)
        return bool(said) and self._owned()
