"""The order of the line: fair, and never more than there is room for."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from puppetcamp.seating.line import Arrival, Stage, get_a_seat, in_order, may_start

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def came(name: str, minute: int, stage: Stage = Stage.START, **more: bool) -> Arrival:
    return Arrival(name, NINE + timedelta(minutes=minute), stage, **more)


arrivals = some.lists(
    some.builds(
        came,
        some.text("abcdef", min_size=1, max_size=3),
        some.integers(0, 5),
        some.sampled_from(Stage),
        running=some.booleans(),
    ),
    unique_by=lambda one: one.name,
    max_size=12,
)


def names(line: list[Arrival]) -> list[str]:
    return [one.name for one in line]


def test_who_came_first_is_first() -> None:
    assert names(in_order([came("cy", 2), came("ann", 0), came("bo", 1)])) == [
        *("ann", "bo", "cy")
    ]


def test_whose_time_runs_goes_first() -> None:
    line = [came("ann", 0), came("bo", 5, running=True)]
    assert names(in_order(line)) == ["bo", "ann"]


def test_who_has_a_seat_is_before_who_waits_for_one() -> None:
    line = [came("ann", 0, Stage.SEAT, running=True), came("bo", 5)]
    assert names(in_order(line)) == ["bo", "ann"]


def test_who_starts_does_not_wait() -> None:
    assert in_order([came("ann", 0, Stage.STARTING)]) == []


@given(arrivals, some.integers(-2, 15))
def test_seats_are_given_to_the_first(line: list[Arrival], free: int) -> None:
    given_to = get_a_seat(line, free)
    waiting = names([one for one in in_order(line) if one.stage is Stage.SEAT])
    assert given_to == waiting[: len(given_to)]
    assert len(given_to) == min(max(free, 0), len(waiting))


@given(arrivals, some.integers(1, 6))
def test_no_more_start_than_may(line: list[Arrival], at_once: int) -> None:
    under_way = sum(one.stage is Stage.STARTING for one in line)
    waiting = names([one for one in in_order(line) if one.stage is Stage.START])
    called = may_start(line, at_once)
    assert called == waiting[: len(called)]
    assert under_way + len(called) <= max(at_once, under_way)
    # Nobody waits while there is room.
    assert len(called) == len(waiting) or under_way + len(called) >= at_once
