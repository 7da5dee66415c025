"""The desk's page by itself, with a class that is made up: looks, keyboard, speed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.camps import until
from tests.e2e import seat
from tests.e2e.conftest import PageMaker
from tests.e2e.made_up import MadeUpClass, served

pytestmark = pytest.mark.e2e

PAGE_SECONDS = 0.05
"""Processor time that one snapshot of 500 seats may cost the page; browsers call what
takes longer a long task, since a person notices."""


@pytest.fixture(scope="module")
def desk() -> Iterator[str]:
    """Serve the desk of a class of 25."""
    with served(MadeUpClass(25)) as address:
        yield address


def look(page: Page, address: str) -> Page:
    """Open a desk and wait for its seats."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    expect(page.locator("#rows tr").first).to_be_visible(timeout=15_000)
    assert not faults, faults
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "width", "height"), [
    ("wide", 1280, 1000), ("phone", 360, 740),
])  # fmt: skip
def test_it_fits_every_screen(
    desk: str, person: PageMaker, kind: str, width: int, height: int, scheme: str
) -> None:
    size = {"width": width, "height": height}
    page = look(person(viewport=size, color_scheme=scheme), desk)
    expect(page.locator("#shown")).to_have_text("25 in all")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 100
    assert dark == (scheme == "dark")
    small = page.evaluate(
        "[...document.querySelectorAll('button:not([hidden])')].filter((button) =>"
        " { const box = button.getBoundingClientRect();"
        " return box.width && (box.width < 24 || box.height < 24); }).length"
    )
    assert small == 0, "buttons too small for a finger"
    seat.picture(page, f"desk-{kind}-{scheme}")


def test_everything_goes_by_keyboard(desk: str, person: PageMaker) -> None:
    page = look(person(), desk)
    page.keyboard.press("/")
    page.keyboard.type("pi")
    expect(page.locator("#shown")).to_have_text("1 of 25 shown")
    page.get_by_role("checkbox", name="Choose pia").focus()
    page.keyboard.press("Space")
    expect(page.locator("#bar-who")).to_contain_text("pia chosen")
    page.get_by_role("button", name="pia", exact=True).focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="pia")
    expect(sheet).to_contain_text("failed 6 times")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "pia"


def test_who_seems_stuck_is_found_and_said(desk: str, person: PageMaker) -> None:
    page = look(person(), desk)
    page.get_by_role("button", name="Stuck 2").click()
    expect(page.locator("#rows tr:visible .name")).to_have_text(["pia", "tara"])
    page.get_by_role("button", name="All 25").click()
    page.get_by_label("Order").select_option("help")
    expect(page.locator("#rows tr .name").first).to_have_text("pia")


def test_what_changes_is_said_aloud(person: PageMaker) -> None:
    people = MadeUpClass(12)
    with served(people) as address:
        page = look(person(), address)
        expect(page.locator("#news")).to_have_text("")
        people.stuck.add("ada")
        expect(page.locator("#news")).to_have_text("ada may be stuck.")
        expect(page).to_have_title(re.compile(r"^\(1 stuck"))


def test_a_lost_line_is_shown_and_found_again(person: PageMaker) -> None:
    people = MadeUpClass(3)
    with served(people) as address:
        page = look(person(), address)
        line = page.locator("#live")
        expect(line).to_have_text("Live")
        people.refusal = 503
        expect(line).to_contain_text("No word from the camp")
        people.refusal = None
        expect(line).to_have_text("Live", timeout=15_000)
        people.refusal = 401
        expect(line).to_contain_text("You are signed out", timeout=15_000)
        expect(line.get_by_role("link")).to_have_text("Sign in again")


def test_five_hundred_seats_stay_smooth(person: PageMaker) -> None:
    with served(MadeUpClass(500)) as address:
        page = look(person(), address)
        page.evaluate(
            "window.heard = 0; new MutationObserver(() => { window.heard += 1; })"
            ".observe(document.querySelector('polyline'), {attributes: true})"
        )
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy() -> tuple[float, int]:
            found = session.send("Performance.getMetrics")["metrics"]
            spent = {metric["name"]: metric["value"] for metric in found}
            parts = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
            return sum(map(spent.__getitem__, parts)), page.evaluate("window.heard")

        spent, heard = busy()
        until(lambda: busy()[1] >= heard + 5, "five snapshots", 30)
        spent_then, heard_then = busy()
        each = (spent_then - spent) / (heard_then - heard)
        assert each < PAGE_SECONDS, f"{each:.3f} s for each snapshot"
        page.get_by_label("Find").fill("guest47")
        expect(page.locator("#shown")).to_have_text("6 of 500 shown", timeout=2000)
