"""Watch over the camp's clock: note how late it is, and tell of jumps."""

import asyncio
import logging
from datetime import timedelta

from puppetcamp.clock import TOLERANCE, CampClock
from puppetcamp.errors import SessionError
from puppetcamp.quantities import in_words
from puppetcamp.sessions.policy import Phase
from puppetcamp.sessions.timekeeper import Timekeeper

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Seconds between two looks at the machine's clock."""

KEEP_EVERY = 12
"""After how many looks the time is written down."""


class ClockKeeper:
    """Look after the camp's clock; `timekeeper` says whether anybody's time runs."""

    def __init__(self, clock: CampClock, timekeeper: Timekeeper) -> None:
        self._clock = clock
        self._timekeeper = timekeeper
        self._told = timedelta(0)
        self._looks = 0

    async def run(self) -> None:
        """Look until cancelled; a failure can wait for the next look."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except SessionError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("the keeper of the clock stumbled and goes on")
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Compare the clocks once; the camp follows a jump when nobody's time runs.

        Raises SessionError if the ledger cannot be used.
        """
        if self._looks % KEEP_EVERY == 0:
            self._clock.keep()
        self._looks += 1
        ahead = self._clock.ahead
        if ahead > TOLERANCE and not self._anybody():
            self._clock.follow()
            log.warning("%s; nobody's time runs, so the camp goes by it", _said(ahead))
            self._told = timedelta(0)
        elif abs(ahead - self._told) > TOLERANCE:
            if abs(ahead) > TOLERANCE:
                log.warning("%s; %s", _said(ahead), _ADVICE)
            else:
                log.warning("the machine's clock and the camp's agree again")
            self._told = ahead if abs(ahead) > TOLERANCE else timedelta(0)

    def _anybody(self) -> bool:
        standings = self._timekeeper.standings().values()
        return any(found.phase is Phase.RUNNING for found in standings)


_ADVICE = (
    "deadlines stay as they were; set the machine's clock right, and look whether "
    "opens and closes in camp.toml come when they should"
)


def _said(ahead: timedelta) -> str:
    way = "ahead of" if ahead > timedelta(0) else "behind"
    return f"the machine's clock was set: it is {in_words(abs(ahead))} {way} the camp's"
