"""Everybody at once, warm: the doors were prepared, each finds JupyterLab running.

Seconds run from the moment at which the sign-in is accepted to JupyterLab's page;
bcrypt at the sign-in, which is the same in every camp, is told apart. `SEATS`
attendees, 25 unless it is set.
"""

import statistics
from collections.abc import Iterator

from bench.crowd_cold import SEATS, crowd, told
from bench.hubs import camp_hub
from bench.light_camp import until
from bench.seats import percentile, verdict
from puppetcamp.database import open_engine
from puppetcamp.seating.warm_store import WarmStore

LIMIT = 3.0
"""Seconds for all but one in twenty."""


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    with camp_hub(f"[doors]\nwarm = {SEATS}\n") as hub:
        store = WarmStore(open_engine(hub.database))
        until(lambda: store.counts().ready >= SEATS, f"{SEATS} warm seats")
        arrivals = crowd(hub, SEATS)
    yield told(arrivals)
    signed_in = sorted(a.signed_in for a in arrivals)
    yield f"the sign-in before that, median: {statistics.median(signed_in):.2f} s"
    times = [a.usable for a in arrivals if a.usable is not None]
    if len(times) < SEATS:
        missing = [a for a in arrivals if a.usable is None]
        yield f"{len(missing)} did not get in: BROKEN ({missing[0].refusal})"
    else:
        yield f"p95 until usable, s: {verdict(percentile(times, 0.95), LIMIT)}"
