"""Guessing is slowed down, and forgotten in time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.throttle import Throttle

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_waits_double_after_the_free_failures() -> None:
    throttle, now, waits = Throttle(free=3), NOW, []
    for _ in range(12):
        throttle.fail("key", now)
        wait = throttle.wait("key", now)
        waits.append(wait.total_seconds())
        now += wait
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_wait_runs_out() -> None:
    throttle = Throttle(free=1)
    throttle.fail("key", NOW)
    assert throttle.wait("key", NOW) == SECOND
    assert throttle.wait("key", NOW + SECOND / 2) == SECOND / 2
    assert throttle.wait("key", NOW + SECOND) == timedelta(0)


def test_quiet_is_rewarded() -> None:
    throttle = Throttle(free=1, memory=timedelta(minutes=10))
    for _ in range(50):
        throttle.fail("key", NOW)
    later = NOW + timedelta(minutes=10)
    assert throttle.wait("key", later) == timedelta(0)
    throttle.fail("key", later)
    assert throttle.wait("key", later) == SECOND


def test_success_wipes_the_slate() -> None:
    throttle = Throttle(free=1)
    throttle.fail("key", NOW)
    throttle.forget("key")
    throttle.forget("stranger")
    assert throttle.wait("key", NOW) == timedelta(0)


def test_keys_do_not_disturb_each_other() -> None:
    throttle = Throttle(free=1)
    throttle.fail(("ann", "::1"), NOW)
    assert throttle.wait(("bo", "::1"), NOW) == timedelta(0)


def test_memory_is_capped_and_loses_the_oldest() -> None:
    throttle = Throttle(free=1, capacity=100)
    for key in range(1000):
        throttle.fail(key, NOW)
    assert len(throttle) == 100
    assert throttle.wait(999, NOW) == SECOND
    assert throttle.wait(0, NOW) == timedelta(0)


@given(st.lists(st.integers(0, 700), max_size=200), st.integers(1, 12))
def test_wait_is_never_negative_nor_too_long(pauses: list[int], free: int) -> None:
    throttle, now = Throttle(free), NOW
    for count, pause in enumerate(pauses, 1):
        throttle.fail("key", now)
        wait = throttle.wait("key", now)
        assert timedelta(0) <= wait <= timedelta(seconds=60)
        if count < free:
            assert wait == timedelta(0)
        now += pause * SECOND
