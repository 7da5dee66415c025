"""Make the bundles that are owed, some at a time, after the sessions that ended."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from puppetcamp.clock import Clock
from puppetcamp.errors import CampError
from puppetcamp.sessions.policy import Standing
from puppetcamp.takehome.builder import HomeRefused, NoHome
from puppetcamp.takehome.decisions import is_owed
from puppetcamp.takehome.store import Job, TakeHomeStore

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks for sessions that have ended, if nobody says so before."""

EXPIRE = 600.0
"""Seconds between two looks for bundles that were kept long enough."""

STOPPING = 60.0
"""How many seconds a bundle waits for a server that is being stopped."""


class Build(Protocol):
    """Make one bundle; `puppetcamp.takehome.builder.Builder.build` does."""

    def __call__(self, volume: str, task: bytes, target: Path) -> int:
        """Write it to `target` and return its size; raises TakeHomeError."""


@dataclass(frozen=True)
class World:
    """Say where the maker finds what it needs; each may raise CampError.

    `standings` tells how everybody stands, `volume` where somebody's home lies, `runs`
    whether their server does, and `task` what the builder is told about a bundle.
    """

    standings: Callable[[], dict[str, Standing]]
    volume: Callable[[str], str]
    runs: Callable[[str], bool]
    task: Callable[[str, bool], bytes]


class Maker:
    """Make bundles in threads: one that looks what is owed, `slots` that make it."""

    def __init__(
        self,
        store: TakeHomeStore,
        build: Build,
        world: World,
        clock: Clock,
        *,
        slots: int = 1,
    ) -> None:
        self._store = store
        self._build = build
        self._world = world
        self._clock = clock
        self._slots = slots
        self._over = threading.Event()
        self._look = threading.Event()
        self._work = threading.Event()
        self._threads: list[threading.Thread] = []
        self._complaints: set[str] = set()

    def start(self) -> None:
        """Go on where an earlier service ended."""
        again = self._store.prepare(self._clock())
        if again:
            log.info("%d bundles of the service before are started again", again)
        self._over.clear()
        self._threads = [
            threading.Thread(target=self._keep_looking, name="take-home", daemon=True),
            *(
                threading.Thread(
                    target=self._keep_making, name=f"take-home-{slot}", daemon=True
                )
                for slot in range(self._slots)
            ),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Start nothing more, and keep no failure from here on."""
        self._over.set()
        self._look.set()
        self._work.set()

    def join(self, seconds: float = 10.0) -> None:
        """Wait until the threads see that it is over; the next service goes on."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def ended(self, attendee: str) -> None:
        """Hear that a session has ended: look what is owed at once. Never waits."""
        self._look.set()

    def ask(self, attendee: str) -> None:
        """Queue a bundle that the attendee wants now."""
        self._store.ask(attendee, self._clock(), by_attendee=True)
        self._work.set()

    def look(self) -> None:
        """Queue what is owed to attendees whose session has ended."""
        now = self._clock()
        standings = self._world.standings()
        asked = self._store.asked()
        for attendee, found in standings.items():
            if is_owed(found.ended, asked.get(attendee), self._store.keep, now):
                self._store.ask(attendee, now, by_attendee=False)
                self._work.set()

    def make_one(self) -> bool:
        """Make the bundle whose turn it is; tell whether there was one."""
        job = self._store.claim(self._clock())
        if job is None:
            return False
        try:
            self._make(job)
        except CampError as error:
            self._fail(job, error)
        except Exception:
            log.exception("making the bundle of %s failed", job.attendee)
            self._fail(job, CampError("The camp could not make it; its log says why."))
        return True

    def _make(self, job: Job) -> None:
        if not job.by_attendee:
            self._await_stop(job.attendee)
        began = time.monotonic()
        target = self._store.shelf.begin()
        try:
            volume = self._world.volume(job.attendee)
            task = self._world.task(job.attendee, job.plain)
            size = self._build(volume, task, target)
            file = self._store.shelf.keep(target)
        finally:
            target.unlink(missing_ok=True)
        seconds = time.monotonic() - began
        self._store.finish(job, file, size, seconds, self._clock())
        log.info("the bundle of %s is ready", job.attendee)

    def _await_stop(self, attendee: str) -> None:
        """Wait until the last words of a server that ends are in the home."""
        until = time.monotonic() + STOPPING
        while time.monotonic() < until and self._world.runs(attendee):
            if self._over.wait(0.5):
                return

    def _fail(self, job: Job, error: CampError) -> None:
        """Keep a failure, unless the service ends: the next one makes the bundle."""
        if self._over.is_set():
            return
        final = isinstance(error, NoHome)
        homes_fault = isinstance(error, HomeRefused)
        given_up = self._store.fail(
            job, str(error), self._clock(), plain=homes_fault, final=final
        )
        if given_up and not final:
            log.warning("there is no bundle for %s: %s", job.attendee, error)

    def _keep_looking(self) -> None:
        expired = float("-inf")
        while not self._over.is_set():
            self._look.clear()
            self._try("look", self.look)
            if time.monotonic() - expired >= EXPIRE:
                expired = time.monotonic()
                self._try("expire", lambda: self._store.expire(self._clock()))
            self._look.wait(LOOK)

    def _keep_making(self) -> None:
        while not self._over.is_set():
            self._work.clear()
            if not self._try("make", self.make_one):
                # Also what failed and is tried again later.
                self._work.wait(1.0)

    def _try(self, topic: str, do: Callable[[], object]) -> object:
        """Do something that must not end the thread; complain once about each topic."""
        try:
            done = do()
        except Exception as error:
            if topic not in self._complaints:
                log.warning("take-home (%s) fails and is tried again: %s", topic, error)
            self._complaints.add(topic)
            return None
        self._complaints.discard(topic)
        return done
