"""The waiting line of a running hub: who waits, whose turn it is, how long it takes.

It lives on the hub's event loop and decides nothing by itself: `line` says who is next,
`estimate` how long it takes, `memory` gives everybody their place back after a restart.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from puppetcamp.clock import Clock, utc_now
from puppetcamp.errors import CampError
from puppetcamp.seating import estimate, line
from puppetcamp.seating.line import Arrival, Stage
from puppetcamp.seating.memory import LineMemory
from puppetcamp.seating.table import InLine
from puppetcamp.seating.wording import rounded

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
"""How often the line is looked at: a seat may have become free unheard."""

MEANWHILE_SECONDS = 10.0
"""How often people are asked whether they may go on waiting."""

KEPT_SECONDS = 20.0
"""How long a seat is kept for somebody who stopped while their time runs."""


class Times(Protocol):
    """Tell about people's time; may raise CampError."""

    def running(self, name: str) -> bool:
        """Tell whether somebody's time has begun and is not over."""

    def ends(self) -> dict[str, float]:
        """Give the seconds until the deadline of everybody whose time runs."""


@dataclass
class _Turn:
    """Hold one person's wait; `since` is when their stage began."""

    arrival: Arrival
    since: float = field(default_factory=time.monotonic)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def enter(self, stage: Stage) -> None:
        self.arrival = replace(self.arrival, stage=stage)
        self.since = time.monotonic()


class Queue:
    """Let people in one after another; one object for all spawners of a hub.

    `seats` attendees sit at the same time, `at_once` of them start at the same time.
    `seated` gives the names of all attendees whose server the hub knows as running,
    starting or stopping, including those who wait here.
    """

    def __init__(
        self,
        seats: int,
        at_once: int,
        times: Times,
        memory: LineMemory,
        clock: Clock = utc_now,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self.seated: Callable[[], set[str]] = set
        self._seats = seats
        self._at_once = at_once
        self._times = times
        self._memory = memory
        self._clock = clock
        self._kept_seconds = kept_seconds
        self._turns: dict[str, _Turn] = {}
        self._kept: dict[str, float] = {}
        self._ends: dict[str, float] = {}
        self._durations: list[float] = []
        self._looks: dict[str, estimate.Look] = {}
        self._ticking: asyncio.Task[None] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one line: traitlets gives every spawner a copy of its configuration."""
        return self

    @contextmanager
    def arrival(self, name: str) -> Iterator[None]:
        """Be in line, from now or from before the hub's restart, until the end."""
        turn = _Turn(
            Arrival(
                name,
                self._memory.back(name, self._clock()),
                Stage.SEAT,
                self._has_time(name),
            )
        )
        self._turns[name] = turn
        self._kept.pop(name, None)
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            # Written down with the next tick, which a hub that ends does not see: who
            # is sent away by its end keeps their place.
            if self._turns.get(name) is turn:
                del self._turns[name]
            self._call_next()

    async def seat(self, name: str, still_welcome: Callable[[], None]) -> None:
        """Wait for a seat; `still_welcome` raises now, or later, if it was in vain."""
        await self._wait(name, Stage.SEAT, still_welcome)

    @asynccontextmanager
    async def start(
        self, name: str, still_welcome: Callable[[], None]
    ) -> AsyncIterator[None]:
        """Wait for the turn to start, and be starting until the block ends."""
        await self._wait(name, Stage.START, still_welcome)
        began = time.monotonic()
        yield
        self._durations.append(time.monotonic() - began)
        del self._durations[: -estimate.RECENT]

    def look(self, name: str) -> estimate.Look | None:
        """Tell where somebody stands; None for who is not in line."""
        return self._looks.get(name)

    def stopped(self, name: str) -> None:
        """Keep the seat of somebody whose time runs: they may only be restarting."""
        if self._has_time(name):
            self._kept[name] = time.monotonic() + self._kept_seconds

    async def _wait(
        self, name: str, stage: Stage, still_welcome: Callable[[], None]
    ) -> None:
        turn = self._turns[name]
        turn.enter(stage)
        turn.called.clear()
        self._call_next()
        while not turn.called.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(turn.called.wait(), MEANWHILE_SECONDS)
            still_welcome()

    def _call_next(self) -> None:
        """Call whose turn it is, and tell everybody else where they stand."""
        free = self._seats - len(self._taken())
        for name in line.get_a_seat(self._arrivals(), free):
            self._call(name, Stage.CALLED)
        for name in line.may_start(self._arrivals(), self._at_once):
            self._call(name, Stage.STARTING)
        self._look_around()

    def _call(self, name: str, stage: Stage) -> None:
        self._turns[name].enter(stage)
        self._turns[name].called.set()

    def _taken(self) -> set[str]:
        """Name everybody who sits, or for whom a seat is kept."""
        now = time.monotonic()
        self._kept = {name: end for name, end in self._kept.items() if end > now}
        standing = {
            name
            for name, turn in self._turns.items()
            if turn.arrival.stage is Stage.SEAT
        }
        return ((self.seated() | set(self._turns)) - standing) | set(self._kept)

    def _arrivals(self) -> list[Arrival]:
        return [turn.arrival for turn in self._turns.values()]

    def _look_around(self) -> None:
        now = time.monotonic()
        ages = {
            name: now - turn.since
            for name, turn in self._turns.items()
            if turn.arrival.stage is Stage.STARTING
        }
        self._looks = estimate.looks(
            self._arrivals(), ages, self._at_once, self._durations, self._until_free()
        )

    def _until_free(self) -> Sequence[float]:
        """Tell in how many seconds the seats are free at the latest."""
        now, taken = time.monotonic(), self._taken()
        return [end - now for name, end in self._ends.items() if name in taken]

    def _read_ends(self) -> None:
        if any(one.stage is Stage.SEAT for one in self._arrivals()):
            now = time.monotonic()
            try:
                ends = self._times.ends()
            except CampError:
                log.exception("nobody can be told when a seat is free")
                ends = {}
            self._ends = {name: now + seconds for name, seconds in ends.items()}

    def _has_time(self, name: str) -> bool:
        try:
            return self._times.running(name)
        except CampError:
            log.exception("%s waits like somebody new", name)
            return False

    async def _tick(self) -> None:
        """Look at the line again and again, until it is empty and written down."""
        while True:
            if self._turns:
                self._read_ends()
                self._call_next()
            await self._memory.keep(self._rows())
            if not self._turns:
                return
            await asyncio.sleep(TICK_SECONDS)

    def _rows(self) -> list[InLine]:
        return [
            InLine(
                name,
                turn.arrival.arrived,
                str(Stage.START if look.stage is Stage.CALLED else look.stage),
                look.place,
                None if look.seconds is None else rounded(look.seconds),
            )
            for name, turn in self._turns.items()
            if (look := self._looks.get(name)) is not None
        ]
