"""Time in a real hub: it ends on time, and nothing but the organizer renews it."""

import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from puppetcamp.clock import utc_now
from tests.hub.support.camp import HubCamp, Visitor, said, until
from tests.hub.support.times import at_the_desk

pytestmark = pytest.mark.hub

OpenCamp = Callable[..., HubCamp]
Visit = Callable[..., Visitor]
Enforce = Callable[[HubCamp], dict[str, datetime]]

NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
ON_TIME = timedelta(seconds=2)


def began(camp: HubCamp, name: str) -> datetime:
    """Read from the ledger when somebody's time began."""
    with at_the_desk(camp) as times:
        started = times.standing(name).started
    assert started is not None
    return started


def ended(camp: HubCamp, name: str) -> datetime:
    """Wait until somebody's server is gone, and say when that was."""
    until(lambda: name not in camp.servers(), f"the end of {name}'s server", every=0.01)
    return utc_now()


def left(visitor: Visitor) -> float:
    """Return the seconds left that the start page counts down."""
    page = visitor.http.get("/hub/home").text
    assert "camp/static/countdown.js" in page
    assert visitor.http.get("/hub/camp/static/countdown.js").status_code == 200
    return float(visitor.http.get("/hub/camp/time").json()["remaining_seconds"])


def refused(visitor: Visitor) -> str:
    """Ask for a server, see it refused, and return the words of the page.

    The hub may need a moment to tidy up after a process that has ended.
    """

    def ask() -> str | None:
        page = visitor.spawn()
        assert "server of" not in page.text
        assert "being prepared" not in said(page)
        return said(page) if page.status_code == 403 else None

    return str(until(ask, "a refusal"))


def test_session_ends_on_time_and_is_not_begun_again(
    open_camp: OpenCamp, visit: Visit, enforce: Enforce
) -> None:
    camp = open_camp(length=14)
    asked = enforce(camp)
    ann = visit(camp).arrive("ann").work("ann")
    deadline = began(camp, "ann") + timedelta(seconds=14)
    half = deadline - timedelta(seconds=7)
    until(lambda: utc_now() > half, "half of ann's time")
    bo = visit(camp).arrive("bo").work("bo")

    assert ended(camp, "ann") >= deadline
    assert NOTHING <= asked["ann"] - deadline < ON_TIME
    assert bo.is_at_work("bo"), "another attendee's server must not be touched"
    assert "bo" not in asked

    until(
        lambda: "Your time is up" in said(ann.http.get("/user/ann/lab")),
        "the page in place of ann's machine",
    )
    words = refused(ann)
    assert "Your time is up" in words
    assert "Everybody has 14 seconds in this camp" in words
    assert "your files and your submissions are kept" in words
    assert "ask your instructor" in words
    assert "403" not in words
    home = said(ann.http.get("/hub/home"))
    assert "Your time is up" in home
    assert "Start my machine" not in home
    assert camp.servers() <= {"bo"}

    camp.restart_hub()
    assert "Your time is up" in refused(ann), "restarting the hub must not renew"


def test_only_the_desk_moves_a_deadline(
    open_camp: OpenCamp, visit: Visit, enforce: Enforce
) -> None:
    camp = open_camp(length=60)
    asked = enforce(camp)
    ann = visit(camp).arrive("ann").work("ann")
    start = began(camp, "ann")
    ann.stop("ann")
    ann.work("ann")
    assert began(camp, "ann") == start
    camp.restart_hub(signal.SIGKILL)
    assert ann.is_at_work("ann"), "a server outlives its hub"
    with at_the_desk(camp) as times:
        found = times.standing("ann")
        assert (found.started, found.deadline) == (start, start + MINUTE)
        longer = times.extend("ann", "organizer", 900)
        assert longer.deadline == start + 16 * MINUTE
        assert left(ann) > 900
        times.pause("organizer")
        assert "stands still" in said(ann.http.get("/hub/home"))
        assert left(ann) == left(ann)
        times.resume("organizer")
        ending = times.end("ann", "organizer").deadline
    assert ending is not None
    assert left(ann) <= 15
    assert ended(camp, "ann") >= ending
    assert NOTHING <= asked["ann"] - ending < ON_TIME
    assert "Your session was ended" in refused(ann)
    assert visit(camp).http.get("/hub/camp/time").status_code == 401


def test_deadline_that_passes_while_the_hub_is_down_is_made_good(
    open_camp: OpenCamp, visit: Visit, enforce: Enforce
) -> None:
    camp = open_camp(length=20)
    enforce(camp)
    ann = visit(camp).arrive("ann").work("ann")
    camp.stop_hub(signal.SIGKILL)
    deadline = began(camp, "ann") + timedelta(seconds=20)
    until(lambda: utc_now() > deadline, "ann's deadline")
    assert ann.is_at_work("ann")
    camp.start()
    ended(camp, "ann")


def test_start_that_ends_after_the_deadline_is_stopped_at_once(
    open_camp: OpenCamp, visit: Visit, enforce: Enforce
) -> None:
    camp = open_camp(length=20)
    asked = enforce(camp)
    ann = visit(camp).arrive("ann").work("ann")
    deadline = began(camp, "ann") + timedelta(seconds=20)
    ann.stop("ann")
    camp.hold_starts()
    pending = ann.spawn()
    assert "Your machine is being prepared" in said(pending)
    until(lambda: utc_now() > deadline, "ann's deadline")
    assert "ann" not in asked, "a start is not interrupted"
    camp.hold_starts(False)
    until(lambda: "ann" in asked, "the request to stop")
    ended(camp, "ann")
    assert "Your time is up" in refused(ann)


def test_everybody_but_staff_is_stopped_at_closing(
    open_camp: OpenCamp, visit: Visit, enforce: Enforce
) -> None:
    camp = open_camp()
    ann = visit(camp).arrive("ann").work("ann")
    bo = visit(camp).arrive("bo").work("bo")
    staff = visit(camp)
    entered = staff.sign_in("instructor", camp.staff_passwords["instructor"])
    assert entered.status_code == 302, said(entered)
    staff.work("instructor")
    camp.closes = closes = utc_now() + timedelta(seconds=5)
    asked = enforce(camp)
    for name in ("ann", "bo"):
        assert ended(camp, name) >= closes
        assert NOTHING <= asked[name] - closes < ON_TIME
    assert staff.is_at_work("instructor")
    camp.write()
    camp.restart_hub()  # it read camp.toml before the organizer chose to close
    assert "The camp is closed" in refused(ann)
    assert "The camp is closed" in refused(bo)
    assert set(asked) == {"ann", "bo"}


def test_nobody_but_staff_is_let_in_before_opening(
    open_camp: OpenCamp, visit: Visit
) -> None:
    camp = open_camp(opens=utc_now() + timedelta(hours=30))
    ann = visit(camp).arrive("ann")
    words = refused(ann)
    assert "The camp is not open yet" in words
    assert "It opens on " in words
    staff = visit(camp)
    staff.sign_in("instructor", camp.staff_passwords["instructor"])
    staff.work("instructor")
    assert camp.servers() == {"instructor"}
