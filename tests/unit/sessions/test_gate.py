"""The gate: attendees with time pass, staff always do."""

import copy
from types import SimpleNamespace as Stub

import pytest
from sqlalchemy import Engine

from puppetcamp.database import open_engine
from puppetcamp.sessions.gate import Gate, Refused, SpawnHook, TimeOnPages
from puppetcamp.sessions.policy import Phase
from tests.unit.sessions.support import HOUR, TINY, Time, rules, timekeeper


@pytest.fixture
def gate(engine: Engine, clock: Time) -> Gate:
    return Gate(timekeeper(engine, clock))


def test_time_runs_from_the_first_entry(gate: Gate, clock: Time) -> None:
    assert gate.check("ann").phase is Phase.NOT_BEGUN
    gate.entered("ann")
    clock.now += HOUR
    gate.entered("ann")
    clock.now += 2 * HOUR - TINY
    gate.check("ann")
    clock.now += TINY
    with pytest.raises(Refused) as caught:
        gate.check("ann")
    refused = caught.value
    assert refused.status_code == 403
    assert refused.reason == "expired"
    assert refused.title == "Your time is up"
    assert "files and your submissions are kept" in refused.message_html
    assert refused.jupyterhub_html_message == refused.message_html


def test_waiting_costs_nothing(gate: Gate, clock: Time) -> None:
    gate.check("ann")
    clock.now += HOUR
    gate.entered("ann")
    clock.now += 2 * HOUR
    gate.check("ann")


def test_staff_pass_without_time(gate: Gate, clock: Time) -> None:
    gate.entered("organizer")
    clock.now += 99 * HOUR
    SpawnHook(gate)(Stub(user=Stub(name="organizer")))
    assert gate.notice("organizer") is None
    assert gate.timekeeper.standings() == {}


def test_doors_hold_back_who_is_not_in(gate: Gate) -> None:
    gate.entered("ann")
    gate.check("bo")
    gate.timekeeper.close_doors("organizer")
    gate.check("ann")
    with pytest.raises(Refused) as caught:
        SpawnHook(gate)(Stub(user=Stub(name="bo")))
    assert caught.value.title == "The doors are closed"
    gate.entered("bo")
    assert gate.check("bo").phase is Phase.RUNNING, "the doors closed behind them"
    gate.timekeeper.open_doors("organizer")
    gate.check("cy")


def test_ledger_that_fails_lets_nobody_in_and_stops_nobody(clock: Time) -> None:
    broken = open_engine("sqlite://")
    gate = Gate(timekeeper(broken, clock))
    with pytest.raises(Refused) as caught:
        gate.check("ann")
    assert caught.value.status_code == 503
    gate.entered("ann")
    assert TimeOnPages(gate)(Stub(name="ann")) is None
    broken.dispose()


def test_pages_tell_the_time(gate: Gate, clock: Time) -> None:
    time_of = TimeOnPages(gate)
    before = time_of(Stub(name="ann"))
    assert before is not None
    assert before.title == "You have 3 hours"
    gate.entered("ann")
    clock.now += 4 * HOUR
    after = time_of(Stub(name="ann"))
    assert after is not None
    assert after.title == "Your time is up"
    assert time_of(None) is None


def test_next_session_begins_with_the_next_start(engine: Engine, clock: Time) -> None:
    gate = Gate(timekeeper(engine, clock, rules(HOUR, sessions_per_attendee=2)))
    for _ in range(2):
        gate.check("ann")
        gate.entered("ann")
        clock.now += HOUR
    with pytest.raises(Refused, match="expired"):
        gate.check("ann")
    gate.entered("ann")
    assert gate.timekeeper.standing("ann").phase is Phase.EXPIRED


def test_every_spawner_has_the_same_gate(gate: Gate) -> None:
    assert copy.deepcopy({"gate": gate})["gate"] is gate
