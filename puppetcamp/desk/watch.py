"""The watch: it keeps the desk's snapshot fresh while somebody looks, and only then.

However many look, the camp is asked once. A source that fails leaves its part of the
desk as it was, and is said to have failed once: a broken desk stops no lesson.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from puppetcamp.desk.audit import Audit
from puppetcamp.desk.capacity import capacity
from puppetcamp.desk.consents import Consents
from puppetcamp.desk.exercises import ClassWork
from puppetcamp.desk.problems import Problems
from puppetcamp.desk.schemas import CampNow, LineNow, Snapshot, WarmNow, You
from puppetcamp.desk.snapshot import Facts, Usage, seats
from puppetcamp.errors import CampError
from puppetcamp.place import Place
from puppetcamp.progress.store import Progress
from puppetcamp.seating.table import InLine
from puppetcamp.seating.warm_store import Counts, Kept
from puppetcamp.sessions.hub_api import HubApi, RunningServer
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import CampSettings

log = logging.getLogger(__name__)

PERIOD = 1.0
"""Seconds between two snapshots while somebody looks."""

FRESH = 5.0
"""How old a snapshot may be that is given to whoever asks, in seconds."""

HUB_PERIOD = 2.0
"""Seconds between two questions to the hub, at least."""

HUB_SHARE = 10
"""A list of many users costs the hub time: it is left alone for so many times that."""

INTEREST = 10.0
"""For how many seconds one look counts as looking."""

_LAST = 50
T = TypeVar("T")
Pool = tuple[Counts, list[Kept]]
_NO_POOL: Pool = Counts(0, 0, 0), []


@dataclass(frozen=True)
class Sources:
    """Name everything that the desk asks; each may fail."""

    settings: CampSettings
    place: Place
    timekeeper: Timekeeper
    audit: Audit
    problems: Problems
    consents: Consents
    line: Callable[[], list[InLine]]
    warm: Callable[[], Pool]
    progress: Callable[[], dict[str, Progress]]
    work: Callable[[], ClassWork]
    usage: Callable[[], dict[str, Usage]]
    active: Callable[[datetime], dict[str, datetime]]


@dataclass(frozen=True)
class Look:
    """Hold one snapshot, ready to be sent; `version` grows when something changed."""

    version: int
    snapshot: Snapshot
    _rest: bytes

    def body(self, you: You) -> bytes:
        """Return the snapshot as JSON, with whoever asked in it."""
        return b'{"you":' + you.model_dump_json().encode() + b"," + self._rest


class Watch:
    """Make snapshots; `hub` is set while the service runs."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.hub: HubApi | None = None
        self._servers: dict[str, RunningServer] = {}
        self._next_question = 0.0
        self._known: dict[str, Any] = {}
        self._failing: set[str] = set()
        self._look: Look | None = None
        self._plain: Any = None
        self._made = -PERIOD
        self._wanted = -INTEREST
        self._viewers = 0
        self._turn = asyncio.Lock()
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        """Keep the snapshot fresh until cancelled."""
        while True:
            if self._viewers or monotonic() - self._wanted < INTEREST:
                try:
                    async with self._turn:
                        await self._refresh()
                    self._failing.discard("the camp")
                except Exception as error:
                    self._complain("the camp", error)
            await asyncio.sleep(PERIOD)

    async def look(self, *, anew: bool = False) -> Look:
        """Return a snapshot of the last seconds; `anew` makes one now."""
        self._wanted = monotonic()
        known = self._look
        if known is not None and not anew and self._wanted - self._made < FRESH:
            return known
        async with self._turn:
            if self._look is None or anew or monotonic() - self._made >= FRESH:
                return await self._refresh()
            return self._look

    async def next(self, after: int, patience: float) -> Look | None:
        """Wait for a snapshot newer than a version; None if there is none in time."""

        def newer() -> bool:
            return self._look is not None and self._look.version > after

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(newer)
                return self._look
        return None

    @contextlib.asynccontextmanager
    async def viewing(self) -> AsyncIterator[None]:
        """Keep snapshots coming while somebody looks."""
        self._viewers += 1
        try:
            yield
        finally:
            self._viewers -= 1

    async def servers(self, *, anew: bool = False) -> dict[str, RunningServer]:
        """Return attendees' servers by name, as the hub told a moment ago."""
        began = monotonic()
        if self.hub is None or (not anew and began < self._next_question):
            return self._servers
        staff = self._sources.settings.staff_names
        try:
            found = await self.hub.running()
            self._servers = {s.owner: s for s in found if s.owner not in staff}
            self._failing.discard("the hub")
        except CampError as error:
            self._complain("the hub", error)
        took = monotonic() - began
        self._next_question = monotonic() + max(HUB_PERIOD, HUB_SHARE * took)
        return self._servers

    async def _refresh(self) -> Look:
        servers = await self.servers()
        snapshot = await asyncio.to_thread(self._make, servers)
        plain = _steady(snapshot)
        version = 0 if self._look is None else self._look.version
        changed = plain != self._plain
        rest = snapshot.model_dump_json(exclude={"you"}).encode()[1:]
        self._look = look = Look(version + changed, snapshot, rest)
        self._plain, self._made = plain, monotonic()
        if changed:
            async with self._changed:
                self._changed.notify_all()
        return look

    def _make(self, servers: dict[str, RunningServer]) -> Snapshot:
        sources, now = self._sources, self._sources.timekeeper.now()
        line: list[InLine] = self._ask("the line", sources.line, [])
        counts, kept = self._ask("warm seats", sources.warm, _NO_POOL)
        usage: dict[str, Usage] = self._ask("usage", sources.usage, {})
        facts = Facts(
            now=now,
            standings=self._ask("time", sources.timekeeper.standings, {}),
            servers=servers,
            line={one.attendee: one for one in line},
            active=self._ask("activity", lambda: sources.active(now), {}),
            # Who has come is remembered there for a while, and is not expected.
            warming=frozenset(
                seat.attendee for seat in kept if seat.attendee and seat.claimed is None
            ),
            progress=self._ask("progress", sources.progress, {}),
            work=self._ask("the exchange", sources.work, ClassWork()),
            consents=self._ask("consents", lambda: sources.consents.standing(now), []),
            usage=usage,
        )
        waits = [one.estimate_seconds for one in line if one.estimate_seconds]
        waiting = sum(one.stage in {"seat", "start"} for one in line)
        return Snapshot(
            camp=self._camp(now),
            seats=seats(facts),
            warm=WarmNow(
                ready=counts.ready, making=counts.making, target=counts.target
            ),
            line=LineNow(waiting=waiting, estimate=max(waits, default=None)),
            capacity=capacity(
                sources.settings.seats.count,
                len(servers),
                [one.memory for one in usage.values()],
                sources.place.root,
            ),
            problems=self._ask("problems", lambda: sources.problems.last(_LAST), []),
            audit=self._ask("the audit log", lambda: sources.audit.last(_LAST), []),
        )

    def _camp(self, now: datetime) -> CampNow:
        settings, timekeeper = self._sources.settings, self._sources.timekeeper
        return CampNow(
            name=settings.camp.name,
            now=now,
            doors_open=self._ask("the doors", lambda: timekeeper.doors_open, True),
            paused=self._ask("the class clock", lambda: timekeeper.paused, False),
            closes=settings.camp.closes,
            zone=settings.camp.timezone,
            progress_on=settings.desk.progress,
            seats=settings.seats.count,
            extension_step_seconds=settings.extensions.step.total_seconds(),
            hub_url="/hub/",
        )

    def _ask(self, source: str, ask: Callable[[], T], nothing: T) -> T:
        """Ask one source; if it fails, go on with what it said last."""
        try:
            found = ask()
        except Exception as error:
            self._complain(source, error)
            known: T = self._known.get(source, nothing)
            return known
        self._failing.discard(source)
        self._known[source] = found
        return found

    def _complain(self, source: str, error: Exception) -> None:
        if source not in self._failing:
            log.warning("the desk cannot see %s: %s", source, error)
        self._failing.add(source)


def _steady(snapshot: Snapshot) -> Any:
    """Leave out what changes by itself: the page counts down on its own."""
    moving = {"remaining_seconds"}
    if snapshot.camp.paused:
        moving.add("deadline")
    return snapshot.model_dump(exclude={"camp": {"now"}, "seats": {"__all__": moving}})
