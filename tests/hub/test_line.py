"""Everyone in: a real hub with a crowd before its door, and light servers."""

import json
import re
import signal
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from puppetcamp.clock import utc_now
from puppetcamp.seating.table import LineTable
from puppetcamp.sessions.ledger import Ledger
from tests.hub.support.camp import HubCamp, Visitor, said, until

pytestmark = pytest.mark.hub

OpenCamp = Callable[..., HubCamp]
Visit = Callable[..., Visitor]


class Crowd:
    """Let people come to a camp one after another, and ask where they stand."""

    def __init__(self, camp: HubCamp, visit: Visit) -> None:
        self.camp = camp
        self.visit = visit
        self.people: dict[str, Visitor] = {}

    def come(self, *names: str) -> None:
        """Let everybody sign in, if they have not, and ask for their machine."""
        for name in names:
            if name not in self.people:
                self.people[name] = self.visit(self.camp).arrive(name)
            page = self.people[name].spawn()
            assert page.status_code == 200, said(page)

    def told(self, name: str) -> dict[str, Any]:
        """Read what somebody's waiting page is told first about their place."""
        person = self.people[name]
        page = person.http.get(f"/hub/spawn-pending/{name}")
        found = re.search(r'"progress": "([^"]+)"', unescape(page.text))
        assert found, said(page)
        address = json.loads(f'"{found[1]}"')
        with person.http.stream("GET", address) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:") and "line" in (event := _data(line)):
                    return event
        message = f"{name} is told nothing"
        raise AssertionError(message)

    def place(self, name: str) -> int:
        """Tell somebody's place, as their page shows it."""
        return int(self.told(name)["line"]["place"])

    def until_in(self, *names: str) -> None:
        """Wait until everybody works."""
        for name in names:
            person = self.people[name]
            until(lambda p=person, n=name: p.is_at_work(n), f"the server of {name}")

    def written(self) -> dict[str, tuple[str, int]]:
        """Read the line from its table, as the desk does."""
        engine = self.camp.ledger_engine()
        try:
            line = LineTable(engine).read()
        finally:
            engine.dispose()
        return {one.attendee: (one.stage, one.place) for one in line}


def _data(line: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(line.removeprefix("data:"))
    return event


def test_a_crowd_is_let_in_one_after_another(open_camp: OpenCamp, visit: Visit) -> None:
    camp = open_camp(starts_at_once=2)
    crowd = Crowd(camp, visit)
    names = ("ann", "bo", "cy", "di", "ed", "flo")
    camp.hold_starts()
    crowd.come(*names)
    assert camp.starts() == ["ann", "bo"], "no more than two at a time"
    assert [crowd.place(name) for name in names] == [0, 0, 1, 2, 3, 4]
    assert crowd.told("di")["message"] == "You are number 2 in line."
    expected = {"ann": ("starting", 0), "bo": ("starting", 0)} | {
        name: ("start", place) for place, name in enumerate(names[2:], 1)
    }
    until(lambda: crowd.written() == expected, "the line's table")

    staff = visit(camp)
    staff.sign_in("instructor", camp.staff_passwords["instructor"])
    staff.work("instructor")

    # Whoever leaves makes room, and their time has not begun.
    crowd.people["cy"].stop("cy")
    until(lambda: crowd.place("di") == 1, "di's place")
    assert "You have 1 hour" in said(crowd.people["cy"].http.get("/hub/home"))

    # Whoever comes back comes last.
    crowd.come("cy")
    assert crowd.place("cy") == 4
    camp.hold_starts(False)
    crowd.until_in(*names)
    assert camp.starts() == ["ann", "bo", "instructor", "di", "ed", "flo", "cy"]
    until(lambda: crowd.written() == {}, "an empty line")


def test_above_the_seats_there_is_a_waiting_list(
    open_camp: OpenCamp, visit: Visit
) -> None:
    camp = open_camp(seats=1, length=600)
    staff = visit(camp)
    staff.sign_in("instructor", camp.staff_passwords["instructor"])
    staff.work("instructor")
    crowd = Crowd(camp, visit)
    crowd.come("ann")
    crowd.until_in("ann")
    crowd.come("bo", "cy")
    told = crowd.told("cy")
    assert told["line"]["stage"] == "seat"
    assert told["line"]["place"] == told["line"]["waiting"] == 2
    assert "you are number 2 on the waiting list" in told["message"]
    until(
        lambda: (
            "A seat is free in 10 minutes at the latest" in crowd.told("bo")["message"]
        ),
        "the estimate",
    )
    assert camp.servers() == {"instructor", "ann"}

    # The hub may go and come: places are kept, whoever is quicker to come back.
    camp.restart_hub(signal.SIGKILL)
    crowd.come("cy", "bo")
    assert [crowd.place(name) for name in ("bo", "cy")] == [1, 2]
    assert crowd.people["ann"].is_at_work("ann")

    # Whoever restarts keeps their seat for a moment: their time runs.
    crowd.people["ann"].stop("ann")
    crowd.come("ann")
    crowd.until_in("ann")
    assert camp.servers() == {"instructor", "ann"}

    crowd.people["ann"].stop("ann")
    crowd.until_in("bo")
    assert camp.servers() == {"instructor", "bo"}


def test_who_waits_is_told_when_the_doors_are_closed(
    open_camp: OpenCamp, visit: Visit
) -> None:
    camp = open_camp(starts_at_once=1)
    crowd = Crowd(camp, visit)
    camp.hold_starts()
    crowd.come("ann", "bo")
    engine = camp.ledger_engine()
    try:
        Ledger(engine).set_doors(False, utc_now(), "organizer")
    finally:
        engine.dispose()
    camp.hold_starts(False)
    crowd.until_in("ann")

    def refused() -> str:
        page = crowd.people["bo"].http.get("/hub/spawn-pending/bo")
        return said(page) if page.status_code == 403 else ""

    words = until(refused, "bo's refusal")
    assert "doors" in words
    assert camp.servers() == {"ann"}
    assert camp.starts() == ["ann"]
