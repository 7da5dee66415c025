"""The enforcer at work on any class: never early, never later than one look."""

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from puppetcamp.sessions.enforcer import TICK, Enforcer
from puppetcamp.sessions.hub_api import RunningServer
from puppetcamp.sessions.policy import Phase, Rules
from puppetcamp.sessions.timekeeper import Timekeeper
from tests.unit.sessions.support import (
    MINUTE,
    SECOND,
    Time,
    database,
    rules,
    timekeeper,
)

NAMES = ["ann", "bo", "cy"]
MORE = 10 * SECOND

deeds = st.lists(
    st.tuples(
        st.integers(0, 50_000).map(lambda ms: timedelta(milliseconds=ms)),
        st.sampled_from(["start", "start", "extend", "all", "end", "pause", "resume"]),
        st.sampled_from(NAMES),
    ),
    max_size=12,
)


class Room:
    """A hub of sorts: who is in, and when each of them was sent away."""

    def __init__(self, clock: Time) -> None:
        self.clock = clock
        self.seated: dict[str, RunningServer] = {}
        self.stopped: list[tuple[str, datetime]] = []

    async def running(self) -> list[RunningServer]:
        """List who is in."""
        return list(self.seated.values())

    async def stop(self, server: RunningServer) -> None:
        """Send somebody away."""
        self.stopped.append((server.owner, self.clock()))
        del self.seated[server.owner]


def do(times: Timekeeper, room: Room, deed: str, name: str) -> None:
    """Do something to the time of one or of all."""
    match deed:
        case "start" if times.standing(name).refusal is None:
            times.enter(name)
            room.seated[name] = RunningServer(name, "", None)
        case "extend" if times.extension_reason(name, "organizer") is None:
            times.extend(name, "organizer", MORE.total_seconds())
        case "all":
            times.extend_all("organizer", MORE.total_seconds())
        case "end":
            times.end(name, "organizer")
        case "pause":
            times.pause("organizer")
        case "resume":
            times.resume("organizer")


async def watch(asked: Rules, schedule: list[tuple[timedelta, str, str]]) -> None:
    """Let the enforcer look as often as it wants, and compare stops with deadlines."""
    clock = Time()
    with tempfile.TemporaryDirectory() as folder:
        engine = database(Path(folder))
        times, room = timekeeper(engine, clock, asked), Room(clock)
        enforcer, begun = Enforcer(times, room), clock.now
        waiting = sorted(schedule)
        while clock.now < begun + 2 * MINUTE:
            while waiting and begun + waiting[0][0] <= clock.now:
                do(times, room, *waiting.pop(0)[1:])
            pause = await enforcer.look()
            assert 0 < pause <= TICK
            while enforcer._stops:
                await asyncio.sleep(0)
            compare(times, room)
            clock.now += timedelta(seconds=pause)
        engine.dispose()


def compare(times: Timekeeper, room: Room) -> None:
    """Expect everybody in whose time runs, and nobody else."""
    for name, at in room.stopped:
        due = times.standing(name).deadline
        assert due is not None
        assert timedelta(0) <= at - due <= TICK * SECOND
    room.stopped.clear()
    for name in room.seated:
        assert times.standing(name).phase is Phase.RUNNING


@settings(max_examples=15, deadline=None)
@given(
    length=st.integers(1, 40_000).map(lambda ms: timedelta(milliseconds=ms)),
    closes=st.none() | st.integers(1, 60),
    schedule=deeds,
)
def test_stops_are_never_early_and_at_most_one_look_late(
    length: timedelta,
    closes: int | None,
    schedule: list[tuple[timedelta, str, str]],
) -> None:
    asked = rules(
        length,
        closes=None if closes is None else Time().now + closes * SECOND,
        sessions_per_attendee=3,
        extension_step=MORE,
    )
    asyncio.run(watch(asked, schedule))
