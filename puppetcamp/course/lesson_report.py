"""Put what lessons showed into words: what they take, all faults. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from puppetcamp.course.faults import Fault
from puppetcamp.course.report import count, faults_by_file, table

_HEAD = ("lesson", "cells", "checks", "minutes", "machine", "exercise", "faults")


@dataclass(frozen=True)
class Told:
    """Hold what is told of one lesson: `machine` is the seconds spent in cells."""

    lesson: str
    cells: int
    checks: int
    minutes: int
    machine: float
    exercise: str
    faults: Sequence[Fault]


def report(found: Sequence[Told], seconds: float, here: Path) -> str:
    """Write the report; `here` is the folder that paths are told from."""
    rows = [_HEAD, *map(_row, found)]
    faults = [fault for told in found for fault in told.faults]
    parts = [table(rows), *faults_by_file(faults, here), _sum(found)]
    ended = f"{count(len(faults), 'fault')} ({seconds:.0f} s)"
    return "\n\n".join([*parts, ended]) + "\n"


def _row(told: Told) -> tuple[str, ...]:
    return (
        told.lesson,
        str(told.cells),
        str(told.checks),
        str(told.minutes),
        f"{told.machine:.1f} s",
        told.exercise,
        str(len(told.faults)),
    )


def _sum(found: Sequence[Told]) -> str:
    minutes = sum(told.minutes for told in found)
    machine = sum(told.machine for told in found)
    share = f" ({machine / (60 * minutes):.1%})" if minutes else ""
    return (
        f"{count(len(found), 'lesson')} of {minutes} minutes; of these the machine "
        f"takes {machine / 60:.1f}{share}."
    )
