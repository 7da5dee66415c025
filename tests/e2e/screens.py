"""What the camp shows of time and people on its screens, read as people read it."""

import contextlib
import re
import zipfile
from pathlib import Path

from docker.errors import NotFound
from playwright.sync_api import Locator, Page, expect

from tests.camps import Camp
from tests.e2e import seat

CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")

_TICKED = """(element) => new Promise((tell) => {
  const before = element.textContent;
  const look = setInterval(() => {
    if (element.textContent === before) return;
    clearInterval(look);
    tell(element.textContent);
  }, 20);
})"""

SOON = 30_000
"""Milliseconds after which a click at the desk shows elsewhere, at the latest."""


def seconds_in(text: str) -> int:
    """Read a countdown."""
    found = CLOCK.search(text)
    assert found, f"no time in {text!r}"
    hours, minutes, seconds = map(int, found.groups())
    return hours * 3600 + minutes * 60 + seconds


def ticked(page: Page, countdown: Locator) -> str:
    """Read a countdown when it has just moved: pages in the background may rest."""
    page.bring_to_front()
    expect(countdown).to_have_text(CLOCK, timeout=SOON)
    return str(countdown.evaluate(_TICKED))


def status(lab: Page) -> Locator:
    """Find the countdown in JupyterLab's status bar."""
    return lab.locator(".camp-Status-button [role=timer]")


def banner(lab: Page) -> Locator:
    """Find what the camp says above everything in JupyterLab."""
    return lab.get_by_role("region", name="Messages of the camp")


def got_it(lab: Page, text: str) -> None:
    """Put away what the camp says."""
    said = banner(lab).locator(".camp-Banner-row", has_text=text)
    said.get_by_role("button", name="Got it").click()
    expect(said).to_have_count(0)


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


def time_of(desk: Page, name: str) -> Locator:
    """Find somebody's time left at the desk."""
    return row(desk, name).locator(".left .figure")


def ask(desk: Page, button: str, **fields: str) -> Locator:
    """Press a button of the desk and fill in what it asks; return the question."""
    desk.get_by_role("button", name=button).click()
    sheet = desk.locator("dialog#ask")
    for label, value in fields.items():
        sheet.get_by_label(label).fill(value)
    return sheet


def do(desk: Page, button: str, confirm: str, **fields: str) -> None:
    """Press a button of the desk, fill in what it asks, and confirm."""
    sheet = ask(desk, button, **fields)
    sheet.get_by_role("button", name=confirm, exact=True).click()
    expect(sheet).to_be_hidden(timeout=SOON)


def runs(camp: Camp, name: str) -> bool:
    """Tell whether somebody's seat runs."""
    box = camp.deployment.seat_container(name)
    return any(c.name == box and c.status == "running" for c in camp.containers())


def last_minute(lab: Page) -> None:
    """See the last minute begin, also in the dark."""
    last = banner(lab).locator(".camp-mod-last")
    expect(last).to_be_visible(timeout=SOON)
    expect(lab.locator(".camp-Announcer")).to_contain_text(
        re.compile(r"\d+ seconds left")
    )
    lab.emulate_media(color_scheme="dark")
    dark = lab.locator("body[data-jp-theme-light=false]")
    expect(dark).to_be_attached(timeout=SOON)
    expect(lab.locator("#jupyterlab-splash")).to_have_count(0)
    shown = [place.inner_text() for place in (last.get_by_role("timer"), status(lab))]
    assert abs(seconds_in(shown[0]) - seconds_in(shown[1])) <= 1, shown
    seat.picture(lab, "last-minute")
    lab.emulate_media(color_scheme="light")


def ask_to_look(desk: Page, name: str) -> Locator:
    """Ask somebody, as an instructor, to open their server; return their sheet."""
    desk.get_by_role("button", name=name, exact=True).click()
    sheet = desk.get_by_role("dialog", name=name)
    sheet.get_by_role("button", name="Ask to look …").click()
    desk.get_by_role("button", name="Ask", exact=True).click()
    expect(sheet).to_contain_text("has asked to look", timeout=SOON)
    return sheet


def pumped(page: Page) -> bool:
    """Let the browser tell what has happened since it was asked last."""
    page.wait_for_timeout(50)
    return True


def desk_left(desk: Page, name: str) -> int:
    """Read somebody's seconds at the desk."""
    return seconds_in(time_of(desk, name).inner_text())


def lab_left(lab: Page) -> int:
    """Read the seconds in JupyterLab's status bar."""
    return seconds_in(status(lab).inner_text())


def is_fresh(camp: Camp, name: str, old: str) -> bool:
    """Tell whether somebody has a running seat that is not the old one."""
    with contextlib.suppress(NotFound):
        found = camp.seat(name)
        return bool(found.id != old and found.status == "running")
    return False


def look_into(path: Path, words: str) -> None:
    """Look into a take-home bundle, which holds some words of the first lesson."""
    with zipfile.ZipFile(path) as bundle:
        for name in (
            "lessons/00_your_node.ipynb",
            "pages/lessons/00_your_node.html",
            "manifests/lessons/00_your_node.pp",
        ):
            assert words in bundle.read(name).decode(), name
        assert "motd" in bundle.read("scores.csv").decode()
        assert "production/hiera.yaml" in bundle.namelist()
