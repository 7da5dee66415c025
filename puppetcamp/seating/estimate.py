"""Where somebody stands and how long they will wait: pure arithmetic, in seconds.

Nothing is guessed: before the first start has been measured there is no estimate.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from puppetcamp.seating.line import Arrival, Stage, in_order

RECENT = 12
"""How many of the latest starts tell how long one takes now."""


@dataclass(frozen=True)
class Look:
    """Describe where somebody stands; place 0 means that they are being started.

    `waiting` counts all who wait for the same. `seconds` is the estimate until their
    JupyterLab opens, and for those who wait for a seat the time until one is free at
    the latest; None if nobody can say.
    """

    stage: Stage
    place: int
    waiting: int
    seconds: float | None


def looks(
    arrivals: Sequence[Arrival],
    ages: Mapping[str, float],
    at_once: int,
    durations: Sequence[float],
    ends: Sequence[float],
) -> dict[str, Look]:
    """Tell everybody in line where they stand.

    `ages` says for how long each start under way has run, `at_once` how many run at a
    time, `durations` how long the latest starts took, and `ends` after how many seconds
    each seat is free at the latest.
    """
    start = typical(durations)
    waiting = in_order(arrivals)
    for_start = [one for one in waiting if one.stage is not Stage.SEAT]
    for_seat = [one for one in waiting if one.stage is Stage.SEAT]
    usable = until_usable(len(for_start), list(ages.values()), at_once, start)
    found = {
        name: Look(Stage.STARTING, 0, 0, None if start is None else left(age, start))
        for name, age in ages.items()
    }
    for place, (one, seconds) in enumerate(zip(for_start, usable, strict=True), 1):
        found[one.name] = Look(one.stage, place, len(for_start), seconds)
    for place, one in enumerate(for_seat, 1):
        seconds = until_seat(place, ends)
        found[one.name] = Look(one.stage, place, len(for_seat), seconds)
    return found


def typical(durations: Sequence[float]) -> float | None:
    """Tell how long a start takes at present; None before the first one."""
    return median(durations[-RECENT:]) if durations else None


def until_usable(
    waiting: int, ages: Sequence[float], at_once: int, start: float | None
) -> list[float | None]:
    """Estimate when the start of each of those who wait is done, in their order.

    `ages` says for how long each start under way has run, `at_once` how many run at a
    time, `start` how long one takes, see `typical`.
    """
    if start is None:
        return [None] * waiting
    ends = [left(age, start) for age in ages]
    ends += [0.0] * (at_once - len(ends))
    heapq.heapify(ends)
    done: list[float | None] = []
    for _ in range(waiting):
        at = heapq.heappop(ends) + start
        heapq.heappush(ends, at)
        done.append(at)
    return done


def until_seat(place: int, ends: Sequence[float]) -> float | None:
    """Tell after how long a seat is free at the latest for the one at `place`.

    `ends` are the seconds until the deadlines of those who sit. None if more people
    wait before this one than sit.
    """
    return max(0.0, sorted(ends)[place - 1]) if 0 < place <= len(ends) else None


def left(age: float, start: float) -> float:
    """Tell how long a start still takes that has run for `age` seconds.

    One that takes longer than usual will take longer still: a quarter of what it has
    taken so far, rather than no time at all.
    """
    return start - age if age < 0.8 * start else age / 4
