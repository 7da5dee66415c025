"""A rehearsal as text: figures, and a drawing of how everybody got in."""

from collections.abc import Iterator, Sequence

from puppetcamp.rehearsal.figures import (
    GIB,
    MIB,
    PAUSE_SECONDS,
    Judgement,
    Machine,
    SeatFigures,
    cpu_per_cell,
    percentile,
)

WIDTH = 40
STEPS = 8


def report(
    machine: Machine, seats: Sequence[SeatFigures], judgement: Judgement
) -> Iterator[str]:
    """Yield the lines that the organizer reads, the verdict last."""
    at_work = [seat for seat in seats if seat.usable is not None]
    yield (
        f"{len(seats)} seats at once on {machine.cores} processors and "
        f"{machine.memory / GIB:.1f} GiB"
    )
    yield ""
    yield from _arrivals(len(seats), sorted(seat.usable or 0.0 for seat in at_work))
    if at_work:
        yield from _seats(at_work)
        yield ""
        yield (
            f"This machine carries {min(judgement.by_memory, judgement.by_processors)} "
            f"seats: {judgement.by_memory} by its memory, {judgement.by_processors} by "
            f"its processors if each runs a cell every {PAUSE_SECONDS:.0f} s"
        )
    yield ""
    yield "GO" if judgement.go else "NO GO"
    yield from (f"- {reason}" for reason in judgement.against)


def _arrivals(wanted: int, times: Sequence[float]) -> Iterator[str]:
    """Draw how many were in after how many seconds."""
    yield f"In: {len(times)} of {wanted}, all clicked at the same moment"
    if not times:
        return
    yield (
        f"    half after {percentile(times, 0.5):.1f} s, "
        f"nine of ten after {percentile(times, 0.9):.1f} s, "
        f"the last after {times[-1]:.1f} s"
    )
    for step in range(1, STEPS + 1):
        seconds = times[-1] * step / STEPS
        inside = sum(time <= seconds for time in times)
        drawn = "█" * round(WIDTH * inside / wanted)
        yield f"    {seconds:6.1f} s  {drawn:{WIDTH}}  {inside}"


def _seats(at_work: Sequence[SeatFigures]) -> Iterator[str]:
    yield ""
    yield "One seat                      median       p95"
    rows: tuple[tuple[str, list[float], str, float], ...] = (
        ("memory, idle", [s.idle for s in at_work], "MiB", MIB),
        ("memory, at its peak", [s.peak for s in at_work], "MiB", MIB),
        ("CPU of the start", [s.cpu_start for s in at_work], "s", 1),
        ("CPU of all lessons", [s.cpu_lessons for s in at_work], "s", 1),
        ("one cell, all at work", _cells(at_work), "s", 1),
    )
    for label, values, unit, scale in rows:
        digits = 0 if unit == "MiB" else 2
        median = f"{percentile(values, 0.5) / scale:.{digits}f} {unit}"
        late = f"{percentile(values, 0.95) / scale:.{digits}f} {unit}"
        yield f"    {label:22}{median:>10}{late:>10}"
    runs = [run for seat in at_work for run in seat.lessons]
    checks = sum(run.checks for run in runs)
    failed = sum(len(run.failed) for run in runs)
    yield (
        f"    {len(runs)} lessons finished, {checks - failed} of {checks} checks "
        f"passed, {cpu_per_cell(at_work):.2f} CPU seconds a cell"
    )


def _cells(at_work: Sequence[SeatFigures]) -> list[float]:
    return [time for seat in at_work for run in seat.lessons for time in run.cells]
