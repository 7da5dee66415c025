"""The ledger: the first begin of a window counts, whatever restarts."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from puppetcamp.database import metadata, open_engine
from puppetcamp.errors import SessionError
from puppetcamp.sessions.facts import Ending
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import CampSession, Extension, Pause, Record
from tests.unit.sessions.support import HOUR, MINUTE, NOW


def test_first_begin_wins(engine: Engine) -> None:
    ledger = Ledger(engine)
    first = ledger.begin("ann", NOW)
    assert first == CampSession("ann", NOW)
    assert ledger.begin("ann", NOW + HOUR) == first
    assert ledger.current("ann", None) == first
    assert ledger.current("bo", None) is None


def test_ledger_outlives_its_process(engine: Engine) -> None:
    Ledger(engine).begin("ann", NOW)
    again = open_engine(str(engine.url))
    try:
        metadata.create_all(again)
        assert Ledger(again).begin("ann", NOW + HOUR) == CampSession("ann", NOW)
    finally:
        again.dispose()


def test_each_window_has_its_own_sessions(engine: Engine) -> None:
    ledger = Ledger(engine)
    tomorrow = NOW + 24 * HOUR
    ledger.begin("ann", NOW + HOUR, opens=NOW)
    assert ledger.current("ann", tomorrow) is None
    second = ledger.begin("ann", tomorrow + HOUR, opens=tomorrow)
    assert second.started == tomorrow + HOUR
    assert [known.sessions for known in ledger.records(tomorrow)] == [(second,)]


def test_moving_the_opening_does_not_renew(engine: Engine) -> None:
    ledger = Ledger(engine)
    first = ledger.begin("ann", NOW + HOUR, opens=NOW)
    earlier = NOW - HOUR
    assert ledger.begin("ann", NOW + 2 * HOUR, opens=earlier) == first
    assert ledger.begin("ann", NOW + 2 * HOUR, opens=None) == first


def test_latest_session_counts_where_windows_were_joined(engine: Engine) -> None:
    ledger = Ledger(engine)
    ledger.begin("ann", NOW, opens=NOW)
    second = ledger.begin("ann", NOW + 24 * HOUR, opens=NOW + 24 * HOUR)
    assert ledger.current("ann", None) == second
    [known] = ledger.records()
    assert known.sessions[-1] == second


def test_time_cannot_begin_before_opening(engine: Engine) -> None:
    with pytest.raises(SessionError, match="before the camp opens"):
        Ledger(engine).begin("ann", NOW - HOUR, opens=NOW)


def test_session_is_followed_by_one(engine: Engine) -> None:
    ledger = Ledger(engine)
    first = ledger.begin("ann", NOW, opens=NOW)
    second = ledger.begin("ann", NOW + HOUR, NOW, after=first)
    assert second.started == NOW + HOUR
    assert ledger.begin("ann", NOW + 2 * HOUR, NOW, after=first) == second
    third = ledger.begin("ann", NOW + 2 * HOUR, NOW, after=second)
    assert ledger.record("ann").sessions == (first, second, third)


def test_facts_come_back_as_they_were_written(engine: Engine) -> None:
    ledger = Ledger(engine)
    session = ledger.begin("ann", NOW)
    more = Extension(NOW + MINUTE, timedelta(seconds=0.25), "organizer")
    ledger.extend([(session, more)])
    ledger.end(session, Ending(NOW + HOUR, "organizer"))
    ledger.pause(NOW, "organizer")
    ledger.resume(NOW + MINUTE, "organizer")
    ledger.pause(NOW + HOUR, "organizer")
    assert ledger.paused()
    assert ledger.doors_open()
    ledger.set_doors(False, NOW, "organizer")
    expected = CampSession("ann", NOW, (more,), (Ending(NOW + HOUR, "organizer"),))
    pauses = (Pause(NOW, NOW + MINUTE), Pause(NOW + HOUR, None))
    assert ledger.record("ann") == Record("ann", (expected,), pauses, False)
    assert ledger.records() == [ledger.record("ann")]


def test_extension_of_a_session_that_has_changed_is_not_written(engine: Engine) -> None:
    ledger = Ledger(engine)
    ann, bo = ledger.begin("ann", NOW), ledger.begin("bo", NOW)
    more = Extension(NOW, MINUTE, "organizer")
    ledger.extend([(ann, more)])
    with pytest.raises(IntegrityError):
        ledger.extend([(bo, more), (ann, more)])
    assert ledger.record("bo").sessions == (bo,), "all or none"


def test_begin_at_the_same_moment_gives_one_session(engine: Engine) -> None:
    ledger = Ledger(engine)
    barrier = threading.Barrier(8)
    found: list[CampSession] = []

    def begin(at: int) -> None:
        barrier.wait()
        found.append(ledger.begin("ann", NOW + at * timedelta(seconds=1)))

    threads = [threading.Thread(target=begin, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {ledger.current("ann", None)}


def test_sessions_are_listed_by_name(engine: Engine) -> None:
    ledger = Ledger(engine)
    for name in ("zoe", "ann"):
        ledger.begin(name, NOW)
    assert [known.attendee for known in ledger.records()] == ["ann", "zoe"]


def test_database_without_tables_is_a_session_error() -> None:
    engine = open_engine("sqlite://")
    with pytest.raises(SessionError, match="ledger cannot be used"):
        Ledger(engine).records()
    engine.dispose()


@settings(max_examples=30, deadline=None)
@given(
    begins=st.lists(
        st.tuples(st.sampled_from(["ann", "bo"]), st.integers(0, 10_000)), max_size=20
    )
)
def test_no_order_of_begins_moves_a_start(begins: list[tuple[str, int]]) -> None:
    engine = open_engine("sqlite://")
    metadata.create_all(engine)
    ledger, first = Ledger(engine), {}
    for name, seconds in begins:
        now = NOW + seconds * timedelta(seconds=1)
        assert ledger.begin(name, now).started == first.setdefault(name, now)
    engine.dispose()
