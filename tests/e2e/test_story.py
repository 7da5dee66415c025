"""One camp day, told through a real browser: the tests run in the order of the story.

An organizer opens a camp; Ada works through a lesson and solves the exercise; Bob hands
in a wrong answer; the instructor grades both; both read their feedback; and a camp
session ends on time.
"""

import json
import re
import time
from pathlib import Path
from urllib.parse import quote

import docker
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.camps import ROOT, Camp
from tests.e2e import seat
from tests.e2e.conftest import NAME, PageMaker

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

PASSWORDS = {"ada": "analytical-engine", "bob": "difference-engine"}
WRONG = "notice('I was here')\n"


def reference_answer() -> str:
    """Read the exercise's reference answer where the instructor wrote it."""
    path = ROOT / "exercises" / "source" / "motd" / "motd.ipynb"
    cells = json.loads(path.read_text())["cells"]
    answer = next(
        "".join(c["source"])
        for c in cells
        if c["metadata"].get("nbgrader", {}).get("grade_id") == "motd_answer"
    )
    return re.sub(r"### (BEGIN|END) SOLUTION\n?", "", answer)


@pytest.fixture
def staff(camp: Camp) -> dict[str, str]:
    """Give the staff's generated passwords."""
    return camp.passwords()


def enter(camp: Camp, page: Page, name: str, password: str = "") -> Page:
    """Sign in and wait for JupyterLab."""
    seat.sign_in(page, camp.link, name, password or PASSWORDS[name])
    seat.in_lab(page)
    return page


def test_the_organizer_gets_address_code_and_passwords(camp: Camp) -> None:
    assert "Camp Lovelace is open." in camp.said
    assert f"http://127.0.0.1:{camp.port}/" in camp.said
    assert "█" in camp.said, "no QR code was drawn"
    passwords = camp.passwords()
    assert set(passwords) == {"organizer", "instructor"}
    for password in passwords.values():
        assert len(password) >= 16
        assert password not in camp.said


def test_a_wrong_code_is_refused(camp: Camp, person: PageMaker) -> None:
    page = person()
    seat.sign_in(page, camp.url + "/hub/login?code=nono", "eve", "long-enough-1")
    expect(page.get_by_role("alert")).to_contain_text("code")
    seat.picture(page, "wrong-code")


def test_ada_signs_in_and_runs_a_lesson(camp: Camp, person: PageMaker) -> None:
    page = person()
    page.goto(camp.link)
    seat.picture(page, "sign-in")
    seat.sign_in(page, camp.link, "ada", PASSWORDS["ada"])
    page.wait_for_url(re.compile(r"/hub/spawn-pending/|/user/ada/"))
    if "spawn-pending" in page.url:
        expect(page.locator("body")).to_contain_text("machine")
        seat.picture(page, "waiting")
    seat.in_lab(page)
    assert "00_your_node" in page.url
    lesson = seat.open_notebook(page, camp.url, "ada", "lessons/01_resources.ipynb")
    code = lesson.locator(".jp-CodeCell")
    tables = 0
    for number in range(code.count()):
        cell = code.nth(number)
        seat.execute(page, cell)
        if cell.locator("table").count() and tables == 0:
            tables += 1
            seat.picture(page, "lesson")
    assert tables, "no cell of the lesson drew a table of resources"


def test_ada_solves_validates_and_submits(camp: Camp, person: PageMaker) -> None:
    page = enter(camp, person(), "ada")
    fetch(page)
    seat.picture(page, "assignment-list")
    panel = seat.open_notebook(page, camp.url, "ada", "exercises/motd/motd.ipynb")
    seat.rewrite_cell(page, panel, "write your manifest here", reference_answer())
    output = seat.run_cell(page, panel, "ensure => absent")
    expect(output).to_contain_text("File[/etc/motd]")
    expect(seat.run_cell(page, panel, "%%expect motd_file")).to_contain_text("passed")
    seat.picture(page, "exercise")
    seat.save(page)
    panel.get_by_text("Validate").first.click()
    dialog = page.locator(".jp-Dialog, .nbgrader-validate-dialog").last
    expect(dialog).to_contain_text("Success", timeout=seat.SLOW)
    page.keyboard.press("Escape")
    submit(page)


def test_bob_submits_a_wrong_answer(camp: Camp, person: PageMaker) -> None:
    page = enter(camp, person(), "bob")
    fetch(page)
    panel = seat.open_notebook(page, camp.url, "bob", "exercises/motd/motd.ipynb")
    seat.rewrite_cell(page, panel, "write your manifest here", WRONG)
    seat.save(page)
    submit(page)


def fetch(page: Page) -> None:
    """Fetch one of the released exercises through nbgrader's Assignment List."""
    listing = seat.assignment_list(page)
    row = listing.locator(".list_item", has_text="motd").first
    row.get_by_role("button", name="Fetch").click()
    fetched = listing.locator("#fetched_assignments_list")
    expect(fetched.get_by_text("motd").first).to_be_visible(timeout=seat.SLOW)


def submit(page: Page) -> None:
    """Submit the one fetched exercise through nbgrader's Assignment List."""
    listing = seat.assignment_list(page)
    listing.get_by_role("button", name="Submit").first.click()
    submitted = listing.locator("#submitted_assignments_list")
    expect(submitted.get_by_text("motd").first).to_be_visible(timeout=seat.SLOW)


def test_the_instructor_grades_both(
    camp: Camp, person: PageMaker, staff: dict[str, str]
) -> None:
    page = person(viewport={"width": 1500, "height": 1000})
    enter(camp, page, "instructor", staff["instructor"])
    frame = seat.formgrader(page)
    row = frame.locator("tr", has_text="motd")
    row.locator("td.collect a").click()
    close_modal(frame)
    expect(row.locator("td.num-submissions")).to_have_text("2", timeout=seat.SLOW)
    seat.picture(page, "formgrader")
    row.locator("td.num-submissions a").click()
    for name in PASSWORDS:
        graded = frame.locator("tr", has_text=name)
        graded.locator("td.autograde a").click()
        close_modal(frame)
    expect(frame.locator("tr", has_text="ada").locator("td.score")).to_have_text(
        re.compile(r"5(\.0)? / 5"), timeout=seat.SLOW
    )
    expect(frame.locator("tr", has_text="bob").locator("td.score")).to_have_text(
        re.compile(r"0(\.0)? / 5"), timeout=seat.SLOW
    )
    frame.locator("tr", has_text="bob").scroll_into_view_if_needed()
    seat.picture(page, "graded")
    frame.get_by_role("link", name="Manage Assignments").first.click()
    row.locator("td.generate-feedback a").click()
    close_modal(frame)
    row.locator("td.release-feedback a").click()
    close_modal(frame)


def close_modal(frame: seat.FrameLocator) -> None:
    """Wait for nbgrader's word of success and close it."""
    modal = frame.locator(".modal.in").last
    expect(modal).to_contain_text("Success", timeout=seat.SLOW)
    modal.get_by_role("button", name=re.compile("OK|Close")).last.click()
    expect(frame.locator(".modal-backdrop")).to_have_count(0, timeout=seat.SLOW)


@pytest.mark.parametrize(("name", "score"), [("ada", "5"), ("bob", "0")])
def test_both_read_their_feedback(
    camp: Camp, person: PageMaker, engine: docker.DockerClient, name: str, score: str
) -> None:
    page = enter(camp, person(), name)
    listing = seat.assignment_list(page)
    listing.get_by_role("button", name="Fetch Feedback").first.click()
    # Not "visible": a tab that was still opening may have come in front meanwhile.
    expect(listing.get_by_text(re.compile("View Feedback", re.I)).first).to_be_attached(
        timeout=seat.SLOW
    )
    box = engine.containers.get(f"{camp.instance}-seat-{name}")
    found = box.exec_run(
        ["sh", "-c", "cd /home/attendee && ls -d exercises/motd/feedback/*"]
    )
    folder = found.output.decode().strip()
    page.goto(f"{camp.url}/user/{name}/files/{quote(folder)}/motd.html")
    expect(page.locator("body")).to_contain_text(f"You earned {score} of 5")
    seat.picture(page, f"feedback-{name}")


def test_opening_again_disturbs_nobody(
    camp: Camp, engine: docker.DockerClient, person: PageMaker
) -> None:
    page = enter(camp, person(), "ada")
    panel = seat.open_notebook(page, camp.url, "ada", "lessons/00_your_node.ipynb")
    seat.run_cell(page, panel, "hello.txt")
    before = engine.containers.get(f"{camp.instance}-seat-ada").id
    engine.containers.get(f"{camp.instance}-hub").restart()
    # While the hub is away, cells run as before.
    seat.run_cell(page, panel, "hello.txt")
    began = time.monotonic()
    camp.open()
    print(f"make camp again: {time.monotonic() - began:.1f} s")
    seat.run_cell(page, panel, "hello.txt")
    assert engine.containers.get(f"{camp.instance}-seat-ada").id == before


def test_a_camp_session_ends_on_time(
    camp: Camp, person: PageMaker, engine: docker.DockerClient
) -> None:
    camp.write('[session]\nlength = "60s"\nidle_timeout = "1m"', name=NAME)
    camp.open()
    page = person()
    seat.sign_in(page, camp.link, "cleo", "sixty-seconds")
    seat.in_lab(page)
    name = f"{camp.instance}-seat-cleo"
    began = session_start(page, camp)
    assert is_running(engine, name)
    while time.time() < began + 58:
        assert is_running(engine, name), "stopped early"
        time.sleep(0.5)
    until = began + 60 + 20
    while is_running(engine, name):
        assert time.time() < until, "20 s late and still running"
        time.sleep(0.5)
    ended = time.time()
    print(f"stopped {ended - began:.1f} s after the session began")
    page.goto(camp.url + "/hub/spawn/cleo")
    expect(page.locator("body")).to_contain_text("Your time is up")
    expect(page.locator("body")).to_contain_text("kept")
    seat.picture(page, "time-is-up")
    assert not is_running(engine, name)


def test_an_unused_seat_is_stopped(camp: Camp, engine: docker.DockerClient) -> None:
    # The instructor has no deadline, and closed the browser long ago.
    name = f"{camp.instance}-seat-instructor"
    until = time.monotonic() + 180
    while is_running(engine, name):
        assert time.monotonic() < until, "nobody stopped the unused seat"
        time.sleep(1)
    log = engine.containers.get(f"{camp.instance}-hub").logs().decode()
    assert re.search(r"Culling server instructor", log)


def session_start(page: Page, camp: Camp) -> float:
    """Read from the camp's ledger when the attendee's session began, in Unix time."""
    client = docker.from_env()
    script = (
        "from puppetcamp.database import open_engine\n"
        "from puppetcamp.sessions.ledger import Ledger\n"
        "from puppetcamp.place import Place\n"
        "engine = open_engine(Place.from_environment().camp_database)\n"
        "print(Ledger(engine).current('cleo', None).started.timestamp())\n"
    )
    hub = client.containers.get(f"{camp.instance}-hub")
    done = hub.exec_run(["python", "-c", script])
    client.close()
    assert done.exit_code == 0, done.output
    return float(done.output)


def is_running(engine: docker.DockerClient, name: str) -> bool:
    """Tell whether a container runs."""
    try:
        return bool(engine.containers.get(name).status == "running")
    except docker.errors.NotFound:
        return False


def test_the_pages_fit_a_phone_and_the_dark(camp: Camp, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 780}, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(camp.link)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, "the sign-in page is wider than a phone"
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", background)[:3]) < 100
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.tagName")
    assert focused in {"A", "BUTTON", "INPUT"}
    page.screenshot(path=Path(seat.PICTURES) / "sign-in-phone-dark.png")
    context.close()
