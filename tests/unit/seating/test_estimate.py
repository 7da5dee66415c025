"""The estimate: what a crowd would really see, given how long starts took."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from puppetcamp.seating import estimate
from puppetcamp.seating.estimate import Look, left, looks, until_seat, until_usable
from puppetcamp.seating.line import Arrival, Stage

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def came(name: str, minute: int, stage: Stage) -> Arrival:
    return Arrival(name, NINE + timedelta(minutes=minute), stage)


def test_nothing_is_guessed_before_the_first_start() -> None:
    assert until_usable(3, [1.0, 1.0], 2, None) == [None] * 3
    assert estimate.typical([]) is None


def test_one_start_after_another() -> None:
    # Two at a time, 10 s each, both have run for 4 s.
    assert until_usable(4, [4, 4], 2, 10) == [16, 16, 26, 26]


def test_free_places_are_used_at_once() -> None:
    assert until_usable(3, [4], 3, 10) == [10, 10, 16]


def test_a_start_that_takes_longer_is_not_promised_for_now() -> None:
    assert left(2, 10) == 8
    assert left(40, 10) == 10
    assert left(10, 10) > 0


@given(
    some.integers(1, 60),
    some.integers(1, 8),
    some.floats(0.5, 60),
    some.lists(some.floats(0, 100), max_size=8),
)
def test_nobody_is_before_whoever_is_before_them(
    waiting: int, at_once: int, start: float, ages: list[float]
) -> None:
    found = until_usable(waiting, ages[:at_once], at_once, start)
    assert len(found) == waiting
    seconds = [one for one in found if one is not None]
    assert seconds == sorted(seconds)
    assert seconds[0] >= start
    # Together they take at least the work that there is, shared by all who do it.
    assert seconds[-1] >= start * waiting / at_once - 1e-6


def test_a_seat_is_free_when_the_first_deadlines_are_over() -> None:
    assert until_seat(1, [300, 60, 900]) == 60
    assert until_seat(3, [300, 60, 900]) == 900
    assert until_seat(4, [300, 60, 900]) is None
    assert until_seat(1, [-5]) == 0


def test_everybody_is_told_their_own() -> None:
    line = [
        came("ann", 0, Stage.STARTING),
        came("cy", 2, Stage.START),
        came("bo", 1, Stage.CALLED),
        came("ed", 4, Stage.SEAT),
        came("di", 3, Stage.SEAT),
    ]
    assert looks(line, {"ann": 4.0}, 1, [10, 10, 90], [120]) == {
        "ann": Look(Stage.STARTING, 0, 0, 6),
        "bo": Look(Stage.CALLED, 1, 2, 16),
        "cy": Look(Stage.START, 2, 2, 26),
        "di": Look(Stage.SEAT, 1, 2, 120),
        "ed": Look(Stage.SEAT, 2, 2, None),
    }


@pytest.mark.parametrize("count", [1, 40])
def test_the_latest_starts_count(count: int) -> None:
    assert estimate.typical([99.0] * 5 + [8.0] * 40 * count) == 8
