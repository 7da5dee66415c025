"""The start page in a browser: it counts down, and hears what the desk does.

The hub is real; the server behind it is a light one.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageMaker
from tests.hub.support.camp import HubCamp, Visitor, hub_camp, until
from tests.hub.support.times import at_the_desk

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def camp(tmp_path: Path) -> Iterator[HubCamp]:
    """Open a camp of half an hour, in which Ann is at work."""
    with hub_camp(tmp_path / "camp", length=1800) as camp:
        ann = Visitor(camp).arrive("ann")
        ann.work("ann")
        ann.close()
        yield camp


def left(page: Page) -> int:
    """Read the seconds that the page shows."""
    figure = page.locator("#camp-left").inner_text()
    assert re.fullmatch(r"\d+:\d\d:\d\d", figure), figure
    hours, minutes, seconds = map(int, figure.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def look_again(page: Page) -> None:
    """Come back to the page as from another tab: it asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_start_page_counts_down_and_hears_of_changes(
    camp: HubCamp, person: PageMaker
) -> None:
    ann = person(viewport=PHONE, color_scheme="dark")
    ann.goto(f"{camp.url}/hub/login?next=/hub/home")
    ann.fill("#username_input", "ann")
    ann.fill("#password_input", "correct horse")
    ann.press("#password_input", "Enter")
    heading = ann.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"You have\s+0:[12]\d:\d\d\s+left"))
    first = left(ann)
    until(lambda: left(ann) < first, "a second less")
    with at_the_desk(camp) as times:
        remaining = times.standing("ann").remaining
        assert remaining is not None
        assert abs(left(ann) - remaining.total_seconds()) <= 1.5
        times.extend("ann", "organizer", 3600)
        expect(heading).to_contain_text("1:2", timeout=20_000)
        times.pause("organizer")
        look_again(ann)
        expect(ann.locator("#camp-sentences")).to_contain_text(
            "stands still", timeout=20_000
        )
        frozen = left(ann)
        assert ann.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        times.resume("organizer")
        look_again(ann)
        until(lambda: left(ann) < frozen, "the clock going on")
        times.end("ann", "organizer")
        look_again(ann)
    expect(heading).to_have_text("Your session was ended", timeout=30_000)
