"""The desk's figures in Prometheus' own format, read back by its own parser."""

from prometheus_client.parser import text_string_to_metric_families

from puppetcamp.desk.metrics import exposition
from puppetcamp.desk.schemas import (
    CampNow,
    CapacityNow,
    ExerciseNow,
    LineNow,
    SeatNow,
    SeatState,
    Snapshot,
    WarmNow,
)
from tests.unit.sessions.support import NOW

CAMP = CampNow(
    name="Camp",
    now=NOW,
    doors_open=True,
    paused=False,
    closes=None,
    zone="UTC",
    progress_on=True,
    seats=25,
    extension_step_seconds=900,
    hub_url="/hub/",
)
CAPACITY = CapacityNow(
    cores=2,
    load=0.5,
    memory_total=100,
    memory_used=40,
    disk_free=None,
    seats=25,
    seats_that_fit=30,
)
EXERCISE = ExerciseNow(name="motd", state="submitted", checks_passed=0, checks=0)


def figures(seats: list[SeatNow]) -> dict[tuple[str, ...], float]:
    """Write a snapshot with these seats and read its figures."""
    snapshot = Snapshot(
        camp=CAMP,
        seats=seats,
        warm=WarmNow(ready=2, making=1, target=5),
        line=LineNow(waiting=3),
        capacity=CAPACITY,
        problems=[],
        audit=[],
    )
    text = exposition(snapshot).decode()
    return {
        (sample.name.removeprefix("puppetcamp_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures() -> None:
    found = figures(
        [
            SeatNow(
                attendee=name,
                state=state,
                remaining_seconds=left,
                memory_bytes=10,
                exercises=[EXERCISE],
            )
            for name, state, left in (
                ("ada", SeatState.IN_USE, 60),
                ("bob", SeatState.IDLE, 600),
                ("cid", SeatState.EXPIRED, 0),
            )
        ]
    )
    assert found["seats", "in-use"] == found["seats", "expired"] == 1
    assert found["seats", "queued"] == 0
    assert found[("remaining_seconds_min",)] == 60
    assert found[("seats_memory_bytes",)] == 20
    assert found["exercises", "motd", "submitted"] == 3
    assert found["warm_seats", "ready"] == 2
    assert found[("line_waiting",)] == 3


def test_what_nobody_could_measure_is_missing_and_not_zero() -> None:
    found = figures([])
    assert ("machine_disk_free_bytes",) not in found
    assert ("remaining_seconds_min",) not in found
    assert found[("machine_memory_used_bytes",)] == 40
