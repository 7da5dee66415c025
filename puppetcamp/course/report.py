"""Put what was proved into words: a table of exercises, and all their faults. Pure."""

from collections.abc import Sequence
from pathlib import Path

from puppetcamp.course.faults import Fault
from puppetcamp.course.proved import Proved

_HEAD = (
    "exercise",
    "checks",
    "points",
    "wrong answers",
    "graded",
    "seconds",
    "faults",
)


def report(found: Sequence[Proved], seconds: float, here: Path) -> str:
    """Write the report; `here` is the folder that paths are told from."""
    rows = [_HEAD, *(_row(proved) for proved in found)]
    faults = [fault for proved in found for fault in proved.faults]
    parts = [table(rows), *_unproved(found), *faults_by_file(faults, here)]
    parts.append(_sum(found, seconds))
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows, the first of them the head: names to the left, numbers right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _row(proved: Proved) -> tuple[str, ...]:
    return (
        proved.exercise.name,
        str(proved.checks),
        f"{proved.points:g}",
        str(len(proved.wrong)),
        str(proved.proofs),
        f"{proved.seconds:.1f}",
        str(len(proved.faults)),
    )


def _unproved(found: Sequence[Proved]) -> list[str]:
    """Say which notebooks nobody proves, so that no one believes otherwise."""
    lines = [
        f"not proved: {proved.exercise.name}/{other} is no Puppet notebook"
        for proved in found
        for other in proved.others
    ]
    return ["\n".join(lines)] if lines else []


def faults_by_file(faults: Sequence[Fault], here: Path) -> list[str]:
    """Tell faults file by file, in the order in which they were found."""
    by_file: dict[Path, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    return [
        "\n".join([_shown(file, here), *(_told(fault) for fault in found)])
        for file, found in by_file.items()
    ]


def _told(fault: Fault) -> str:
    cell = f"{fault.cell}: " if fault.cell else ""
    return f"  ✗ {cell}{fault.what}\n    → {fault.remedy}"


def _sum(found: Sequence[Proved], seconds: float) -> str:
    faults = sum(len(proved.faults) for proved in found)
    took = f"{seconds:.0f} s"
    if faults:
        return f"{count(faults, 'fault')} in {count(len(found), 'exercise')} ({took})"
    if len(found) == 1:
        return f"The exercise is sound ({took})"
    return f"All {len(found)} exercises are sound ({took})"


def count(number: int, noun: str) -> str:
    """Say how many there are."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _shown(file: Path, here: Path) -> str:
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
