"""The desk with many seats: seconds from asking for it to having all of it.

A real hub and service with light servers, asked through the proxy as browsers do; the
seats ask for their own time at the same time, each every five seconds, as they do in a
class. `SESSIONS` attendees, 500 unless it is set.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import aiohttp

from bench.light_camp import AT_ONCE, LightCamp, light_camp
from bench.seats import percentile, verdict

LIMIT = 0.2
ASKED = 60
PAUSE = 0.5
POLL = 5.0
"""Seconds between two polls of a seat."""


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    with light_camp('[session]\nidle_timeout = "24h"\n') as camp:
        reader = camp.token("organizer")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tokens = list(pool.map(camp.token, camp.names))
        alone, polls, size = asyncio.run(_desk(camp, reader, []))
        yield f"the desk of {len(camp.names)} seats is {size / 1024:.0f} KiB"
        yield f"nobody else asks: {_told(alone)}"
        busy, polls, _ = asyncio.run(_desk(camp, reader, tokens))
        yield f"every seat polls: {_told(busy)}"
        yield f"a seat's poll meanwhile: {_told(polls)}"
        yield f"p95 while every seat polls, s: {verdict(percentile(busy, 0.95), LIMIT)}"


def _told(times: list[float]) -> str:
    median, late = statistics.median(times), percentile(times, 0.95)
    return f"median {median * 1000:.0f} ms, p95 {late * 1000:.0f} ms"


async def _desk(
    camp: LightCamp, reader: str, tokens: list[str]
) -> tuple[list[float], list[float], int]:
    """Ask for the desk again and again; return the seconds, and those of polls."""
    service = f"{camp.hub.public}/services/camp/api"
    polls: list[float] = []
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), raise_for_status=True
    ) as http:

        async def seconds(path: str, token: str) -> tuple[float, int]:
            began = time.monotonic()
            headers = {"Authorization": f"token {token}"}
            async with http.get(f"{service}/{path}", headers=headers) as answer:
                size = len(await answer.read())
            return time.monotonic() - began, size

        async def seat(token: str, delay: float) -> None:
            await asyncio.sleep(delay)
            while True:
                took, _ = await seconds("sessions/mine", token)
                polls.append(took)
                await asyncio.sleep(POLL)

        seats = [
            asyncio.create_task(seat(token, POLL * number / len(tokens)))
            for number, token in enumerate(tokens)
        ]
        if seats:  # the first poll of each is the dearest: the hub is asked who it is
            await asyncio.sleep(2 * POLL)
            polls.clear()
        found = []
        for _ in range(ASKED):
            found.append(await seconds("desk", reader))
            await asyncio.sleep(PAUSE)
        for task in seats:
            task.cancel()
        for done in await asyncio.gather(*seats, return_exceptions=True):
            if not isinstance(done, asyncio.CancelledError):
                message = f"a seat's poll failed: {done!r}"
                raise RuntimeError(message)
    return [took for took, _ in found], polls, found[-1][1]
