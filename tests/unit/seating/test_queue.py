"""The line on a real event loop, with people who come, wait, leave and fail."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.database import metadata, open_engine
from puppetcamp.errors import SessionError
from puppetcamp.seating import queue as under_test
from puppetcamp.seating.line import Stage
from puppetcamp.seating.memory import LineMemory
from puppetcamp.seating.queue import Queue
from puppetcamp.seating.table import InLine, LineTable

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Times:
    """Know whose time runs, and for how long."""

    def __init__(self, **left: float) -> None:
        self.left = left
        self.broken = False

    def running(self, name: str) -> bool:
        return name in self.ends()

    def ends(self) -> dict[str, float]:
        if self.broken:
            message = "the ledger is gone"
            raise SessionError(message)
        return self.left


class Room:
    """Keep people in a line; each sits until told to leave."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.sitting: set[str] = set()
        self.started: list[str] = []
        self.goes_on = asyncio.Event()
        self.tasks: dict[str, asyncio.Task[None]] = {}
        queue.seated = lambda: (
            self.sitting
            | {name for name, task in self.tasks.items() if not task.done()}
        )

    async def come(
        self, *names: str, welcome: Callable[[], None] = lambda: None
    ) -> None:
        """Let people arrive one after another."""
        for name in names:
            self.tasks[name] = asyncio.create_task(self._visit(name, welcome))
            await asyncio.sleep(0.001)

    async def settle(self) -> None:
        """Let everything happen that can happen."""
        for _ in range(30):
            await asyncio.sleep(0)

    async def over(self) -> None:
        """Wait until everybody sits and the line is written down."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others), 5)

    def standing(self) -> dict[str, tuple[Stage, int]]:
        """Tell where everybody stands."""
        looks = {name: self.queue.look(name) for name in self.tasks}
        return {n: (look.stage, look.place) for n, look in looks.items() if look}

    async def _visit(self, name: str, welcome: Callable[[], None]) -> None:
        with self.queue.arrival(name):
            await self.queue.seat(name, welcome)
            async with self.queue.start(name, welcome):
                self.started.append(name)
                await self.goes_on.wait()
            self.sitting.add(name)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def a_queue(seats: int = 99, at_once: int = 2, **left: float) -> Queue:
    return Queue(seats, at_once, Times(**left), LineMemory(None))


async def test_starts_are_bounded_and_in_order() -> None:
    room = Room(a_queue())
    await room.come("ann", "bo", "cy", "di")
    assert room.started == ["ann", "bo"]
    assert room.standing()["cy"] == (Stage.START, 1)
    assert room.standing()["di"] == (Stage.START, 2)
    room.goes_on.set()
    await room.settle()
    assert room.started == ["ann", "bo", "cy", "di"]
    assert room.standing() == {}


async def test_a_start_that_fails_makes_room() -> None:
    room = Room(a_queue(at_once=1))
    await room.come("ann", "bo", "cy")
    room.tasks["bo"].cancel()
    room.tasks["ann"].cancel()
    await room.settle()
    assert room.started == ["ann", "cy"]


async def test_above_the_seats_people_wait() -> None:
    room = Room(a_queue(seats=2, ann=50, bo=80))
    room.goes_on.set()
    await room.come("ann", "bo", "cy", "di")
    await room.settle()
    assert room.sitting == {"ann", "bo"}
    assert room.standing() == {"cy": (Stage.SEAT, 1), "di": (Stage.SEAT, 2)}
    room.sitting.remove("bo")
    # Nobody says so: the line finds out.
    await asyncio.wait_for(room.tasks["cy"], 3)
    assert room.sitting == {"ann", "cy"}
    room.tasks["di"].cancel()


async def test_a_seat_is_kept_for_who_restarts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(under_test, "TICK_SECONDS", 0.01)
    queue = Queue(1, 1, Times(ann=50), LineMemory(None), kept_seconds=0.5)
    room = Room(queue)
    room.goes_on.set()
    await room.come("ann", "bo")
    await room.settle()
    room.sitting.remove("ann")
    queue.stopped("ann")
    await asyncio.sleep(0.05)
    await room.come("ann")
    await asyncio.wait_for(room.tasks["ann"], 3)
    assert room.sitting == {"ann"}
    room.sitting.remove("ann")
    queue.stopped("ann")
    await asyncio.wait_for(room.tasks["bo"], 3)


async def test_who_is_not_welcome_any_more_leaves() -> None:
    room = Room(a_queue(at_once=1))

    def closed() -> None:
        if room.goes_on.is_set():
            message = "the doors are closed"
            raise PermissionError(message)

    await room.come("ann")
    await room.come("bo", welcome=closed)
    await room.come("cy")
    room.goes_on.set()
    await room.settle()
    assert isinstance(room.tasks["bo"].exception(), PermissionError)
    assert room.started == ["ann", "cy"]


async def test_a_ledger_that_fails_keeps_nobody_waiting() -> None:
    times = Times()
    times.broken = True
    queue = Queue(1, 1, times, LineMemory(None))
    room = Room(queue)
    room.goes_on.set()
    await room.come("ann", "bo")
    await room.settle()
    queue.stopped("ann")
    room.sitting.clear()
    await asyncio.wait_for(room.tasks["bo"], 3)


async def test_places_outlive_the_hub(engine: Engine) -> None:
    table = LineTable(engine)
    table.write(
        [
            InLine("bo", NINE, "start", 1, 20),
            InLine("ann", NINE.replace(minute=1), "start", 2, 30),
        ]
    )
    queue = Queue(9, 1, Times(), LineMemory(table))
    assert table.read() == [], "nobody is in line before they are back"
    room = Room(queue)
    await room.come("zoe", "cy", "ann", "bo")
    assert room.standing() == {
        "zoe": (Stage.STARTING, 0),
        "bo": (Stage.START, 1),
        "ann": (Stage.START, 2),
        "cy": (Stage.START, 3),
    }
    while [one.attendee for one in table.read()] != ["zoe", "bo", "ann", "cy"]:
        await asyncio.sleep(0.01)
    assert table.read()[1].arrived == NINE
    room.goes_on.set()
    await room.over()
    assert table.read() == []


async def test_who_comes_too_late_is_new(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puppetcamp.seating.memory.BACK_SECONDS", -1.0)
    LineTable(engine).write([InLine("bo", NINE, "start", 1, 20)])
    memory = LineMemory(LineTable(engine))
    later = NINE.replace(hour=10)
    assert memory.back("bo", later) == later


async def test_a_table_that_fails_keeps_nobody_waiting(tmp_path: Path) -> None:
    broken = open_engine(f"sqlite:///{tmp_path / 'broken.sqlite'}")
    room = Room(Queue(9, 1, Times(), LineMemory(LineTable(broken))))
    room.goes_on.set()
    await room.come("ann")
    await room.over()
    assert room.sitting == {"ann"}
    broken.dispose()
