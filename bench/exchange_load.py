"""Seconds until an attendee has a receipt, while a hundred submit and one collects.

A real hub and a real service, each a process of its own, on this machine; submissions
of 25 KB are sent within ten seconds with the client of the seats, from this process.
"""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from bench.seats import percentile, verdict
from tests.hub.support.camp import HubCamp, hub_camp
from tests.hub.support.crowd import (
    EXERCISE,
    Sent,
    exchange,
    packed,
    submit_within,
    work,
)
from tests.hub.support.service import enrol, running_service

CROWD = 100
PROMISED = 2.0
"""Seconds that 95 of 100 attendees wait at most."""


def measure() -> Iterator[str]:
    """Yield one line for arrivals within ten seconds, and one for all at once."""
    with tempfile.TemporaryDirectory() as folder, hub_camp(Path(folder, "hub")) as hub:
        names = [f"attendee{number}" for number in range(CROWD)]
        tokens = enrol(hub, [*names, "instructor"])
        for seconds, arriving in ((10.0, "within 10 s"), (0.0, "all at once")):
            place = Path(folder, f"state{seconds:g}")
            waits, fetched = _run(hub, tokens, place, seconds)
            p95 = percentile(waits, 0.95)
            said = verdict(p95, PROMISED) if seconds else f"{p95:.3f}"
            yield f"receipt p95, {CROWD} submit {arriving}, {fetched} collected: {said}"


def _run(
    hub: HubCamp, tokens: dict[str, str], place: Path, seconds: float
) -> tuple[list[float], int]:
    """Return everybody's wait in seconds, and how many submissions were collected."""
    crowd = {name: token for name, token in tokens.items() if name != "instructor"}
    archives = {name: packed(place / "works" / name, work(name, 1)) for name in crowd}
    with running_service(hub, place / "state") as service:
        remote = exchange(service.url, tokens["instructor"])
        remote.release(EXERCISE, packed(place / "works" / "release", work("", 0)))
        wait = submit_within(seconds, service.url, crowd, archives)
        sent: list[Sent] = []
        waiting = threading.Thread(target=lambda: sent.extend(wait()))
        waiting.start()
        collected: dict[str, bytes] = {}
        while waiting.is_alive() or len(collected) < len(crowd):
            for found in remote.submissions(EXERCISE):
                if found.submission not in collected:
                    content = remote.fetch_submission(found.submission)
                    collected[found.submission] = content
        waiting.join()
    wrong = [one for one in sent if collected[one.receipt.submission] != one.packed]
    if wrong or len(sent) != len(crowd):
        message = f"{len(sent)} of {len(crowd)} arrived, {len(wrong)} of them wrong"
        raise RuntimeError(message)
    return [one.seconds for one in sent], len(collected)
