"""The capacity of the machine: what it has, what is used, how many seats fit."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from statistics import median

from puppetcamp.desk.schemas import CapacityNow

RESERVE = 512 * 2**20
"""Memory that is left to the machine itself, in bytes."""

USUAL = 150 * 2**20
"""What a seat at work takes as long as none has been measured, in bytes."""


def fitting(
    memory_available: int, seats_running: int, measured: Collection[int]
) -> int:
    """Compute how many seats the memory carries, those that run included.

    `measured` are the seats' memory in bytes; half of them take less than the seat
    that is reckoned with.
    """
    each = max(USUAL, int(median(measured))) if measured else USUAL
    return seats_running + max(0, memory_available - RESERVE) // each


def capacity(
    seats: int, seats_running: int, measured: Collection[int], disk: Path
) -> CapacityNow:
    """Measure this machine; `disk` lies where the camp keeps its state."""
    total, available = _memory()
    fit = None
    if available is not None:
        fit = fitting(available, seats_running, measured)
    used = None if total is None or available is None else total - available
    return CapacityNow(
        cores=os.cpu_count() or 1,
        load=_load(),
        memory_total=total,
        memory_used=used,
        disk_free=_disk_free(disk),
        seats=seats,
        seats_that_fit=fit,
    )


def _memory() -> tuple[int | None, int | None]:
    """Read the memory that there is and the memory that can be had, in bytes."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None, None
    words = {line.split(":")[0]: line.split()[1] for line in lines if ":" in line}
    found = [words.get(key) for key in ("MemTotal", "MemAvailable")]
    total, available = [None if kib is None else int(kib) * 1024 for kib in found]
    return total, available


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


def _disk_free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
