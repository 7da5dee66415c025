"""Whose bundle is owed, when it is tried again, how long it is kept."""

from datetime import UTC, datetime, timedelta

from puppetcamp.takehome import decisions
from puppetcamp.takehome.decisions import State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
KEEP = 14 * DAY


def test_an_ended_session_is_owed_one_bundle() -> None:
    owed = decisions.is_owed
    assert not owed(None, None, KEEP, NOW)
    assert not owed(NOW + SECOND, None, KEEP, NOW)
    assert owed(NOW, None, KEEP, NOW)
    assert owed(NOW, NOW - SECOND, KEEP, NOW)
    assert not owed(NOW, NOW, KEEP, NOW)
    # More time after the end, and an end of that: there is more to take home.
    assert owed(NOW + 2 * SECOND, NOW + SECOND, KEEP, NOW + DAY)
    # A bundle of it would be gone by now.
    assert not owed(NOW - KEEP, None, KEEP, NOW)


def test_failures_are_tried_again_ever_later() -> None:
    waits = [decisions.next_try(starts, NOW) for starts in range(1, 5)]
    assert waits == [
        NOW + 10 * SECOND,
        NOW + 30 * SECOND,
        NOW + 90 * SECOND,
        None,
    ]


def test_asking_is_limited() -> None:
    wait = decisions.wait_before_asking
    assert wait(None, None, NOW) == timedelta(0)
    assert wait(NOW, State.QUEUED, NOW) is None
    assert wait(NOW, State.MAKING, NOW + DAY) is None
    assert wait(NOW, State.READY, NOW + 20 * SECOND) == 100 * SECOND
    assert wait(NOW, State.FAILED, NOW + DAY) == timedelta(0)


def test_bundles_go_when_their_time_is_over() -> None:
    assert not decisions.is_over(NOW, KEEP, NOW + KEEP - SECOND)
    assert decisions.is_over(NOW, KEEP, NOW + KEEP)


def test_the_estimate_counts_those_before() -> None:
    assert decisions.seconds_left([], 3, 2) is None
    assert decisions.seconds_left([4.0, 6.0], 0, 2) == 5
    assert decisions.seconds_left([4.0, 6.0], 3, 2) == 10
