"""The waiting page in a browser: place, estimate, a hub that goes and comes, leaving.

The hub is real; servers are light ones, since nobody looks at what is behind the page.
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageMaker
from tests.hub.support.camp import HubCamp, Visitor, hub_camp, until

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def camp(tmp_path: Path) -> Iterator[HubCamp]:
    """Open a camp with one seat."""
    with hub_camp(tmp_path / "camp", seats=1, length=1800) as camp:
        yield camp


@pytest.fixture
def bo(camp: HubCamp) -> Iterator[Visitor]:
    """Let Bo take the only seat."""
    visitor = Visitor(camp).arrive("bo")
    yield visitor.work("bo")
    visitor.close()


def arrive(page: Page, camp: HubCamp, name: str) -> None:
    """Sign in on the camp's page; the start follows by itself."""
    page.goto(f"{camp.url}/hub/login?code={camp.join_code}")
    page.fill("#username_input", name)
    page.fill("#password_input", "correct horse battery")
    page.press("#password_input", "Enter")


def test_the_waiting_page_goes_on_by_itself(
    camp: HubCamp, bo: Visitor, person: PageMaker
) -> None:
    ann, cy = person(viewport=PHONE), person()
    arrive(ann, camp, "ann")
    expect(ann.get_by_role("heading", level=1)).to_have_text(
        "You are on the waiting list"
    )
    expect(ann.get_by_role("status")).to_contain_text("30 minutes at the latest")
    arrive(cy, camp, "cy")
    expect(cy.get_by_role("status")).to_contain_text("you are number 2")
    expect(cy.locator("#waiting-place")).to_have_text("2of 2 waiting")
    expect(cy).to_have_title("2 in line · Test camp")
    assert ann.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # The hub dies: the page says so, asks again and gets its place back.
    camp.stop_hub(signal.SIGKILL)
    expect(ann.get_by_role("status")).to_contain_text(
        "You keep your place", timeout=20_000
    )
    camp.start()
    expect(ann.get_by_role("status")).to_contain_text(
        "the next one that is free", timeout=20_000
    )
    expect(cy.get_by_role("status")).to_contain_text("you are number 2")

    ann.get_by_role("button", name="Leave the line").click()
    expect(ann.get_by_role("button", name="Start my machine")).to_be_visible()
    expect(cy.get_by_role("status")).to_contain_text("the next one that is free")

    bo.stop("bo")
    expect(cy.locator("body")).to_contain_text("server of cy", timeout=30_000)
    until(lambda: camp.servers() == {"cy"}, "cy's server alone")
