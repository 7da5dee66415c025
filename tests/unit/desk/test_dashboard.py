"""The Grafana dashboard draws the figures that the camp gives, and all of them."""

import json
import re
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from puppetcamp.desk.metrics import exposition
from puppetcamp.desk.schemas import (
    CampNow,
    CapacityNow,
    LineNow,
    Snapshot,
    WarmNow,
)
from tests.camps import ROOT

DASHBOARD = ROOT / "docs" / "grafana" / "puppetcamp.json"


def given() -> set[str]:
    """Name all metrics of a camp in which nothing has happened yet."""
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
        seats=[],
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
    return {family.name for family in text_string_to_metric_families(text)}


def test_the_dashboard_draws_every_figure_and_no_other() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"puppetcamp_\w+", target["expr"])
    }
    assert asked == given()


def test_no_panel_lies_on_another() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, (panel["title"], taken[x, y])
                taken[x, y] = panel["title"]
