"""Sessions that expire in the same second: a real hub and service, light servers.

A stop is noted where the enforcer asks the hub for it, where the hub begins it, and
where the server is gone. `SESSIONS` attendees, 500 unless it is set.
"""

import contextlib
import time
from collections.abc import Iterator

from bench.light_camp import LightCamp, expire_at, light_camp, until
from bench.seats import verdict

LENGTH = 2 * 3600.0
NOTICE = 20.0
"""Seconds from setting the deadline until it passes."""

ASKED, GONE = 5.0, 30.0
"""Seconds after the deadline for the last stop to be asked for, and to be done."""


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    with light_camp('[session]\nlength = "2h"\nidle_timeout = "24h"\n') as camp:
        count = len(camp.names)
        deadline = expire_at(camp, NOTICE, LENGTH)
        with contextlib.suppress(TimeoutError):
            until(
                lambda: len(camp.stopped("gone")) == count and not camp.running(),
                "the end",
                NOTICE + 20 * GONE,
            )
        settled = time.time() - deadline
        yield from _told(camp, deadline, settled)


def _told(camp: LightCamp, deadline: float, settled: float) -> Iterator[str]:
    asked = sorted(t - deadline for t in camp.stopped("asked").values())
    gone = sorted(t - deadline for t in camp.stopped("gone").values())
    count = len(camp.names)
    if not gone or not asked:
        yield f"nobody of {count} was stopped: BROKEN"
        return
    early = sum(seconds < 0 for seconds in asked)
    yield f"stopped {len(gone)} of {count}, too early {early}"
    begun = sorted(t - deadline for t in camp.stopped("begun").values())
    yield f"the hub begins: first after {begun[0]:.2f} s, last after {begun[-1]:.2f} s"
    yield f"last stop requested, s: {verdict(asked[-1], ASKED)}"
    yield f"last stop carried out, s: {verdict(gone[-1], GONE)}"
    yield f"the hub knows it of all after {settled:.1f} s"
