"""The desk over a real hub: who gets in, what they see, what they may do."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.hub.support.camp import HubCamp, Visitor, said, until
from tests.hub.support.service import enrol, running_service

pytestmark = pytest.mark.hub

SERVICE = "/services/camp"
SETTINGS = "[desk]\nprogress = true\n[session]\nlength = '1h'\n"

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCamp]:
    """Open a camp with its service, which is up first: the hub looks for it."""
    camp = HubCamp(tmp_path_factory.mktemp("desk") / "camp", with_service=True)
    camp.prepare()
    with running_service(camp, camp.place, SETTINGS):
        try:
            camp.start()
            health = f"{camp.url}{SERVICE}/health"
            until(lambda: httpx.get(health).status_code == 200, "the way to the desk")
            yield camp
        finally:
            camp.close()


class Watcher:
    """A browser at the desk: it signs in through the hub and sends the page's word."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        camp = visitor.camp
        self.http = visitor.http
        entered = visitor.sign_in(name, camp.staff_passwords[name])
        assert entered.status_code == 302, said(entered)
        self.page = self.http.get(f"{SERVICE}/desk")
        self.word = self.http.cookies.get("_xsrf", path=f"{SERVICE}/") or ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask as the page's script does."""
        headers = {"X-XSRFToken": self.word}
        return self.http.get(f"{SERVICE}/{path}", headers=headers, **options)

    def act(self, action: str, **body: Any) -> httpx.Response:
        """Press a button."""
        return self.http.post(
            f"{SERVICE}/api/desk/actions/{action}",
            headers={"X-XSRFToken": self.word},
            json=body or None,
        )

    def seat(self, name: str) -> dict[str, Any]:
        """Find an attendee's seat in the snapshot, {} if there is none."""
        seats = self.get("api/desk").json()["seats"]
        return next((seat for seat in seats if seat["attendee"] == name), {})


@pytest.fixture
def organizer(camp: HubCamp, visit: Visit) -> Watcher:
    return Watcher(visit(camp), "organizer")


@pytest.fixture
def instructor(camp: HubCamp, visit: Visit) -> Watcher:
    return Watcher(visit(camp), "instructor")


def test_page_is_for_staff_who_sign_in(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    assert organizer.page.status_code == 200, said(organizer.page)
    assert organizer.page.url.path == f"{SERVICE}/desk"
    policy = organizer.page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    stranger = visit(camp).http.get(f"{SERVICE}/desk")
    assert stranger.url.path == "/hub/login"
    refused = visit(camp).arrive("ann").http.get(f"{SERVICE}/desk")
    assert refused.status_code == 403


def test_desk_shows_an_attendee_at_work(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    visit(camp).arrive("bea").work("bea")
    seat = until(lambda: organizer.seat("bea"), "bea's seat")
    until(lambda: organizer.seat("bea")["state"] == "in-use", "bea's seat in use")
    assert 3500 < seat["remaining_seconds"] <= 3600
    shown = organizer.get("api/desk").json()
    assert shown["you"]["name"] == "organizer"
    assert shown["camp"]["doors_open"] is True
    assert shown["capacity"]["cores"] >= 1


def test_requests_need_the_word_of_the_page(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    http, desk = organizer.http, f"{SERVICE}/api/desk"
    assert organizer.get("api/desk").status_code == 200
    assert http.get(desk).status_code == 403
    assert http.post(f"{desk}/actions/pause").status_code == 403
    other = Watcher(visit(camp), "instructor")
    stolen = http.get(desk, headers={"X-XSRFToken": other.word})
    assert stolen.status_code == 403
    script = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert http.get(f"{SERVICE}/desk", headers=script).status_code == 403
    frame = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert http.get(f"{SERVICE}/desk", headers=frame).status_code == 403
    assert visit(camp).http.get(desk).status_code == 401


def test_signing_out_at_the_hub_ends_the_sign_in_at_the_desk(
    organizer: Watcher,
) -> None:
    organizer.http.get("/hub/logout")
    assert organizer.get("api/desk").status_code == 401
    assert organizer.http.get(f"{SERVICE}/desk").url.path == "/hub/login"


def test_scopes_of_the_hub_hold_the_roles(
    camp: HubCamp, visit: Visit, instructor: Watcher
) -> None:
    may = instructor.get("api/desk").json()["you"]["may"]
    assert set(may) == {"extend", "message", "ask"}
    for action in ("pause", "resume", "open-doors", "close-doors"):
        assert instructor.act(action).status_code == 403
    assert instructor.act("end", attendees="all").status_code == 403
    assert instructor.act("restart", attendees="all").status_code == 403
    assert instructor.act("warm", walk_ins=3).status_code == 403
    # The token of an organizer's seat has no say at the desk, whoever steals it.
    token = enrol(camp, ["organizer"])["organizer"]
    header = {"Authorization": f"token {token}"}
    desk = visit(camp).http.get(f"{SERVICE}/api/desk", headers=header)
    assert desk.status_code == 403


def test_more_time_for_one_and_for_all(
    camp: HubCamp, visit: Visit, instructor: Watcher, organizer: Watcher
) -> None:
    for name in ("cid", "dot"):
        visit(camp).arrive(name).work(name)
    until(lambda: instructor.seat("dot").get("deadline"), "dot at the desk")
    before = {name: instructor.seat(name)["deadline"] for name in ("cid", "dot")}
    outcome = instructor.act("extend", attendees=["cid", "nobody"]).json()
    assert [o["done"] for o in outcome["outcomes"]] == [True, False]
    assert instructor.seat("cid")["deadline"] > before["cid"]
    assert instructor.seat("dot")["deadline"] == before["dot"]
    organizer.act("extend", attendees="all", seconds=600).raise_for_status()
    assert organizer.seat("dot")["extension_seconds"] == 600
    assert organizer.seat("cid")["extensions"] == 2
    log = organizer.get("api/desk/audit").json()
    assert (log[0]["by"], log[0]["everybody"]) == ("organizer", True)
    assert (log[1]["by"], log[1]["done"]) == ("instructor", False)
    assert "15 minutes" in log[1]["text"]


def test_class_clock_and_doors(organizer: Watcher) -> None:
    for action, key, value in (
        ("pause", "paused", True),
        ("resume", "paused", False),
        ("close-doors", "doors_open", False),
        ("open-doors", "doors_open", True),
    ):
        organizer.act(action).raise_for_status()
        assert organizer.get("api/desk").json()["camp"][key] is value


def test_stream_tells_of_changes_within_seconds(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    reader = Watcher(visit(camp), "organizer")
    url = f"{SERVICE}/api/desk/events?_xsrf={reader.word}"
    with reader.http.stream("GET", url) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line) == "event: snapshot"
        organizer.act("message", attendees="all", text="Look up").raise_for_status()
        changed = (json.loads(line[6:]) for line in lines if line.startswith("data: {"))
        last = (s["audit"][0]["text"] for s in changed if s.get("audit"))
        assert "message: Look up" in last


def test_server_is_opened_only_while_its_owner_agrees(
    camp: HubCamp, visit: Visit, instructor: Watcher
) -> None:
    eve = visit(camp).arrive("eve").work("eve")
    assert instructor.http.get("/hub/user/eve/").status_code in {403, 404}
    assert instructor.act("ask", attendees="all").status_code == 422
    instructor.act("ask", attendees=["eve"]).raise_for_status()
    assert instructor.seat("eve")["help"][0]["state"] == "asked"
    page = eve.http.get(f"{SERVICE}/help")
    assert "instructor asks to open your JupyterLab" in said(page)

    def answer(button: str) -> str:
        shown = eve.http.get(f"{SERVICE}/help")
        hidden = re.findall(r'name="(_xsrf|consent)" value="([^"]+)"', shown.text)
        form = {**dict(hidden), "answer": button}
        done = eve.http.post(f"{SERVICE}/help", data=form)
        assert done.status_code == 200, said(done)
        return said(done)

    assert may_open(camp, "instructor", "eve") is False
    assert "instructor may open your JupyterLab until" in answer("agree")
    agreed = [{"state": "agreed", "url": "/user/eve/lab"}]

    def shown() -> list[dict[str, str]]:
        helped = instructor.seat("eve")["help"]
        return [{"state": one["state"], "url": one["url"]} for one in helped]

    until(lambda: shown() == agreed, "eve's answer at the desk")
    assert may_open(camp, "instructor", "eve") is True
    forged = eve.http.post(f"{SERVICE}/help", data={"consent": "1", "answer": "agree"})
    assert forged.status_code == 403
    assert "Nobody asks" in answer("end")
    assert may_open(camp, "instructor", "eve") is False


def may_open(camp: HubCamp, name: str, owner: str) -> bool:
    """Ask the hub itself whether somebody may open another's server."""
    shares = httpx.get(
        f"{camp.hub_api}/shares/{owner}/",
        headers={"Authorization": f"token {camp.token}"},
    )
    shares.raise_for_status()
    return name in {share["user"]["name"] for share in shares.json()["items"]}


def test_seat_is_restarted_and_ended(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    fay = visit(camp).arrive("fay").work("fay")
    until(lambda: organizer.seat("fay").get("state") == "in-use", "fay's seat in use")
    starts = camp.starts().count("fay")
    organizer.act("restart", attendees=["fay"]).raise_for_status()
    until(lambda: camp.starts().count("fay") > starts, "fay's second start")
    until(lambda: fay.is_at_work("fay"), "fay's new server")
    outcome = organizer.act("end", attendees=["fay", "organizer"]).json()
    assert [o["done"] for o in outcome["outcomes"]] == [True, False]
    seat = organizer.seat("fay")
    assert seat["deadline"] == outcome["outcomes"][0]["deadline"]
    assert seat["remaining_seconds"] <= 15, "enough to save what is open, no more"


def test_progress_shows_who_is_stuck(camp: HubCamp, visit: Visit) -> None:
    watcher = Watcher(visit(camp), "instructor")
    visit(camp).arrive("gus").work("gus")
    token = enrol(camp, ["gus"])["gus"]
    cell = {
        "at": "2026-11-22T09:00:00Z",
        "notebook": "lessons/01_resources.ipynb",
        "cell": "a1",
        "status": "failed",
        "checks": [{"id": "motd", "passed": False}],
        "seconds": 0.4,
    }
    now = watcher.get("api/desk").json()["camp"]["now"]
    answer = visit(camp).http.post(
        f"{SERVICE}/api/progress",
        headers={"Authorization": f"token {token}"},
        json={"cells": [cell | {"at": now}] * 3},
    )
    assert answer.json() == {"received": 3}
    seat = until(
        lambda: watcher.seat("gus").get("stuck") and watcher.seat("gus"), "gus"
    )
    assert seat["lessons"] == [
        {"notebook": cell["notebook"], "cells_run": 1, "cells_failed": 1}
    ]
    assert "failed 3 times" in seat["stuck"]["why"]


def test_metrics_are_for_who_may_watch(
    camp: HubCamp, visit: Visit, organizer: Watcher
) -> None:
    assert visit(camp).http.get(f"{SERVICE}/metrics").status_code == 401
    ann = visit(camp).arrive("ann")
    ann.http.get(f"{SERVICE}/help")
    word = ann.http.cookies.get("_xsrf", path=f"{SERVICE}/") or ""
    refused = ann.http.get(f"{SERVICE}/metrics", headers={"X-XSRFToken": word})
    assert refused.status_code == 403
    through_the_desk = organizer.get("metrics").text
    direct = httpx.get(f"{camp.service_url}{SERVICE}/metrics").text
    for text in (through_the_desk, direct):
        assert 'puppetcamp_seats{state="in-use"}' in text
        assert "puppetcamp_machine_cores" in text
        assert "ann" not in text.replace("cannot", "")
