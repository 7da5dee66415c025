"""A clock that can be set, for one process and its own: the machine's is everybody's.

A process that finds this file as ``sitecustomize`` on its path reads the time of day
with so many seconds added as the file $SET_CLOCK says, at every look.
"""

import datetime
import os
from pathlib import Path

_SET = Path(os.environ["SET_CLOCK"])
_real = datetime.datetime


class _SetDatetime(_real):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        """Read the clock as somebody has set it."""
        seconds = float(_SET.read_text()) if _SET.exists() else 0.0
        return _real.now(tz) + datetime.timedelta(seconds=seconds)


datetime.datetime = _SetDatetime  # type: ignore[misc]
