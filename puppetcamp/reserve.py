"""Room for the last writes: a file that is given up when the state volume is full.

On a full disk the hub can note nothing, and so answers nobody, not even who asks it to
stop a server whose time is up. The room of this file lets it go on for a while.
"""

import asyncio
import contextlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

SIZE = 4 * 2**20
"""Bytes that are held back."""

LOW = SIZE // 4
"""Bytes free, below which the reserve is given up."""

PLENTY = 4 * SIZE
"""Bytes free, above which it is held back again."""

PERIOD = 1.0
"""Seconds between two looks."""


def is_held_back(free: int, *, is_held: bool) -> bool:
    """Tell whether to hold the room back, with `free` bytes left beside it.

    What is given up must not be taken back by what it has just made free.
    """
    return free >= LOW if is_held else free > PLENTY


class Reserve:
    """Hold back room in a folder; `root` is on the disk that is watched."""

    def __init__(self, root: Path) -> None:
        self._file = root / "reserve"

    def look(self) -> None:
        """Give the room up or take it back, as the disk is. Raises OSError."""
        disk = os.statvfs(self._file.parent)
        is_held = self._file.exists()
        hold = is_held_back(disk.f_bavail * disk.f_frsize, is_held=is_held)
        if is_held and not hold:
            self._file.unlink()
            log.error("the disk is full; the last %d MiB are in use", SIZE // 2**20)
        elif hold and not is_held:
            with self._file.open("wb") as reserved:
                os.posix_fallocate(reserved.fileno(), 0, SIZE)

    async def keep(self) -> None:
        """Look again and again until cancelled."""
        while True:
            with contextlib.suppress(OSError):
                self.look()
            await asyncio.sleep(PERIOD)
