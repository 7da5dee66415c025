"""Consent carried out: the hub shares an attendee's server only while they agree."""

import asyncio
import logging

from puppetcamp.clock import Clock
from puppetcamp.desk.audit import Audit
from puppetcamp.desk.consents import Consent, Consents, ConsentState
from puppetcamp.sessions.hub_api import HubApi

log = logging.getLogger(__name__)

PERIOD = 5.0
"""Seconds between two looks for agreements that have ended."""


class Shares:
    """Answer for attendees, and end what has lapsed; `hub` is set while it runs."""

    def __init__(self, consents: Consents, audit: Audit, clock: Clock) -> None:
        self._consents = consents
        self._audit = audit
        self._clock = clock
        self._complained = False
        self.hub: HubApi | None = None

    async def run(self) -> None:
        """End agreements when their time has come, until cancelled."""
        while True:
            try:
                await self._end_lapsed()
                self._complained = False
            except Exception as error:
                if not self._complained:
                    log.warning("an agreement that is over cannot be ended: %s", error)
                self._complained = True
            await asyncio.sleep(PERIOD)

    async def answer(self, consent: int, attendee: str, state: ConsentState) -> None:
        """Give an attendee's own answer to a question, or take their agreement back.

        Nothing happens if the question stands no longer. Raises CampError if the hub
        does not do its part; then nothing was agreed to.
        """
        now = self._clock()
        standing = await asyncio.to_thread(self._consents.standing, now, attendee)
        known = next((one for one in standing if one.id == consent), None)
        if known is None or self.hub is None:
            return
        if state is ConsentState.AGREED:
            await self.hub.share(attendee, known.staff)
        elif known.state is ConsentState.AGREED:
            await self.hub.unshare(attendee, known.staff)
        await asyncio.to_thread(self._write, known, state)

    async def _end_lapsed(self) -> None:
        if self.hub is None:
            return
        for one in await asyncio.to_thread(self._consents.lapsed, self._clock()):
            if one.state is ConsentState.AGREED:
                await self.hub.unshare(one.attendee, one.staff)
            await asyncio.to_thread(self._write, one, ConsentState.ENDED)

    def _write(self, known: Consent, state: ConsentState) -> None:
        now = self._clock()
        if self._consents.change(known.id, known.attendee, state, now) is None:
            return
        by = known.attendee
        if state is ConsentState.ENDED and known.ends <= now:
            by = "the camp"
        what = f"{known.staff} may open their JupyterLab: {state}"
        self._audit.add(now, by, "consent", what, [known.attendee])
