"""The timekeeper: what is done to time is written down, and everybody reads it."""

import threading

import pytest
from sqlalchemy import Engine

from puppetcamp.sessions.policy import NoExtension, Phase, Standing
from puppetcamp.sessions.timekeeper import (
    ENDING_NOTICE,
    ExtensionRefused,
    Timekeeper,
)
from tests.unit.sessions.support import HOUR, MINUTE, NOW, TINY, Time, rules, timekeeper


@pytest.fixture
def times(engine: Engine, clock: Time) -> Timekeeper:
    return timekeeper(engine, clock, rules(HOUR, own_extensions=2))


def test_what_one_writes_another_reads(
    times: Timekeeper, engine: Engine, clock: Time
) -> None:
    times.enter("ann")
    found = times.extend("ann", by="organizer")
    assert found.deadline == NOW + HOUR + 15 * MINUTE
    assert timekeeper(engine, clock, times.rules).standing("ann") == found


def test_extension_for_all_reaches_whose_time_runs(
    times: Timekeeper, clock: Time
) -> None:
    times.enter("di")
    clock.now += HOUR
    for name in ("ann", "bo"):
        times.enter(name)
    times.extend("bo", "organizer", 8 * 900)
    outcome = times.extend_all("organizer", 600)
    assert set(outcome) == {"ann", "bo"}
    assert isinstance(outcome["ann"], Standing)
    assert outcome["ann"].remaining == HOUR + 10 * MINUTE
    refused = outcome["bo"]
    assert isinstance(refused, ExtensionRefused)
    assert refused.reason is NoExtension.NONE_LEFT
    assert "8 times at most" in str(refused)
    assert times.standing("di").phase is Phase.EXPIRED


def test_refusal_says_why(times: Timekeeper) -> None:
    with pytest.raises(ExtensionRefused, match="has not begun"):
        times.extend("ann", "organizer")
    times.enter("ann")
    assert times.extension_reason("ann", "instructor") is NoExtension.NOT_YOURS
    for _ in range(2):
        times.extend("ann", "ann")
    with pytest.raises(ExtensionRefused, match="Ask your instructor"):
        times.extend("ann", "ann")


def test_extensions_at_the_same_moment_stay_within_the_limit(
    engine: Engine, clock: Time
) -> None:
    asked = rules(HOUR, own_extensions=3)
    timekeeper(engine, clock, asked).enter("ann")
    barrier = threading.Barrier(8)
    given: list[bool] = []

    def extend() -> None:
        mine = timekeeper(engine, clock, asked)
        barrier.wait()
        try:
            mine.extend("ann", "ann")
            given.append(True)
        except ExtensionRefused:
            given.append(False)

    threads = [threading.Thread(target=extend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [False] * 5 + [True] * 3
    assert timekeeper(engine, clock, asked).standing("ann").extensions == 3


def test_end_comes_with_a_short_notice(times: Timekeeper, clock: Time) -> None:
    times.enter("ann")
    found = times.end("ann", "organizer")
    assert found.phase is Phase.RUNNING
    assert found.remaining == ENDING_NOTICE
    with pytest.raises(ExtensionRefused, match="is being ended"):
        times.extend("ann", "organizer")
    clock.now += ENDING_NOTICE
    assert times.end("ann", "organizer").phase is Phase.ENDED
    assert times.extend("ann", "organizer").remaining == 15 * MINUTE
    assert times.end("bo", "organizer").phase is Phase.NOT_BEGUN


def test_pause_freezes_everybody(times: Timekeeper, clock: Time) -> None:
    times.enter("ann")
    times.pause("organizer")
    times.pause("organizer")
    assert times.paused
    clock.now += 9 * HOUR
    found = times.enter("bo")
    assert found.paused
    assert {s.remaining for s in times.standings().values()} == {HOUR}
    times.resume("organizer")
    assert not times.paused
    clock.now += HOUR - TINY
    assert times.standing("ann").phase is Phase.RUNNING
    clock.now += TINY
    assert times.standing("ann").phase is Phase.EXPIRED


def test_nothing_is_known_of_strangers(times: Timekeeper) -> None:
    assert times.standings() == {}
    assert times.extend_all("organizer") == {}
    assert times.doors_open
