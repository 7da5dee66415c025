"""An attendee's last minutes, in a real browser: the tests run in their order.

What lies between the warnings is skipped: the beginning of the camp session is moved in
the camp's ledger. Everything after that is as for anybody whose time runs out.
"""

import re
import time
import zipfile
from collections.abc import Callable, Iterator

import docker
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.camps import Camp, a_camp, run, until
from tests.e2e import seat
from tests.e2e.conftest import PageMaker

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

TOML = """
[session]
length = "1h"
[extensions]
own = 1
[desk]
progress = true
"""

MOVE = """
from datetime import timedelta
from sqlalchemy import select
from sqlalchemy.orm import Session
from puppetcamp.clock import camp_clock
from puppetcamp.database import open_engine
from puppetcamp.place import Place
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.tables import CampSessionRow, ExtensionRow
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import load
place = Place.from_environment()
engine = open_engine(place.camp_database)
rules = load(place.settings_file).rules()
left = Timekeeper(rules, Ledger(engine), camp_clock(engine)).standing("ada").remaining
with Session(engine) as db, db.begin():
    later = timedelta(seconds={seconds}) - left
    db.scalars(select(CampSessionRow)).one().started += later
    for extension in db.scalars(select(ExtensionRow)):
        extension.at += later
"""

CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)")
QUICK = 15_000
BUNDLED = 120_000


@pytest.fixture(scope="module")
def camp(engine: docker.DockerClient) -> Iterator[Camp]:
    """Open a camp whose attendees may ask for more time once."""
    with a_camp(engine) as camp:
        camp.write(TOML, name="Camp Hopper")
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def ada(camp: Camp, browser: Browser) -> Iterator[Page]:
    """Sign Ada in once, for all tests."""
    person = PageMaker(browser)
    page = person()
    seat.sign_in(page, camp.link, "ada", "analytical-engine")
    seat.in_lab(page)
    yield page
    person.close()


@pytest.fixture(scope="module")
def move(camp: Camp) -> Callable[[float], None]:
    """Give a function that leaves Ada so many seconds."""

    def leave(seconds: float) -> None:
        hub = camp.container(camp.deployment.hub_container)
        run(hub, "python", "-c", MOVE.format(seconds=seconds))

    return leave


def seconds_in(text: str) -> int:
    """Read a countdown."""
    found = CLOCK.search(text)
    assert found, f"no time in {text!r}"
    hours, minutes, seconds = map(int, found.groups())
    return hours * 3600 + minutes * 60 + seconds


def status(page: Page) -> Locator:
    """Find the countdown in the status bar."""
    return page.locator(".camp-Status-button [role=timer]")


def ticked(page: Page, countdown: Locator) -> str:
    """Read a countdown when it has just moved: pages in the background may rest."""
    page.bring_to_front()
    before = countdown.inner_text()
    expect(countdown).not_to_have_text(before)
    return countdown.inner_text()


def banner(page: Page) -> Locator:
    """Find what the camp says above everything."""
    return page.get_by_role("region", name="Messages of the camp")


def test_the_same_time_is_shown_everywhere(camp: Camp, ada: Page) -> None:
    expect(status(ada)).to_have_text(CLOCK, timeout=seat.SLOW)
    box = camp.seat("ada")
    home = ada.context.new_page()
    home.goto(f"{camp.url}/hub/home")
    expect(home.locator("main")).to_contain_text(CLOCK)
    prompt = ("bash", "-lic", "camp_prompt; echo $CAMP_PROMPT")
    places: dict[str, Callable[[], str]] = {
        "the command": lambda: run(box, "camp", user="attendee"),
        "the prompt": lambda: run(box, *prompt, user="attendee"),
        "the start page": lambda: ticked(home, home.locator("#camp-left")),
        "the status bar": lambda: ticked(ada, status(ada)),
    }
    ends = {}
    for place, read in places.items():
        left = seconds_in(read())
        assert 3400 < left <= 3600, place
        ends[place] = time.monotonic() + left
    # They were read one after the other; a second passes between two roundings.
    assert max(ends.values()) - min(ends.values()) <= 2, ends
    home.close()


def test_what_the_camp_hears_of_progress_is_told(ada: Page) -> None:
    ada.locator(".camp-Status-button").click()
    told = ada.get_by_role("dialog", name="Your camp session")
    expect(told).to_contain_text("which checks passed")
    expect(told).to_be_in_viewport(ratio=1)
    seat.picture(ada, "time-left")
    ada.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(ada.locator(".camp-Status-button")).to_be_focused()


def test_a_warning_is_seen_and_steals_no_keystroke(
    camp: Camp, ada: Page, move: Callable[[float], None]
) -> None:
    cell = ada.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click()
    ada.keyboard.press("Control+A")
    move(603)
    typed = ""
    deadline = time.monotonic() + QUICK / 1000
    while not banner(ada).get_by_text("left of your camp session").is_visible():
        assert time.monotonic() < deadline, "no warning"
        typed += "still typing "
        ada.keyboard.type("still typing ", delay=20)
    ada.keyboard.type("end")
    expect(cell.locator(".cm-content")).to_have_text(typed + "end")
    assert ada.evaluate("document.activeElement.closest('.jp-CodeCell') !== null")
    assert 580 < seconds_in(banner(ada).inner_text()) <= 600
    expect(ada.locator(".camp-Announcer")).to_contain_text("10 minutes left")
    seat.picture(ada, "ten-minutes-left")
    banner(ada).get_by_role("button", name="Got it").click()
    expect(banner(ada).get_by_text("left of your")).to_have_count(0)


def test_more_time_is_one_click_away(
    camp: Camp, ada: Page, move: Callable[[float], None]
) -> None:
    move(301)
    expect(ada.locator(".camp-Announcer")).to_contain_text(
        "5 minutes left", timeout=QUICK
    )
    before = seconds_in(status(ada).inner_text())
    banner(ada).get_by_role("button", name="Ask for more time").click()
    expect(banner(ada)).to_contain_text("You have 15 minutes more.")
    after = seconds_in(status(ada).inner_text())
    assert before + 890 < after <= before + 900
    expect(banner(ada).get_by_text("left of your")).to_have_count(0)
    # Once is what the rules allow.
    ada.locator(".camp-Status-button").click()
    told = ada.get_by_role("dialog", name="Your camp session")
    expect(told.get_by_role("button", name="Ask for more time")).to_have_count(0)
    ada.keyboard.press("Escape")
    banner(ada).get_by_role("button", name="Got it").click()


def test_at_the_end_everything_is_saved_and_said(
    camp: Camp, ada: Page, move: Callable[[float], None]
) -> None:
    move(33)
    last = banner(ada).locator(".camp-mod-last")
    expect(last).to_be_visible(timeout=QUICK)
    expect(ada.locator(".camp-Announcer")).to_contain_text(
        re.compile(r"\d\d seconds left")
    )
    ada.emulate_media(color_scheme="dark")
    expect(ada.locator("body[data-jp-theme-light=false]")).to_be_attached()
    expect(ada.locator("#jupyterlab-splash")).to_have_count(0)
    shown = [place.inner_text() for place in (last.get_by_role("timer"), status(ada))]
    assert abs(seconds_in(shown[0]) - seconds_in(shown[1])) <= 1, shown
    seat.picture(ada, "last-minute")
    ada.emulate_media(color_scheme="light")
    until(lambda: seconds_in(status(ada).inner_text()) <= 8, "the last seconds", 40)
    cell = ada.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click()
    ada.keyboard.press("Control+A")
    ada.keyboard.insert_text("notice('my very last words')")
    ended = ada.get_by_role("dialog", name="Your camp session has ended")
    expect(ended).to_be_visible(timeout=seat.SLOW)
    expect(ended).to_contain_text("Everything that was open here was saved")
    link = ended.get_by_role("link", name="Take your work home")
    # Whoever is still typing is not led away, and is one key from what comes next.
    ada.keyboard.press("Enter")
    ada.keyboard.press("Tab")
    expect(link).to_be_focused()
    seat.picture(ada, "the-end")
    until(lambda: not is_running(camp), "the end of the seat", 20)
    assert "my very last words" in kept(camp, "lessons/00_your_node.ipynb")
    # Nothing that JupyterLab says of lost connections comes in front of it.
    expect(ended).to_be_in_viewport(ratio=1)
    link.click()
    ada.wait_for_url("**/services/camp/take-home**")
    takes_the_work_home(ada)


def takes_the_work_home(ada: Page) -> None:
    """Wait on the page, which goes on by itself, and look into the bundle."""
    expect(ada.get_by_role("heading", name="Your time is over")).to_be_visible()
    download = ada.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=BUNDLED)
    seat.picture(ada, "take-home")
    ada.set_viewport_size({"width": 360, "height": 740})
    expect(download).to_be_in_viewport(ratio=1)
    with ada.expect_download() as found:
        download.click()
    assert found.value.suggested_filename == "take-home-ada.zip"
    with zipfile.ZipFile(found.value.path()) as bundle:
        for name in (
            "lessons/00_your_node.ipynb",
            "pages/lessons/00_your_node.html",
            "manifests/lessons/00_your_node.pp",
        ):
            assert "my very last words" in bundle.read(name).decode(), name
        assert "motd" in bundle.read("scores.csv").decode()
        assert "production/hiera.yaml" in bundle.namelist()


def is_running(camp: Camp) -> bool:
    """Tell whether Ada's seat runs."""
    name = camp.deployment.seat_container("ada")
    return any(c.name == name and c.status == "running" for c in camp.containers())


def kept(camp: Camp, path: str) -> str:
    """Read a file of Ada's home after her seat has gone."""
    text: bytes = camp.engine.containers.run(
        camp.deployment.attendee_image,
        ["cat", f"/home/attendee/{path}"],
        remove=True,
        network_mode="none",
        volumes={
            camp.deployment.home_volume("ada"): {
                "bind": "/home/attendee",
                "mode": "ro",
            }
        },
    )
    return text.decode()
