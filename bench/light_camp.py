"""A camp full of attendees, on a real hub, with light servers in place of seats."""

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.hubs import Hub, camp_hub
from puppetcamp.clock import camp_clock
from puppetcamp.database import open_engine
from puppetcamp.sessions.tables import CampSessionRow

PATIENCE = 900.0
SESSIONS = int(os.environ.get("SESSIONS") or "500")
AT_ONCE = 16


@dataclass(frozen=True)
class LightCamp:
    """A camp in which everybody is at work."""

    hub: Hub
    names: tuple[str, ...]
    database: str
    stops: Path

    def running(self) -> int:
        """Count the servers that the hub knows."""
        return len(self.hub.running())

    def stopped(self, what: str) -> dict[str, float]:
        """Tell when each stop was first "asked" for, "begun", or done ("gone")."""
        found: dict[str, float] = {}
        if self.stops.exists():
            for line in self.stops.read_text().splitlines():
                kind, name, moment = line.split()
                if kind == what:
                    found.setdefault(name, float(moment))
        return found

    def token(self, name: str) -> str:
        """Make a token with all that somebody may do."""
        answer = requests.post(
            f"{self.hub.api}/users/{name}/tokens",
            headers=self.hub.headers,
            timeout=60,
        )
        answer.raise_for_status()
        return str(answer.json()["token"])


@contextlib.contextmanager
def light_camp(more: str = "", count: int = SESSIONS) -> Iterator[LightCamp]:
    """Open a camp and let that many attendees begin; remove all of it in the end.

    `more` is appended to its camp.toml, after the table [seats].
    """
    names = tuple(f"bench{number:03}" for number in range(count))
    settings = f"[seats]\ncount = {count}\nstarts_at_once = {AT_ONCE}\n{more}"
    with tempfile.TemporaryDirectory() as folder:
        stops = Path(folder) / "stops"
        with camp_hub(settings, "light_config.py", BENCH_STOPS=str(stops)) as hub:
            try:
                hub.add(*names)
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(hub.start, names))
                camp = LightCamp(hub, names, hub.database, stops)
                until(lambda: camp.running() == count, f"{count} servers")
                yield camp
            finally:
                _end(Path(folder) / "pids")


def expire_at(camp: LightCamp, seconds: float, length: float) -> float:
    """Let every camp session end so many seconds from now; return the machine's time.

    `length` is the seconds that the camp's settings give.
    """
    engine = open_engine(camp.database)
    try:
        started = camp_clock(engine)() + timedelta(seconds=seconds - length)
        moment = time.time() + seconds
        with Session(engine) as db, db.begin():
            rows = list(db.scalars(select(CampSessionRow)))
            for row in rows:
                row.started = started
        if len(rows) != len(camp.names):
            message = f"{len(rows)} camp sessions for {len(camp.names)} attendees"
            raise RuntimeError(message)
    finally:
        engine.dispose()
    return moment


def until(met: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait for something; raise TimeoutError after a while."""
    end = time.monotonic() + patience
    while not met():
        if time.monotonic() > end:
            message = f"waited {patience:.0f} s in vain for {what}"
            raise TimeoutError(message)
        time.sleep(0.25)


def _end(pids: Path) -> None:
    """End the light servers that still run."""
    for note in pids.glob("*"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(note.name), signal.SIGTERM)
