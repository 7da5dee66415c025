"""The desk's figures for Prometheus: counts and sums, no names of attendees."""

from collections import Counter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from puppetcamp.desk.schemas import SeatNow, SeatState, Snapshot

RUNNING = (SeatState.IN_USE, SeatState.IDLE)


class _Once(Collector):
    """Give the figures of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterable[Metric]:
        """List all metrics."""
        yield from _camp(self._snapshot)
        yield from _seats(self._snapshot.seats)
        yield from _machine(self._snapshot)


def exposition(snapshot: Snapshot) -> bytes:
    """Write a snapshot in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(snapshot))
    return generate_latest(registry)


def _camp(snapshot: Snapshot) -> Iterable[Metric]:
    camp, warm, line = snapshot.camp, snapshot.warm, snapshot.line
    yield _gauge("doors_open", "1 while attendees may begin.", camp.doors_open)
    yield _gauge("paused", "1 while the class clock stands still.", camp.paused)
    yield _gauge("seat_limit", "Seats that camp.toml gives.", camp.seats)
    yield _gauge("line_waiting", "People who wait to get in.", line.waiting)
    yield _gauge(
        "line_estimate_seconds", "Until the last one in line is in.", line.estimate
    )
    warming = _family("warm_seats", "Warm seats.", ["state"])
    warming.add_metric(["ready"], warm.ready)
    warming.add_metric(["making"], warm.making)
    warming.add_metric(["target"], warm.target)
    yield warming


def _seats(seats: list[SeatNow]) -> Iterable[Metric]:
    counted = Counter(seat.state for seat in seats)
    states = _family("seats", "Attendees by what their seat is doing.", ["state"])
    for state in SeatState:
        states.add_metric([state.value], counted[state])
    yield states
    running = [seat for seat in seats if seat.state in RUNNING]
    left = [s.remaining_seconds for s in running if s.remaining_seconds is not None]
    yield _gauge(
        "remaining_seconds_min",
        "The least time that somebody at work has left.",
        min(left, default=None),
    )
    yield _gauge(
        "remaining_seconds_max",
        "The most time that somebody at work has left.",
        max(left, default=None),
    )
    memory = [s.memory_bytes for s in running if s.memory_bytes is not None]
    yield _gauge("seats_memory_bytes", "Memory of all seats.", sum(memory))
    yield _gauge(
        "seat_memory_bytes_max",
        "Memory of the largest seat.",
        max(memory, default=None),
    )
    cpu = [s.cpu for s in running if s.cpu is not None]
    yield _gauge("seats_cpu_cores", "Cores that all seats keep busy.", sum(cpu))
    yield _gauge(
        "extensions", "Extensions that were given.", sum(s.extensions for s in seats)
    )
    yield _gauge(
        "stuck",
        "Attendees who seem to be stuck.",
        sum(s.stuck is not None for s in seats),
    )
    yield from _learning(seats)


def _learning(seats: list[SeatNow]) -> Iterable[Metric]:
    lessons = [lesson for seat in seats for lesson in seat.lessons]
    yield _gauge(
        "cells_run", "Different cells that were run.", sum(n.cells_run for n in lessons)
    )
    yield _gauge(
        "cells_failed",
        "Of these, how many failed last.",
        sum(n.cells_failed for n in lessons),
    )
    counted = Counter((e.name, e.state) for seat in seats for e in seat.exercises)
    exercises = _family(
        "exercises", "Attendees by how they stand.", ["exercise", "state"]
    )
    for (name, state), number in sorted(counted.items()):
        exercises.add_metric([name, state], number)
    yield exercises


def _machine(snapshot: Snapshot) -> Iterable[Metric]:
    machine = snapshot.capacity
    yield _gauge("machine_cores", "Processors.", machine.cores)
    yield _gauge("machine_load", "Load average of one minute.", machine.load)
    yield _gauge("machine_memory_bytes", "Memory.", machine.memory_total)
    yield _gauge(
        "machine_memory_used_bytes", "Memory that is used.", machine.memory_used
    )
    yield _gauge(
        "machine_disk_free_bytes", "Free where the state lies.", machine.disk_free
    )
    yield _gauge(
        "machine_seats_that_fit",
        "Seats that the memory carries.",
        machine.seats_that_fit,
    )
    yield _gauge(
        "problems",
        "Problems that the desk shows.",
        sum(problem.times for problem in snapshot.problems),
    )


def _family(name: str, help: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"puppetcamp_{name}", help, labels=labels)


def _gauge(name: str, help: str, value: float | None) -> GaugeMetricFamily:
    """Make a metric of one figure; without a figure it has no sample."""
    family = GaugeMetricFamily(f"puppetcamp_{name}", help)
    if value is not None:
        family.add_metric([], float(value))
    return family
