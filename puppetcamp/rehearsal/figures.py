"""What a rehearsal measured, and what follows from it: go or no go, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MIB = 2**20
GIB = 2**30

PAUSE_SECONDS = 20.0
"""How often an attendee runs a cell, on average; a class reads more than it runs."""

BUSY = 0.8
"""The part of the processors that may be busy before everybody feels it."""

SPARE = 0.1
"""The part of the memory that stays free for the system and its cache of files."""

PATIENCE_SECONDS = 180.0
"""How long attendees may wait for their seats before a class falls apart."""

DISK_SPARE, DISK_PER_SEAT = 2 * GIB, 100 * MIB
"""What must be free on the disk: for the camp, and for what one attendee makes."""


@dataclass(frozen=True)
class Machine:
    """Describe the machine before the first seat; memory and disk in bytes."""

    cores: int
    memory: int
    memory_free: int
    disk_free: int


@dataclass(frozen=True)
class LessonRun:
    """Tell how a lesson went in one seat: seconds of each cell, checks that failed."""

    lesson: str
    cells: tuple[float, ...]
    checks: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatFigures:
    """Tell what one seat took: seconds until usable, memory in bytes, CPU seconds.

    `usable` is None for somebody who did not get in; `trouble` says why, or what went
    wrong later.
    """

    name: str
    usable: float | None
    trouble: str = ""
    idle: int = 0
    peak: int = 0
    cpu_start: float = 0.0
    cpu_lessons: float = 0.0
    lessons: tuple[LessonRun, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """Say how many seats this machine carries, and what speaks against the class."""

    by_memory: int
    by_processors: int
    against: tuple[str, ...] = field(default=())

    @property
    def go(self) -> bool:
        """Tell whether the class can begin."""
        return not self.against


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value that `part` of all values do not exceed; 0 for none."""
    if not values:
        return 0.0
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def cpu_per_cell(seats: Sequence[SeatFigures]) -> float:
    """Compute the CPU seconds of a seat for one cell, from all that ran."""
    cells = sum(len(run.cells) for seat in seats for run in seat.lessons)
    return sum(seat.cpu_lessons for seat in seats) / cells if cells else 0.0


def judge(machine: Machine, seats: Sequence[SeatFigures]) -> Judgement:
    """Weigh a rehearsal. Reasons are whole sentences that name the remedy."""
    at_work = [seat for seat in seats if seat.usable is not None]
    peak = percentile([seat.peak for seat in at_work], 0.95)
    free = max(0.0, machine.memory_free - SPARE * machine.memory)
    by_memory = int(free / peak) if peak else 0
    each = cpu_per_cell(at_work)
    by_processors = int(BUSY * machine.cores * PAUSE_SECONDS / each) if each else 0
    against = [
        *_not_in(seats),
        *_too_slow(at_work),
        *_lessons(at_work),
        *_too_many(len(seats), by_memory, by_processors, bool(at_work)),
        *_disk(len(seats), machine),
    ]
    return Judgement(by_memory, by_processors, tuple(against))


def _not_in(seats: Sequence[SeatFigures]) -> list[str]:
    out = [seat for seat in seats if seat.usable is None]
    if not out:
        return []
    return [f"{len(out)} of {len(seats)} did not get in: {out[0].trouble}."]


def _too_slow(at_work: Sequence[SeatFigures]) -> list[str]:
    last = max((seat.usable or 0.0 for seat in at_work), default=0.0)
    if last <= PATIENCE_SECONDS:
        return []
    return [
        f"The last one waited {last:.0f} s. Warm the seats before the class "
        "([doors] warm in camp.toml), or let people come in turns."
    ]


def _lessons(at_work: Sequence[SeatFigures]) -> list[str]:
    wrong: dict[str, list[str]] = {}
    for seat in at_work:
        if seat.trouble:
            wrong.setdefault(seat.trouble, []).append(seat.name)
        for run in seat.lessons:
            for failed in run.failed:
                wrong.setdefault(f"{run.lesson}, {failed}", []).append(seat.name)
    return [
        f"With its reference solution a lesson did not succeed in {len(names)} of "
        f"{len(at_work)} seats: {what}."
        for what, names in sorted(wrong.items())
    ]


def _too_many(
    wanted: int, by_memory: int, by_processors: int, measured: bool
) -> list[str]:
    found = []
    if measured and by_memory < wanted:
        found.append(
            f"The memory carries {by_memory} seats at work, not {wanted}: take a "
            "machine with more memory, or fewer attendees ([seats] count)."
        )
    if measured and by_processors < wanted:
        found.append(
            f"The processors carry {by_processors} seats at work, not {wanted}: take "
            "a machine with more processors, or fewer attendees ([seats] count)."
        )
    return found


def _disk(wanted: int, machine: Machine) -> list[str]:
    needed = DISK_SPARE + wanted * DISK_PER_SEAT
    if machine.disk_free >= needed:
        return []
    return [
        f"{machine.disk_free / GIB:.1f} GiB are free on the disk, "
        f"{needed / GIB:.1f} GiB should be: remove what nobody needs "
        "(docker system df shows it)."
    ]
