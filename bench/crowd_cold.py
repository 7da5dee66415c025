"""Everybody at once, cold: a plain DockerSpawner hub with long time-outs, and a camp.

All sign in first and click at the same moment; somebody is in when JupyterLab's page
comes. Neither hub has anything ready. `SEATS` attendees, 25 unless it is set.
"""

import asyncio
import contextlib
import os
import statistics
from collections.abc import Iterator

from bench.hubs import Hub, camp_hub, plain_hub
from bench.seats import percentile, verdict
from puppetcamp.rehearsal.visitors import Arrival, Visitor, arrive

SEATS = int(os.environ.get("SEATS", "25"))
PATIENCE = 600.0
LIMIT = 0.45
"""Of the seconds that a plain hub takes until the last one is in."""


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    seconds: dict[str, float] = {}
    refused = 0
    for hub, opened in (("plain", plain_hub), ("camp", camp_hub)):
        with opened() as running:
            arrivals = crowd(running, SEATS)
        yield f"{hub:5} {told(arrivals)}"
        last = max((a.usable or PATIENCE for a in arrivals), default=0.0)
        seconds[hub] = last
        refused = sum(a.usable is None for a in arrivals)
    yield f"refused or given up at the camp: {refused} of {SEATS}"
    ratio = seconds["camp"] / seconds["plain"]
    yield f"last one in, camp to plain: {verdict(ratio, LIMIT)}"


def crowd(hub: Hub, count: int, sign_in_first: bool = True) -> list[Arrival]:
    """Let that many attendees come at once, and send them away again."""

    async def run() -> list[Arrival]:
        async with contextlib.AsyncExitStack() as stack:
            visitors = [
                await stack.enter_async_context(
                    Visitor(hub.public, f"bench{number:03}", hub.code)
                )
                for number in range(count)
            ]
            return await arrive(visitors, PATIENCE, sign_in_first)

    return asyncio.run(run())


def told(arrivals: list[Arrival]) -> str:
    """Say in a line how a crowd got in."""
    times = sorted(a.usable for a in arrivals if a.usable is not None)
    if not times:
        return f"nobody of {len(arrivals)}: {arrivals[0].refusal}"
    return (
        f"{len(times)} of {len(arrivals)} in; first {times[0]:.1f} s, "
        f"median {statistics.median(times):.1f} s, "
        f"p95 {percentile(times, 0.95):.1f} s, last {times[-1]:.1f} s"
    )
