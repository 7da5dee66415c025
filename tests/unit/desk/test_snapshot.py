"""What the desk shows of a seat follows from what is known of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from puppetcamp.desk.consents import Consent, ConsentState
from puppetcamp.desk.exercises import ClassWork, Handed
from puppetcamp.desk.schemas import SeatState
from puppetcamp.desk.snapshot import Facts, Usage, seats, state
from puppetcamp.progress.store import NotebookProgress, Progress
from puppetcamp.progress.stuck import CellFailures
from puppetcamp.seating.table import InLine
from puppetcamp.sessions.hub_api import RunningServer
from tests.unit.sessions.support import HOUR, MINUTE, NOW, Time, timekeeper

SERVER = RunningServer("ada", "", None, True, NOW)


def in_line(stage: str) -> InLine:
    return InLine("ada", NOW, stage, 2, 40)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(NOW), SeatState.AWAY),
        (Facts(NOW, servers={"ada": SERVER}), SeatState.IN_USE),
        (Facts(NOW + 6 * MINUTE, servers={"ada": SERVER}), SeatState.IDLE),
        (
            Facts(
                NOW + 6 * MINUTE,
                servers={"ada": SERVER},
                active={"ada": NOW + 5 * MINUTE},
            ),
            SeatState.IN_USE,
        ),
        (Facts(NOW, line={"ada": in_line("seat")}), SeatState.QUEUED),
        (Facts(NOW, line={"ada": in_line("start")}), SeatState.QUEUED),
        (Facts(NOW, line={"ada": in_line("starting")}), SeatState.STARTING),
        (
            Facts(NOW, servers={"ada": replace(SERVER, ready=False, pending="spawn")}),
            SeatState.STARTING,
        ),
        (
            Facts(NOW, servers={"ada": replace(SERVER, pending="stop")}),
            SeatState.STOPPING,
        ),
        (Facts(NOW, warming=frozenset({"ada"})), SeatState.WARMING),
        (
            Facts(NOW, servers={"ada": SERVER}, warming=frozenset({"ada"})),
            SeatState.IN_USE,
        ),
    ],
)
def test_state(facts: Facts, expected: SeatState) -> None:
    assert state(facts, "ada") is expected


def test_time_that_is_over(engine: Engine) -> None:
    clock = Time()
    keeper = timekeeper(engine, clock)
    keeper.enter("ada")
    keeper.enter("bob")
    keeper.end("bob", "organizer")
    clock.now += MINUTE
    facts = Facts(clock.now, standings=keeper.standings(), servers={"ada": SERVER})
    assert state(facts, "bob") is SeatState.ENDED
    assert state(facts, "ada") is SeatState.IN_USE
    clock.now += 3 * HOUR
    facts = Facts(clock.now, standings=keeper.standings(), servers={"ada": SERVER})
    assert state(facts, "ada") is SeatState.STOPPING
    assert state(replace(facts, servers={}), "ada") is SeatState.EXPIRED


def test_everything_about_one_seat(engine: Engine) -> None:
    clock = Time()
    keeper = timekeeper(engine, clock)
    keeper.enter("ada")
    keeper.extend("ada", "organizer", 600)
    failing = CellFailures("lessons/01.ipynb", "a", 4, NOW - HOUR, NOW)
    facts = Facts(
        NOW,
        standings=keeper.standings(),
        servers={"ada": SERVER},
        progress={
            "ada": Progress(
                (
                    NotebookProgress("lessons/01.ipynb", 7, 1, 0, 0),
                    NotebookProgress("motd/motd.ipynb", 3, 0, 4, 3),
                ),
                (failing,),
                NOW - MINUTE,
            )
        },
        work=ClassWork(
            ("motd", "web"), {"ada": {"web": Handed(True, 3, 4), "old": _handed()}}
        ),
        consents=[Consent(1, "ada", "ines", ConsentState.AGREED, NOW + HOUR)],
        usage={"ada": Usage(2**27, 0.5), "bob": Usage(1, 1)},
    )
    (seat,) = seats(facts)
    assert (seat.extensions, seat.extension_seconds) == (1, 600)
    assert seat.remaining_seconds == timedelta(hours=3, minutes=10).total_seconds()
    assert [lesson.cells_run for lesson in seat.lessons] == [7, 3]
    assert [(e.name, e.state, e.score, e.checks_passed) for e in seat.exercises] == [
        ("motd", "worked-on", None, 3),
        ("web", "graded", 3, 0),
        ("old", "submitted", None, 0),
    ]
    assert seat.stuck is not None
    assert seat.stuck.since == NOW - HOUR
    assert seat.help[0].url == "/user/ada/lab"
    assert (seat.memory_bytes, seat.cpu) == (2**27, 0.5)


def _handed() -> Handed:
    return Handed(False, None, None)


def test_place_in_line_is_shown_while_they_wait() -> None:
    (seat,) = seats(Facts(NOW, line={"ada": in_line("start")}))
    assert (seat.place, seat.estimate_seconds) == (2, 40)
    (seat,) = seats(Facts(NOW, line={"ada": in_line("starting")}))
    assert (seat.place, seat.estimate_seconds) == (None, None)
