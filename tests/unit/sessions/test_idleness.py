"""No server is stopped as idle without a warning that stood in full."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine

from puppetcamp.sessions.culler import arbiter
from puppetcamp.sessions.idleness import (
    REPORTED,
    Idleness,
    Rest,
    decide,
    warning_of,
)
from tests.unit.sessions.support import HOUR, MINUTE, NOW, SECOND

TIMEOUT = 45 * MINUTE
WARNED = warning_of(TIMEOUT)


def test_warning_comes_first_and_activity_takes_it_back(engine: Engine) -> None:
    idle = Idleness(engine, TIMEOUT)
    assert not idle.may_stop("ada", TIMEOUT - WARNED - SECOND, NOW)
    assert idle.ends_at("ada", NOW) is None
    assert not idle.may_stop("ada", TIMEOUT - WARNED, NOW)
    assert idle.ends_at("ada", NOW) == NOW + WARNED
    assert not idle.may_stop("ada", SECOND, NOW + MINUTE), "they are back"
    assert idle.ends_at("ada", NOW + MINUTE) is None


def test_nobody_is_stopped_unwarned_even_after_the_culler_slept(
    engine: Engine,
) -> None:
    idle = Idleness(engine, TIMEOUT)
    assert not idle.may_stop("ada", 9 * HOUR, NOW)
    assert not idle.may_stop("ada", 9 * HOUR, NOW + WARNED - SECOND)
    assert idle.may_stop("ada", 9 * HOUR, NOW + WARNED)
    assert not idle.may_stop("ada", 9 * HOUR, NOW + WARNED + SECOND), "a new start"


def test_whoever_says_that_they_are_here_is_left_alone(engine: Engine) -> None:
    idle = Idleness(engine, TIMEOUT)
    idle.may_stop("ada", TIMEOUT, NOW)
    idle.present("ada", NOW + MINUTE)
    assert idle.ends_at("ada", NOW + MINUTE) is None
    assert not idle.may_stop("ada", 2 * TIMEOUT, NOW + TIMEOUT - WARNED)
    assert idle.ends_at("ada", NOW + MINUTE) is None


def test_a_seats_own_count_is_preferred_while_it_is_young(engine: Engine) -> None:
    idle = Idleness(engine, TIMEOUT)
    idle.quiet("ada", NOW, TIMEOUT.total_seconds())
    assert not idle.may_stop("ada", SECOND, NOW)
    assert idle.ends_at("ada", NOW) is not None, "an open page is no activity"
    idle.quiet("ada", NOW + 5 * SECOND, 0)
    assert idle.ends_at("ada", NOW + 5 * SECOND) is None, (
        "at once, not at the next look"
    )
    late = NOW + 5 * SECOND + REPORTED
    assert not idle.may_stop("ada", TIMEOUT, late)
    assert idle.ends_at("ada", late) is not None, "the seat has fallen silent"


def test_counts_that_say_nothing_new_are_not_written_down(engine: Engine) -> None:
    idle = Idleness(engine, TIMEOUT)
    for seconds in range(0, 300, 5):
        idle.quiet("ada", NOW + seconds * SECOND, seconds)
    assert idle.active(NOW + 300 * SECOND) == {"ada": NOW}
    assert idle.active(NOW + HOUR) == {}


def test_what_fails_stops_nobody(engine: Engine) -> None:
    may_stop = arbiter(Idleness(engine, TIMEOUT), lambda: NOW)
    server = {"full_name": "ada/"}
    engine.dispose()
    assert may_stop(inactive=None, server=server) is False
    broken = arbiter(None, lambda: NOW)  # type: ignore[arg-type]
    assert broken(inactive=9 * HOUR, server=server) is False


@given(
    some.lists(
        some.tuples(some.integers(1, 1200), some.sampled_from("lwb")), max_size=60
    )
)
def test_every_stop_was_announced(steps: list[tuple[int, str]]) -> None:
    """Play any course of looks (l), work (w) and breaks (b) of so many seconds."""
    now, worked, known = NOW, NOW, Rest()
    warned_since = None
    for seconds, what in steps:
        now += timedelta(seconds=seconds)
        if what == "w":
            worked = now
        if what != "l":
            continue
        stop, warned = decide(now - worked, TIMEOUT, known, now)
        if stop:
            assert now - worked >= TIMEOUT
            assert warned_since is not None
            assert now - warned_since >= WARNED
            return
        known = Rest(warned=warned)
        warned_since = warned
