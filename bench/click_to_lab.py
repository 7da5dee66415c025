"""Seconds from a click to a usable JupyterLab, beside a plain DockerSpawner.

Both hubs run on this machine, one after the other in turns, with the same attendee
image and one attendee at a time; "usable" means that the server's own API answers with
its version, as JupyterLab's first request does. A turn's order alternates, so that
noise falls on both alike.
"""

import contextlib
import statistics
import time
from collections.abc import Iterator

from bench.hubs import Hub, camp_hub, plain_hub

ROUNDS = 5


def measure() -> Iterator[str]:
    """Yield one line a finding: medians in seconds, and their ratio."""
    with contextlib.ExitStack() as stack:
        hubs = [stack.enter_context(plain_hub()), stack.enter_context(camp_hub())]
        seconds: dict[str, list[float]] = {hub.name: [] for hub in hubs}
        for number in range(ROUNDS):
            for hub in hubs if number % 2 else reversed(hubs):
                seconds[hub.name].append(_once(hub, f"bench{number}"))
    plain, camp = (statistics.median(seconds[hub.name]) for hub in hubs)
    yield f"click to usable JupyterLab, plain DockerSpawner: {plain:.2f} s"
    yield f"click to usable JupyterLab, this camp:           {camp:.2f} s"
    yield f"ratio (median of {ROUNDS}, lower is better):           {camp / plain:.2f}"


def _once(hub: Hub, name: str) -> float:
    """Start one attendee's server and time it until it answers; stop it again."""
    hub.add(name)
    began = time.monotonic()
    hub.start(name)
    hub.until_usable(name)
    took = time.monotonic() - began
    hub.stop(name)
    return took
