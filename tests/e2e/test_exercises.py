"""Lessons and exercises in JupyterLab: found, fetched, submitted, graded, scored.

One attendee and one camp, in the order of a day: the tests build on each other.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.camps import Camp, run
from tests.e2e import seat
from tests.e2e.conftest import PageMaker

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

PASSWORD = "compile-the-bernoulli"  # noqa: S105
ANSWER = "file { '/etc/motd':\n  ensure => file,\n  group  => 'staff',\n}\n"
BETTER = ANSWER + "file { '/etc/issue.net':\n  ensure => absent,\n}\n"
FOLDER = "/home/attendee/exercises"

RELEASE_LATE = """
import io
from datetime import timedelta
from puppetcamp.clock import utc_now
from puppetcamp.database import open_engine
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.place import Place
place, now = Place.from_environment(), utc_now()
engine = open_engine(place.camp_database)
store = ExchangeStore(engine, place.exchange_root)
course = "puppet"
packed = store.released(course, "motd").archive.read_bytes()
store.release(course, "late", io.BytesIO(packed), now, now - timedelta(hours=3))
"""

DONE = {
    "at": "2026-01-01T09:00:00+00:00",
    "notebook": "/home/attendee/lessons/01_resources.ipynb",
    "cell": "check-ada",
    "status": "ok",
    "checks": [{"id": "ada", "passed": True}],
    "seconds": 0.3,
}
"""What the kernel of an earlier server noted: a lesson that is done."""

GRADE = """
cd ~/course
nbgrader collect motd && nbgrader autograde motd
nbgrader generate_feedback motd && nbgrader release_feedback motd
"""


@pytest.fixture(scope="module")
def ada(camp: Camp, browser: object) -> Iterator[Page]:
    """Sign Ada in, with the panel open; she stays for the whole day."""
    maker = PageMaker(browser)  # type: ignore[arg-type]
    page = maker()
    seat.sign_in(page, camp.link, "ada", PASSWORD)
    seat.in_lab(page)
    yield page
    maker.close()


@pytest.fixture(scope="module")
def panel(ada: Page) -> Locator:
    ada.get_by_role("tab", name="Exercises").click()
    panel = ada.get_by_role("region", name="Exercises")
    expect(panel.get_by_role("heading", name="motd")).to_be_visible(timeout=seat.SLOW)
    return panel


@pytest.fixture
def motd(panel: Locator) -> Locator:
    return card(panel, "motd")


@pytest.fixture
def late(panel: Locator) -> Locator:
    return card(panel, "late")


def card(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("listitem", name=name, exact=True)


def press(exercise: Locator, button: str) -> None:
    """Press a button with the keyboard."""
    found = exercise.get_by_role("button", name=button)
    found.focus()
    found.press("Enter")


def said(exercise: Locator, words: str | re.Pattern[str], kind: str = "done") -> None:
    message = exercise.locator(f".camp-mod-{kind}")
    expect(message).to_contain_text(words, timeout=seat.SLOW)


def versions(exercise: Locator) -> Locator:
    return exercise.get_by_role("list", name="Submitted versions").locator("li")


def tab(page: Page, name: str) -> Locator:
    """Find a tab of the main area."""
    return page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text=name)


def test_who_comes_first_finds_the_lessons_beside_lesson_00(
    camp: Camp, ada: Page
) -> None:
    tabs = ada.locator("#jp-main-dock-panel .lm-TabBar-tab")
    expect(tabs).to_have_text(["Lessons", "00_your_node.ipynb"])
    lesson = ada.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    seat.run_cell(ada, lesson, "hello.txt")
    note = f"echo '{json.dumps(DONE)}' >> ~attendee/.local/share/puppetcamp/journal"
    run(camp.seat("ada"), "sh", "-c", note, user="attendee")
    tab(ada, "Lessons").click()
    page = ada.get_by_role("region", name="Lessons", exact=True)
    rows = page.get_by_role("listitem")
    expect(rows.first).to_contain_text("1 of ", timeout=seat.SLOW)
    expect(rows.first).to_contain_text("0 of ")
    expect(rows.nth(1)).to_contain_text("15 minutes")
    expect(rows.nth(1)).to_contain_text("Done: 1 of ")
    expect(rows.first).to_contain_text("Exercise marker: not fetched")
    seat.picture(ada, "lessons")
    # With the keyboard alone: the first button is the one that goes on.
    ada.keyboard.press("Tab")
    go_on = page.get_by_role("button", name="Continue").first
    expect(go_on).to_be_focused()
    ada.keyboard.press("Enter")
    expect(tab(ada, "00_your_node")).to_have_class(re.compile("lm-mod-current"))
    below = lesson.locator(".jp-Cell.jp-mod-active")
    expect(below).to_contain_text("Read the cell as a sentence")
    expect(below).to_be_in_viewport()


def test_the_lessons_open_from_the_menu_and_fit_a_phone(ada: Page) -> None:
    tab(ada, "Lessons").locator(".lm-TabBar-tabCloseIcon").click()
    expect(tab(ada, "Lessons")).to_have_count(0)
    seat.menu(ada, "Help", "Lessons")
    page = ada.get_by_role("region", name="Lessons", exact=True)
    expect(page.get_by_role("listitem").first).to_be_visible()
    ada.set_viewport_size({"width": 360, "height": 740})
    ada.keyboard.press("Control+B")
    ada.emulate_media(color_scheme="dark")
    expect(ada.locator("body[data-jp-theme-light=false]")).to_be_attached()
    expect(ada.locator("#jupyterlab-splash")).to_have_count(0)
    wide, seen = page.evaluate("page => [page.scrollWidth, page.clientWidth]")
    assert wide <= seen, "the page is wider than a phone"
    expect(page.get_by_role("button", name="Continue").first).to_be_in_viewport()
    seat.picture(ada, "lessons-phone-dark")
    ada.emulate_media(color_scheme="light")
    ada.set_viewport_size({"width": 1280, "height": 800})
    ada.keyboard.press("Control+B")
    # Not fetched before, not in front: one press does both.
    marker = page.get_by_role("button", name="Fetch and open exercise marker")
    marker.click()
    expect(tab(ada, "marker.ipynb")).to_be_visible(timeout=seat.SLOW)


def test_an_exercise_is_fetched_opened_and_submitted_twice(
    camp: Camp, ada: Page, motd: Locator
) -> None:
    expect(motd).to_contain_text("Not fetched")
    seat.picture(ada, "exercises-first")
    press(motd, "Fetch")
    said(motd, "Fetched. Open it")
    expect(motd).to_contain_text("Fetched, not submitted")
    press(motd, "Open")
    notebook = ada.locator(".jp-NotebookPanel:not(.lm-mod-hidden)", has_text="message")
    expect(notebook.locator(".jp-Cell").first).to_be_visible(timeout=seat.SLOW)
    # What stands in the notebook is submitted, saved or not.
    seat.rewrite_cell(ada, notebook, "write your manifest here", ANSWER)
    press(motd, "Submit")
    said(motd, "Version 1 is submitted and kept.")
    said(motd, "Saved first: motd.ipynb.")
    seat.rewrite_cell(ada, notebook, "group  => 'staff'", BETTER)
    press(motd, "Submit again")
    said(motd, "Version 2 is submitted")
    expect(versions(motd)).to_have_count(2)
    expect(motd).to_contain_text("Version 2 submitted, not graded yet")
    source = run(camp.seat("ada"), "cat", f"{FOLDER}/motd/motd.ipynb")
    assert "/etc/issue.net':" in json.dumps(json.loads(source)["cells"])
    seat.picture(ada, "exercises")


def test_too_large_is_refused_with_the_files_name(camp: Camp, motd: Locator) -> None:
    film = f"{FOLDER}/motd/film.mp4"
    script = f"head -c 50M /dev/urandom > {film}"
    run(camp.seat("ada"), "sh", "-c", script, user="attendee")
    press(motd, "Submit again")
    said(motd, "film.mp4 (50.0 MiB)", "failed")
    said(motd, "Nothing was sent", "failed")
    expect(versions(motd)).to_have_count(2)
    run(camp.seat("ada"), "rm", film)


def test_a_broken_notebook_is_refused_and_a_late_one_is_stored(
    camp: Camp, ada: Page, panel: Locator, late: Locator
) -> None:
    camp.hub(f"python -c '{RELEASE_LATE}'")
    press(panel, "Refresh")
    expect(late).to_contain_text("Was due")
    press(late, "Fetch")
    said(late, "Fetched")
    broken = f"cd {FOLDER}/late && cp motd.ipynb kept && truncate -s 700 motd.ipynb"
    run(camp.seat("ada"), "sh", "-c", broken, user="attendee")
    press(late, "Submit late")
    said(late, "motd.ipynb is no notebook", "failed")
    seat.picture(ada, "exercises-refused")
    mended = f"cd {FOLDER}/late && mv kept motd.ipynb"
    run(camp.seat("ada"), "sh", "-c", mended, user="attendee")
    press(late, "Submit late")
    said(late, "Version 1 is submitted and kept.")
    said(late, "This is 3 hours late")
    expect(versions(late)).to_contain_text("3 hours late")


def test_without_the_camp_nothing_is_lost(
    camp: Camp, ada: Page, panel: Locator, motd: Locator
) -> None:
    hub = camp.container(camp.deployment.hub_container)
    hub.kill()
    try:
        press(motd, "Submit again")
        said(motd, "Nothing was submitted", "failed")
        said(motd, "cannot be reached", "failed")
        expect(panel.get_by_role("alert").first).to_contain_text("as it was today")
        expect(versions(motd)).to_have_count(2)
        seat.picture(ada, "exercises-offline")
    finally:
        hub.start()
    # The panel finds the camp again by itself; the word on the submission stays.
    expect(panel.get_by_role("alert")).to_have_count(1, timeout=seat.SLOW)
    press(motd, "Submit again")
    said(motd, "Version 3 is submitted")


def test_the_score_and_the_feedback_come_by_themselves(
    camp: Camp, ada: Page, panel: Locator, motd: Locator, person: PageMaker
) -> None:
    staff = person()
    seat.sign_in(staff, camp.link, "instructor", camp.passwords()["instructor"])
    seat.in_lab(staff)
    # The panel is there for instructors as well.
    staff.get_by_role("tab", name="Exercises").click()
    expect(staff.get_by_role("heading", name="motd")).to_be_visible(timeout=seat.SLOW)
    done = camp.seat("instructor").exec_run(
        ["bash", "-ec", GRADE],
        user="attendee",
        environment={
            "PUPPETCAMP_COURSE_ROOT": "/home/attendee/course",
            "HOME": "/home/attendee",
        },
    )
    assert done.exit_code == 0, done.output.decode()
    # Nobody presses anything.
    expect(motd).to_contain_text(
        re.compile(r"\d of \d+ points for version 3"), timeout=seat.SLOW
    )
    expect(motd.get_by_role("button", name="Feedback")).to_have_count(1)
    press(motd, "Feedback on version 3")
    page = ada.frame_locator(".camp-Feedback iframe")
    expect(page.locator("h1")).to_have_text("motd", timeout=seat.SLOW)
    expect(page.locator(".score")).to_contain_text("You earned")
    seat.picture(ada, "exercises-graded")
    page.get_by_role("link", name="motd_access").click()
    check = page.locator("#part-motd_access")
    expect(check).to_be_in_viewport()
    expect(check).to_contain_text("which is not what the task asks for")
    expect(check).to_contain_text("here the check looks closer")
    expect(check).not_to_contain_text("0664")
    ada.emulate_media(color_scheme="dark")
    expect(ada.locator("body[data-jp-theme-light=false]")).to_be_attached()
    expect(ada.locator("#jupyterlab-splash")).to_have_count(0)
    seat.picture(ada, "exercises-dark")


def test_the_page_of_feedback_fits_a_phone(
    camp: Camp, ada: Page, motd: Locator, person: PageMaker
) -> None:
    folder = run(
        camp.seat("ada"), "sh", "-c", f"cat {FOLDER}/motd/feedback/*/motd.html"
    )
    for scheme in ("light", "dark"):
        phone = person(viewport={"width": 390, "height": 780}, color_scheme=scheme)
        phone.set_content(folder)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, "the page of feedback is wider than a phone"
        seat.picture(phone, f"feedback-phone-{scheme}")
