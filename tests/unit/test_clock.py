"""The camp's clock: nobody can set it, and it never goes back."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from puppetcamp.clock import CampClock, Machine, camp_clock, utc_now
from puppetcamp.database import metadata, open_engine
from puppetcamp.errors import SessionError
from puppetcamp.sessions.clock_keeper import ClockKeeper
from tests.unit.sessions.support import HOUR, MINUTE, NOW, SECOND, timekeeper


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


class Computer:
    """A machine whose clock can be set, and that can be started again."""

    def __init__(self) -> None:
        self.wall = NOW
        self.up = HOUR
        self.boots = 1

    def wait(self, passed: timedelta) -> None:
        """Let time pass."""
        self.wall += passed
        self.up += passed

    def restart(self, off: timedelta = timedelta(0)) -> None:
        """Start again, after some time."""
        self.wall += off
        self.up = timedelta(0)
        self.boots += 1

    def clock(self, engine: Engine) -> CampClock:
        """Open the camp's clock in a new process."""
        read = Machine(lambda: self.wall, lambda: self.up, lambda: f"boot {self.boots}")
        return camp_clock(engine, read)


def test_setting_the_machines_clock_moves_nothing(engine: Engine) -> None:
    computer = Computer()
    clock = computer.clock(engine)
    assert clock() == NOW
    for off in (-9 * HOUR, 30 * HOUR):
        before = clock()
        computer.wall += off
        computer.wait(MINUTE)
        assert clock() == before + MINUTE
        assert computer.clock(engine)() == clock(), "a new process reads the same"
    assert clock.ahead == 21 * HOUR


def test_restart_of_the_machine_takes_its_clock_but_never_goes_back(
    engine: Engine,
) -> None:
    computer = Computer()
    clock = computer.clock(engine)
    computer.wait(HOUR)
    clock.keep()
    computer.restart(10 * MINUTE)
    assert computer.clock(engine)() == NOW + HOUR + 10 * MINUTE
    computer.restart(-30 * HOUR)
    assert computer.clock(engine)() == NOW + HOUR + 10 * MINUTE


def test_two_processes_agree_after_one_followed_the_machine(engine: Engine) -> None:
    computer = Computer()
    first, second = computer.clock(engine), computer.clock(engine)
    computer.wall += HOUR
    computer.wait(6 * SECOND)
    first.follow()
    assert first() == second() == NOW + HOUR + 6 * SECOND
    computer.wall -= 5 * HOUR
    first.follow()
    computer.wait(6 * SECOND)
    assert first() == second() == NOW + HOUR + 12 * SECOND, "it never goes back"


def test_clock_without_a_database() -> None:
    engine = open_engine("sqlite://")
    with pytest.raises(SessionError, match="clock cannot be read or written"):
        camp_clock(engine)
    engine.dispose()


def test_lost_database_does_not_stop_the_clock(engine: Engine) -> None:
    computer = Computer()
    clock = computer.clock(engine)
    metadata.drop_all(engine)
    computer.wait(HOUR)
    assert clock() == NOW + HOUR


def test_real_machine(engine: Engine) -> None:
    clock = camp_clock(engine)
    moments = [clock() for _ in range(100)]
    assert moments == sorted(moments)
    assert abs(utc_now() - clock()) < SECOND


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["wait", "set", "restart", "follow", "keep"]),
            st.integers(-100_000, 100_000),
        ),
        max_size=20,
    )
)
def test_it_never_goes_back_within_a_run_of_the_machine(
    steps: list[tuple[str, int]],
) -> None:
    engine = open_engine("sqlite://")
    metadata.create_all(engine, [metadata.tables["clock_anchor"]])
    computer = Computer()
    clock, last = computer.clock(engine), NOW
    for what, seconds in steps:
        match what:
            case "wait":
                computer.wait(abs(seconds) * SECOND)
            case "set":
                computer.wall += seconds * SECOND
            case "restart":
                clock.keep()
                computer.restart(seconds * SECOND)
                clock = computer.clock(engine)
            case "follow":
                clock.follow()
            case "keep":
                clock.keep()
        assert clock() >= last
        last = clock()
    engine.dispose()


def test_jump_is_told_once_and_followed_when_nobodys_time_runs(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    computer = Computer()
    clock = computer.clock(engine)
    times = timekeeper(engine, clock)
    keeper = ClockKeeper(clock, times)
    deadline = times.enter("ann").deadline
    keeper.look()
    assert not caplog.records
    computer.wall += 2 * HOUR
    for _ in range(3):
        keeper.look()
    [told] = caplog.records
    assert told.levelno == logging.WARNING
    assert "is 2 hours ahead of the camp's; deadlines stay" in told.getMessage()
    assert times.standing("ann").deadline == deadline
    computer.wall -= 2 * HOUR
    keeper.look()
    assert "agree again" in caplog.records[-1].getMessage()
    computer.wait(4 * HOUR)
    computer.wall += HOUR
    keeper.look()
    assert "nobody's time runs" in caplog.records[-1].getMessage()
    assert clock() == NOW + 5 * HOUR
