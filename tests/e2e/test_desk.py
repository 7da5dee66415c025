"""The desk in a real camp: what is done there is seen on an attendee's screen.

The tests run in the order of one lesson; the last one ends it.
"""

import contextlib
import re
from collections.abc import Iterator

import docker
import pytest
from docker.errors import NotFound
from playwright.sync_api import Browser, Locator, Page, expect

from tests.camps import PASSWORD, Camp, Visitor, a_camp, run, until
from tests.e2e import seat
from tests.e2e.conftest import PageMaker

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

SOON = 15_000
"""Milliseconds after which a click at the desk shows elsewhere, at the latest."""


@pytest.fixture(scope="module")
def camp(engine: docker.DockerClient) -> Iterator[Camp]:
    """Open a camp with progress on, which the story's camp has not."""
    with a_camp(engine) as camp:
        camp.write(
            '[session]\nlength = "2h"\n[desk]\nprogress = true', name="Camp Hopper"
        )
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[PageMaker]:
    """Give windows that stay open from test to test."""
    maker = PageMaker(browser)
    yield maker
    maker.close()


@pytest.fixture(scope="module")
def bob(camp: Camp) -> Visitor:
    """Let Bob in, without a browser."""
    return camp.arrive("bob")


@pytest.fixture(scope="module")
def ada(camp: Camp, windows: PageMaker) -> Page:
    """Let Ada in and open her JupyterLab."""
    page = windows()
    seat.sign_in(page, camp.link, "ada", PASSWORD)
    seat.in_lab(page)
    return page


@pytest.fixture(scope="module")
def desk(camp: Camp, windows: PageMaker, bob: Visitor, ada: Page) -> Page:
    """Open the organizer's desk and wait until both attendees are on it."""
    page = at_the_desk(camp, windows(), "organizer")
    page.on("pageerror", lambda error: pytest.fail(f"the desk: {error}"))
    expect(row(page, "ada")).to_contain_text("At work", timeout=SOON)
    expect(row(page, "bob")).to_contain_text("At work", timeout=SOON)
    return page


def at_the_desk(camp: Camp, page: Page, name: str) -> Page:
    """Go to the desk; the camp asks who one is on the way."""
    page.goto(f"{camp.url}/services/camp/desk")
    page.get_by_label("Your name in the camp").fill(name)
    page.get_by_label("Password", exact=True).fill(camp.passwords()[name])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#live")).to_have_text("Live", timeout=SOON)
    return page


def row(desk: Page, name: str) -> Locator:
    """Find somebody's row at the desk."""
    named = desk.get_by_role("button", name=name, exact=True)
    return desk.locator("#rows tr").filter(has=named)


def seconds(figure: str) -> int:
    """Read h:mm:ss."""
    found = re.search(r"(\d+):(\d\d):(\d\d)", figure)
    assert found, figure
    hours, minutes, rest = (int(part) for part in found.groups())
    return (hours * 60 + minutes) * 60 + rest


def left_at_desk(desk: Page, name: str) -> int:
    """Read somebody's time at the desk."""
    return seconds(row(desk, name).locator(".left .figure").inner_text())


def left_in_lab(lab: Page) -> int:
    """Read the time in one's own JupyterLab."""
    return seconds(lab.locator(".camp-Status").inner_text())


def do(desk: Page, button: str, confirm: str, **fields: str) -> None:
    """Press a button of the desk, fill in what it asks, and confirm."""
    desk.get_by_role("button", name=button).click()
    sheet = desk.locator("dialog#ask")
    for label, value in fields.items():
        sheet.get_by_label(label).fill(value)
    sheet.get_by_role("button", name=confirm, exact=True).click()
    expect(sheet).to_be_hidden(timeout=SOON)


def test_both_screens_show_the_same_time(desk: Page, ada: Page) -> None:
    shown = {left_at_desk(desk, "ada"), left_in_lab(ada)}
    assert max(shown) - min(shown) <= 1, shown
    assert 7000 < min(shown) <= 7200


def test_a_class_gets_fifteen_minutes_more(desk: Page, ada: Page) -> None:
    before = {name: left_at_desk(desk, name) for name in ("ada", "bob")}
    lab_before = left_in_lab(ada)
    expect(desk.locator("#bar-who")).to_contain_text("Everybody")
    do(desk, "More time …", "Give the time")
    for name, left in before.items():
        until(
            lambda name=name, left=left: left_at_desk(desk, name) > left + 800,
            f"{name}'s time at the desk",
        )
    until(lambda: left_in_lab(ada) > lab_before + 800, "Ada's time in her JupyterLab")
    shown = {left_at_desk(desk, "ada"), left_in_lab(ada)}
    assert max(shown) - min(shown) <= 1, shown
    assert max(shown) <= before["ada"] + 900
    expect(desk.locator("#toasts")).to_contain_text("15 minutes")
    seat.picture(desk, "desk-extended")
    seat.picture(ada, "lab-extended")


def test_a_message_to_one_reaches_that_one(desk: Page, ada: Page) -> None:
    desk.get_by_role("checkbox", name="Choose ada").check()
    do(desk, "Message …", "Send", Message="Break at <b>ten</b>, coffee is outside.")
    expect(ada.locator(".camp-Banner")).to_contain_text(
        "Break at <b>ten</b>, coffee is outside.", timeout=SOON
    )
    desk.get_by_role("button", name="Choose nobody").click()


def test_a_paused_clock_stands_still_on_both_screens(desk: Page, ada: Page) -> None:
    do(desk, "Pause clock …", "Pause")
    expect(desk.locator("#pause")).to_contain_text("Paused", timeout=SOON)
    expect(ada.locator(".camp-Status")).to_contain_text("paused", timeout=SOON)
    still = left_at_desk(desk, "ada")
    desk.wait_for_timeout(1500)
    assert left_at_desk(desk, "ada") == left_in_lab(ada) == still
    desk.get_by_role("button", name="Let it run").click()
    expect(ada.locator(".camp-Status")).not_to_contain_text("paused", timeout=SOON)
    until(lambda: left_at_desk(desk, "ada") < still, "the clock to run again")


def test_closed_doors_keep_newcomers_out(desk: Page, camp: Camp, ada: Page) -> None:
    do(desk, "Close doors …", "Close the doors")
    expect(desk.locator("#doors")).to_contain_text("Closed", timeout=SOON)
    late = camp.visit("late")
    assert "doors" in late.http.get("/hub/spawn").text
    expect(row(desk, "ada")).to_contain_text("At work")
    desk.get_by_role("button", name="Open doors").click()
    expect(desk.locator("#doors")).to_contain_text("Open", timeout=SOON)


@pytest.fixture(scope="module")
def instructor(camp: Camp, windows: PageMaker, desk: Page) -> Page:
    """Open the instructor's desk."""
    page = at_the_desk(camp, windows(), "instructor")
    expect(row(page, "ada")).to_be_visible()
    return page


def test_an_instructor_helps_and_steers_nothing(
    instructor: Page, bob: Visitor, camp: Camp
) -> None:
    page = instructor
    assert "camp/desk" in page.request.get(f"{camp.url}/hub/home").text()
    assert "camp/desk" not in bob.http.get("/hub/home").text
    offered = page.locator("#bar-buttons button:visible")
    expect(offered).to_have_text([re.compile("More time"), re.compile("Message")])
    expect(page.get_by_role("button", name="Pause clock …")).to_be_hidden()
    refused = page.evaluate(
        "async () => (await (await import(new URL('desk/static/camp.js',"
        " document.baseURI))).ask('api/desk/actions/pause', {})"
        ".then(() => 0, (error) => error.status))"
    )
    assert refused == 403, "the page hides it, and nothing refuses it"
    assert bob.http.get("/services/camp/desk").status_code == 403


def test_an_instructor_looks_only_when_the_attendee_agreed(
    instructor: Page, ada: Page, camp: Camp
) -> None:
    address = f"{camp.url}/user/ada/lab"
    assert instructor.request.get(address).status == 403
    instructor.get_by_role("button", name="ada", exact=True).click()
    sheet = instructor.get_by_role("dialog", name="ada")
    sheet.get_by_role("button", name="Ask to look …").click()
    instructor.get_by_role("button", name="Ask", exact=True).click()
    expect(sheet).to_contain_text("instructor has asked to look", timeout=SOON)
    with ada.expect_popup() as opened:
        ada.locator(".camp-Banner").get_by_role("link").last.click()
    opened.value.get_by_role("button", name="Agree").click()
    look = sheet.get_by_role("link", name="Open their JupyterLab")
    expect(look).to_be_visible(timeout=SOON)
    assert str(look.get_attribute("href")).startswith("/user/ada")
    until(lambda: instructor.request.get(address).status == 200, "the door to open")
    opened.value.get_by_role("button", name="End it now").click()
    expect(look).to_be_hidden(timeout=SOON)
    instructor.keyboard.press("Escape")


def test_the_log_tells_who_did_what(desk: Page) -> None:
    desk.get_by_text("What was done").click()
    log = desk.locator("#audit-list")
    for deed in (
        "gave more time to everybody",
        "sent a message to ada",
        "paused the class clock",
    ):
        expect(log).to_contain_text(f"organizer {deed}", timeout=SOON)


def test_a_restart_keeps_work_and_time(desk: Page, camp: Camp) -> None:
    before, left = camp.seat("bob"), left_at_desk(desk, "bob")
    run(before, "sh", "-c", "echo mine > /home/attendee/kept; touch /etc/lost")
    desk.get_by_role("checkbox", name="Choose bob").check()
    do(desk, "Restart machine …", "Restart")
    until(lambda: is_fresh(camp, str(before.id)), "Bob's new seat")
    after = camp.seat("bob")
    assert run(after, "cat", "/home/attendee/kept").strip() == "mine"
    run(after, "test", "-e", "/etc/lost", code=1)
    expect(row(desk, "bob")).to_contain_text("At work", timeout=60_000)
    assert left_at_desk(desk, "bob") <= left
    desk.get_by_role("button", name="Choose nobody").click()


def is_fresh(camp: Camp, old: str) -> bool:
    """Tell whether Bob has a running seat that is not the old one."""
    with contextlib.suppress(NotFound):
        bobs = camp.seat("bob")
        return bool(bobs.id != old and bobs.status == "running")
    return False


def test_ending_one_session_ends_no_other(desk: Page, ada: Page) -> None:
    desk.get_by_role("checkbox", name="Choose bob").check()
    do(desk, "End session …", "End the session")
    # A few seconds are left, for what Bob has open to be saved.
    until(lambda: left_at_desk(desk, "bob") <= 15, "the end of Bob's session")
    expect(row(desk, "ada")).to_contain_text("At work")
    assert left_in_lab(ada) > 7000
