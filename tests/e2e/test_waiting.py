"""Start page and waiting page in a browser: they count, go on by themselves, and last.

One seat, one who has it and two who wait for it. The hub is real; servers are light
ones, since nobody looks at what is behind the pages.
"""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PageMaker
from tests.e2e.screens import seconds_in
from tests.hub.support.camp import HubCamp, hub_camp, until
from tests.hub.support.times import at_the_desk

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 740}
HEARD = 20_000
"""Milliseconds after which a page has asked again by itself."""


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCamp]:
    """Open a camp with one seat."""
    place: Path = tmp_path_factory.mktemp("camp") / "camp"
    with hub_camp(place, seats=1, length=1800) as camp:
        yield camp


def arrive(page: Page, camp: HubCamp, name: str, then: str = "") -> Page:
    """Sign in on the camp's page; the start follows by itself."""
    page.goto(f"{camp.url}/hub/login?code={camp.join_code}{then}")
    page.fill("#username_input", name)
    page.fill("#password_input", "correct horse battery")
    page.press("#password_input", "Enter")
    return page


@pytest.fixture(scope="module")
def bo(camp: HubCamp, windows: PageMaker) -> Page:
    """Let Bo take the only seat, and go back to the start page."""
    page = arrive(windows(viewport=PHONE, color_scheme="dark"), camp, "bo")
    expect(page.locator("body")).to_contain_text("server of bo")
    page.goto(f"{camp.url}/hub/home")
    return page


@pytest.fixture(scope="module")
def ann(camp: HubCamp, windows: PageMaker, bo: Page) -> Page:
    """Let Ann wait for it."""
    return arrive(windows(viewport=PHONE), camp, "ann")


@pytest.fixture(scope="module")
def cy(camp: HubCamp, windows: PageMaker, ann: Page) -> Page:
    """Let Cy wait behind Ann."""
    expect(told(ann)).to_be_visible()
    return arrive(windows(), camp, "cy")


def told(page: Page) -> Locator:
    """Find what the waiting page says, and says aloud."""
    return page.get_by_role("status")


def left(page: Page) -> int:
    """Read the seconds that the start page shows."""
    return seconds_in(page.locator("#camp-left").inner_text())


def stop(camp: HubCamp, name: str) -> None:
    """Stop somebody's server, as the enforcer does when their time has ended."""
    answer = httpx.delete(
        f"{camp.hub_api}/users/{name}/server",
        headers={"Authorization": f"token {camp.token}"},
        timeout=30,
    )
    assert answer.status_code in {202, 204}, answer.text


def look_again(page: Page) -> None:
    """Come back to the page as from another tab: it asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_start_page_counts_down_and_hears_of_changes(
    camp: HubCamp, bo: Page
) -> None:
    heading = bo.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"You have\s+0:[12]\d:\d\d\s+left"))
    first = left(bo)
    until(lambda: left(bo) < first, "a second less")
    with at_the_desk(camp) as times:
        remaining = times.standing("bo").remaining
        assert remaining is not None
        assert abs(left(bo) - remaining.total_seconds()) <= 1.5
        times.extend("bo", "organizer", 3600)
        expect(heading).to_contain_text("1:2", timeout=HEARD)
        times.pause("organizer")
        look_again(bo)
        sentences = bo.locator("#camp-sentences")
        expect(sentences).to_contain_text("stands still", timeout=HEARD)
        frozen = left(bo)
        assert bo.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        times.resume("organizer")
        look_again(bo)
        until(lambda: left(bo) < frozen, "the clock going on")


def test_the_waiting_page_tells_the_place(ann: Page, cy: Page) -> None:
    expect(ann.get_by_role("heading", level=1)).to_have_text(
        "You are on the waiting list"
    )
    expect(told(ann)).to_contain_text("at the latest")
    expect(told(cy)).to_contain_text("you are number 2")
    expect(cy.locator("#waiting-place")).to_have_text("2of 2 waiting")
    expect(cy).to_have_title("2 in line · Test camp")
    assert ann.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_place_in_line_outlives_the_hub(camp: HubCamp, ann: Page, cy: Page) -> None:
    camp.stop_hub(signal.SIGKILL)
    expect(told(ann)).to_contain_text("You keep your place", timeout=HEARD)
    camp.start()
    expect(told(ann)).to_contain_text("the next one that is free", timeout=HEARD)
    expect(told(cy)).to_contain_text("you are number 2", timeout=HEARD)


def test_who_leaves_lets_the_next_one_in(
    camp: HubCamp, bo: Page, ann: Page, cy: Page
) -> None:
    ann.get_by_role("button", name="Leave the line").click()
    expect(ann.get_by_role("button", name="Start my machine")).to_be_visible()
    expect(told(cy)).to_contain_text("the next one that is free", timeout=HEARD)
    with at_the_desk(camp) as times:
        times.end("bo", "organizer")
    stop(camp, "bo")
    expect(cy.locator("body")).to_contain_text("server of cy", timeout=60_000)
    until(lambda: camp.servers() == {"cy"}, "cy's server alone")
    look_again(bo)
    expect(bo.get_by_role("heading", level=1)).to_have_text(
        "Your session was ended", timeout=HEARD
    )
