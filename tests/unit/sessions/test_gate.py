"""The gate: attendees with time and a seat pass, staff always do."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Stub

import pytest
from sqlalchemy import Engine

from puppetcamp.database import metadata, open_engine
from puppetcamp.sessions.gate import Gate, Refused, TimeOnPages
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STAFF = frozenset({"organizer"})


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def gate(engine: Engine) -> Gate:
    return Gate(Rules(3 * HOUR, None, None, seats=2), Ledger(engine), STAFF)


def server(active: bool, pending: str | None = None) -> Stub:
    return Stub(active=active, pending=pending)


def users(**servers: Stub) -> dict[int, Stub]:
    return {
        at: Stub(name=name, spawners={"": spawner})
        for at, (name, spawner) in enumerate(servers.items())
    }


def test_time_runs_from_the_first_entry(gate: Gate) -> None:
    gate.check("ann", 0, NOW)
    gate.entered("ann", NOW)
    gate.entered("ann", NOW + HOUR)
    gate.check("ann", 0, NOW + 3 * HOUR - timedelta(microseconds=1))
    with pytest.raises(Refused) as caught:
        gate.check("ann", 0, NOW + 3 * HOUR)
    refused = caught.value
    assert refused.status_code == 403
    assert refused.reason == "expired"
    assert refused.title == "Your time is up"
    assert "files and your submissions are kept" in refused.message_html
    assert refused.jupyterhub_html_message == refused.message_html


def test_waiting_costs_nothing(gate: Gate) -> None:
    gate.check("ann", 0, NOW)
    gate.entered("ann", NOW + HOUR)
    gate.check("ann", 0, NOW + 3 * HOUR)


def test_staff_pass_without_time_and_seat(gate: Gate, engine: Engine) -> None:
    gate.entered("organizer", NOW)
    gate.check("organizer", 99, NOW + 99 * HOUR)
    assert gate.notice("organizer", NOW) is None
    assert Ledger(engine).sessions(None) == []


def test_no_seat_left(gate: Gate) -> None:
    gate.check("ann", 1, NOW)
    with pytest.raises(Refused, match="no-seat"):
        gate.check("bo", 2, NOW)


def test_seats_are_held_by_others_who_were_admitted(gate: Gate) -> None:
    running = users(
        ann=server(True),
        bo=server(True, "spawn"),
        cy=server(True, "stop"),
        di=server(False),
        organizer=server(True),
    )
    assert gate.others("ann", running) == 1
    gate.check("bo", 0, NOW)
    assert gate.others("ann", running) == 2
    assert gate.others("di", running) == 3


def test_two_who_come_for_the_last_seat_do_not_refuse_each_other(gate: Gate) -> None:
    running = users(
        ann=server(True), bo=server(True, "spawn"), cy=server(True, "spawn")
    )
    gate.check("bo", gate.others("bo", running), NOW)
    with pytest.raises(Refused, match="no-seat"):
        gate.check("cy", gate.others("cy", running), NOW)


def test_ledger_that_fails_lets_nobody_in_and_stops_nobody() -> None:
    broken = open_engine("sqlite://")
    gate = Gate(Rules(HOUR, None, None, 1), Ledger(broken), STAFF)
    with pytest.raises(Refused) as caught:
        gate.check("ann", 0, NOW)
    assert caught.value.status_code == 503
    gate.entered("ann", NOW)
    assert TimeOnPages(gate, lambda: NOW)(Stub(name="ann")) is None
    broken.dispose()


def test_pages_tell_the_time(gate: Gate) -> None:
    time_of = TimeOnPages(gate, lambda: NOW)
    before = time_of(Stub(name="ann"))
    assert before is not None
    assert before.title == "You have 3 hours"
    gate.entered("ann", NOW - 4 * HOUR)
    after = time_of(Stub(name="ann"))
    assert after is not None
    assert after.title == "Your time is up"
    assert time_of(None) is None


def test_every_spawner_has_the_same_gate(gate: Gate) -> None:
    assert copy.deepcopy({"gate": gate})["gate"] is gate
