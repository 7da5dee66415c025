"""Decide which warm seats to make and which to remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Target:
    """Say how many warm seats there shall be, and for whom, since when."""

    walk_ins: int = 0
    roster: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def total(self) -> int:
        """Count all of them."""
        return self.walk_ins + len(self.roster)


@dataclass(frozen=True)
class WarmSeat:
    """Describe a warm seat that is made or ready; `attendee` of None: a walk-in's."""

    id: str
    attendee: str | None
    ready: bool


@dataclass(frozen=True)
class Plan:
    """Name seats to make (by attendee, None for a walk-in) and to remove (by id)."""

    make: tuple[str | None, ...] = ()
    remove: tuple[str, ...] = ()


def plan(
    target: Target,
    seats: Sequence[WarmSeat],
    *,
    arrived: frozenset[str] = frozenset(),
    room: int,
) -> Plan:
    """Compare what there shall be with what there is.

    `arrived` are people who need no warm seat any more; `room` is how many seats of the
    camp nobody uses. Who is on the roster comes first.
    """
    due = [name for name in dict.fromkeys(target.roster) if name not in arrived]
    kept, gone, walk_ins = _sorted(seats, set(due[: max(room, 0)]))
    missing = [name for name in due[: max(room, 0)] if name not in kept]
    wanted = max(0, min(target.walk_ins, room - len(kept) - len(missing)))
    # The ones that are ready stay; of the others, the latest go first.
    walk_ins.sort(key=lambda seat: not seat.ready)
    surplus = [seat.id for seat in walk_ins[wanted:]]
    return Plan(
        make=(*missing, *([None] * (wanted - len(walk_ins)))),
        remove=(*gone, *surplus),
    )


def _sorted(
    seats: Sequence[WarmSeat], due: set[str]
) -> tuple[set[str], list[str], list[WarmSeat]]:
    """Tell whose seat is kept, which roster seats go, and which are for walk-ins."""
    kept: set[str] = set()
    gone: list[str] = []
    walk_ins: list[WarmSeat] = []
    for seat in seats:
        if seat.attendee is None:
            walk_ins.append(seat)
        elif seat.attendee in due and seat.attendee not in kept:
            kept.add(seat.attendee)
        else:
            gone.append(seat.id)
    return kept, gone, walk_ins
