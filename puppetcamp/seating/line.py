"""The order of the waiting line, as pure functions: no clock, no disk, no network.

Everybody waits twice at most: for a seat, if all are taken, and then for their turn to
start, since a machine that starts everybody at once is slower for everybody. Both
happen in the order of arrival. Who comes back while their time runs goes first: they
alone pay for waiting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """Name what somebody who arrived is waiting for, or that they wait no more."""

    SEAT = "seat"
    CALLED = "called"
    START = "start"
    STARTING = "starting"


@dataclass(frozen=True)
class Arrival:
    """Remember who came when; `running` says that their time runs already."""

    name: str
    arrived: datetime
    stage: Stage
    running: bool = False


def in_order(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Sort those who wait: who has a seat first, then whose time runs, then by arrival.

    Leaves out who waits no more.
    """
    waiting = [one for one in arrivals if one.stage is not Stage.STARTING]
    return sorted(
        waiting,
        key=lambda one: (
            one.stage is Stage.SEAT,
            not one.running,
            one.arrived,
            one.name,
        ),
    )


def get_a_seat(arrivals: Iterable[Arrival], free: int) -> list[str]:
    """Choose who gets the seats that are free, at most `free`."""
    waiting = [one for one in in_order(arrivals) if one.stage is Stage.SEAT]
    return [one.name for one in waiting[: max(0, free)]]


def may_start(arrivals: Sequence[Arrival], at_once: int) -> list[str]:
    """Choose who may start now, so that at most `at_once` starts are under way."""
    under_way = sum(one.stage is Stage.STARTING for one in arrivals)
    waiting = [one for one in in_order(arrivals) if one.stage is Stage.START]
    return [one.name for one in waiting[: max(0, at_once - under_way)]]
