"""What the hub remembers of its line across a restart, and tells the desk.

A table that cannot be used costs people their places after a restart, and the desk its
figures; it never keeps anybody waiting.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from puppetcamp.seating.table import AWAY, InLine, LineTable

log = logging.getLogger(__name__)

BACK_SECONDS = 300.0
"""How long after the hub's start people may take up their former places."""


class LineMemory:
    """Keep the line in a table; without one nothing is kept."""

    def __init__(self, table: LineTable | None) -> None:
        self._table = table
        self._former: dict[str, datetime] = {}
        self._since = time.monotonic()
        self._written: Sequence[InLine] | None = None
        self._broken = False
        if table is not None:
            try:
                self._former = table.recover()
            except SQLAlchemyError:
                log.exception("nobody gets their former place in line")

    def back(self, name: str, now: datetime) -> datetime:
        """Tell since when somebody who comes now has been in line."""
        former = self._former.pop(name, now)
        return now if self._too_late() else min(former, now)

    async def keep(self, line: Sequence[InLine]) -> None:
        """Write the line down, off the event loop, if it is news."""
        if self._too_late():
            self._former.clear()
        away = [InLine(name, at, AWAY, 0, None) for name, at in self._former.items()]
        news = [*line, *away]
        if self._table is None or news == self._written:
            return
        try:
            await asyncio.to_thread(self._table.write, news)
        except SQLAlchemyError:
            if not self._broken:
                log.exception("the line cannot be written down")
            self._broken = True
        else:
            self._written, self._broken = news, False

    def _too_late(self) -> bool:
        return time.monotonic() - self._since > BACK_SECONDS
