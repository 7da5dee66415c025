"""Let Puppet go where memory is short and nobody has used it for a while.

Whoever works through a course keeps a dozen notebooks open, each with a Puppet of its
own (70 MiB of a notebook's 100). One that rests costs its next cell a second.
"""

import contextlib
from pathlib import Path

LOOK_EVERY = 3.0
"""Seconds between two looks."""

_MIB = 2**20
PATIENCE = (
    (120 * _MIB, 3.0),
    (200 * _MIB, 10.0),
    (350 * _MIB, 60.0),
    (500 * _MIB, 300.0),
)
"""Bytes of memory left below which an idle Puppet rests, and the seconds that it has to
be idle: so the one that has been idle longest goes first, and makes room for others.
The first is what another notebook at work takes."""

KERNEL_FIRST = 300
"""Where memory has ended all the same: rather a kernel than JupyterLab's server, with
which everything would end, and rather a kernel's Puppet than the kernel (oom_score_adj,
0 to 1000; the Puppet doubles what it finds)."""

_CGROUPS = Path("/sys/fs/cgroup")
_VERSION_2 = ("memory.max", "memory.current", "memory.stat", "inactive_file")
_VERSION_1 = (
    "memory/memory.limit_in_bytes",
    "memory/memory.usage_in_bytes",
    "memory/memory.stat",
    "total_inactive_file",
)
_UNLIMITED = 2**60


def is_due(idle: float, left: int | None) -> bool:
    """Tell whether a Puppet that was idle for so many seconds should rest.

    `left` is memory in bytes; None where there is no limit.
    """
    return left is not None and any(
        left < below and idle >= seconds for below, seconds in PATIENCE
    )


def memory_left(root: Path = _CGROUPS) -> int | None:
    """Say how many bytes of memory this container may still use.

    The files that the system has in memory and can do without are counted as free.
    None where there is no limit, or where nothing tells of it.
    """
    for limit, usage, statistics, files in (_VERSION_2, _VERSION_1):
        with contextlib.suppress(OSError, ValueError):
            allowed = int(root.joinpath(limit).read_text())
            told = root.joinpath(statistics).read_text().split()
            cached = int(told[told.index(files) + 1])
            used = int(root.joinpath(usage).read_text()) - cached
            return allowed - used if allowed < _UNLIMITED else None
    return None


def end_before_others(score: int) -> None:
    """Have the system end this process, and what it starts, before others."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score))
