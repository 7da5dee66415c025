"""The Grafana dashboard draws the figures that the camp gives, and all of them."""

import json
import re
from datetime import UTC, datetime

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
from tests.camps import ROOT

DASHBOARD = ROOT / "docs" / "grafana" / "puppetcamp.json"
METRIC = re.compile(r"puppetcamp_\w+")
EXERCISE = ExerciseNow(name="motd", state="open", checks_passed=0, checks=0)


def given() -> dict[str, dict[str, set[str]]]:
    """Name all metrics of a camp, their labels, and the values that these have."""
    snapshot = Snapshot(
        camp=CampNow(
            name="Camp",
            now=datetime.now(UTC),
            doors_open=True,
            paused=False,
            closes=None,
            zone="UTC",
            progress_on=True,
            seats=25,
            extension_step_seconds=900,
            hub_url="/hub/",
        ),
        seats=[SeatNow(attendee="ada", state=SeatState.IN_USE, exercises=[EXERCISE])],
        warm=WarmNow(),
        line=LineNow(),
        capacity=CapacityNow(
            cores=2,
            load=None,
            memory_total=None,
            memory_used=None,
            disk_free=None,
            seats=25,
            seats_that_fit=None,
        ),
        problems=[],
        audit=[],
    )
    text = exposition(snapshot).decode()
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        labels = found.setdefault(family.name, {})
        for sample in family.samples:
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def targets() -> list[tuple[str, str]]:
    """List what the dashboard asks for, and how it names what it gets."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    found = [target for panel in panels for target in panel["targets"]]
    return [(target["expr"], target.get("legendFormat", "")) for target in found]


def test_the_dashboard_draws_every_figure_and_no_other() -> None:
    asked = {name for expr, _ in targets() for name in METRIC.findall(expr)}
    assert asked == set(given())


def test_what_it_asks_for_has_the_labels_and_values_that_it_names() -> None:
    """Prometheus answers a question with a wrong label, too: with nothing."""
    metrics = given()
    for expr, legend in targets():
        (name,) = METRIC.findall(expr)
        labels = metrics[name]
        grouped = re.findall(r"by \(([^)]*)\)", expr)
        named = [label.strip() for group in grouped for label in group.split(",")]
        named += re.findall(r"{{(\w+)}}", legend)
        assert set(named) <= set(labels), expr
        for label, values in re.findall(r'(\w+)=~?"([^"$]+)"', expr):
            assert set(values.split("|")) <= labels[label], expr


def test_the_camps_to_choose_from_are_asked_for_by_a_figure_of_theirs() -> None:
    lists = json.loads(DASHBOARD.read_text())["templating"]["list"]
    asked = {name for one in lists for name in METRIC.findall(json.dumps(one["query"]))}
    assert asked
    assert asked <= set(given())


def test_no_panel_lies_on_another() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, (panel["title"], taken[x, y])
                taken[x, y] = panel["title"]
