"""One class on every screen: attendees, the desk and an instructor, in a real browser.

The tests run in the order of one day in one camp, from closed doors to the end.
"""

import re
import time
from collections.abc import Callable, Iterator

import docker
import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.camps import PASSWORD, Camp, Visitor, a_camp, run, until
from tests.e2e import screens, seat, shortcuts
from tests.e2e.conftest import PageMaker
from tests.e2e.screens import CLOCK, SOON, banner, desk_left, do, lab_left, row, status

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

NAME = "Camp Hopper"
TOML = '[session]\nlength = "2h"\n[extensions]\nown = 1\n[desk]\nprogress = true'


@pytest.fixture(scope="module")
def camp(engine: docker.DockerClient) -> Iterator[Camp]:
    """Open a camp that shows progress, whose attendees may ask for time once."""
    with a_camp(engine) as camp:
        camp.write(TOML, name=NAME)
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def desk(camp: Camp, windows: PageMaker) -> Page:
    """Open the organizer's desk, before anybody comes."""
    page = screens.at_the_desk(camp, windows(), "organizer")
    page.on("pageerror", lambda error: pytest.fail(f"the desk: {error}"))
    return page


@pytest.fixture(scope="module")
def warmed(camp: Camp, desk: Page) -> set[str]:
    """Warm two seats at the desk, and name their containers."""
    do(desk, "Warm seats …", "Warm them", **{"Seats for whoever comes": "2"})
    expect(desk.locator("#warm")).to_contain_text("2 ready", timeout=seat.SLOW)
    staff = (camp.deployment.hub_container, camp.deployment.proxy_container)
    return {str(c.id) for c in camp.containers() if c.name not in staff}


@pytest.fixture(scope="module")
def ada(camp: Camp, windows: PageMaker, warmed: set[str]) -> Page:
    """Let Ada in and open her JupyterLab."""
    page = windows()
    seat.sign_in(page, camp.link, "ada", PASSWORD)
    seat.in_lab(page)
    expect(status(page)).to_have_text(CLOCK, timeout=seat.SLOW)
    return page


@pytest.fixture(scope="module")
def bob(camp: Camp, warmed: set[str]) -> Visitor:
    """Let Bob in, without a browser."""
    return camp.arrive("bob")


@pytest.fixture(scope="module")
def instructor(camp: Camp, windows: PageMaker, ada: Page) -> Page:
    """Open the instructor's desk."""
    page = screens.at_the_desk(camp, windows(), "instructor")
    expect(row(page, "ada")).to_be_visible()
    return page


def test_closed_doors_keep_newcomers_out(desk: Page, camp: Camp) -> None:
    do(desk, "Close doors …", "Close the doors")
    expect(desk.locator("#doors")).to_contain_text("Closed", timeout=SOON)
    late = camp.visit("late")
    assert "doors" in late.http.get("/hub/spawn").text
    desk.get_by_role("button", name="Open doors").click()
    expect(desk.locator("#doors")).to_contain_text("Open", timeout=SOON)


def test_who_comes_to_warm_seats_works_in_them(
    desk: Page, camp: Camp, warmed: set[str], ada: Page, bob: Visitor
) -> None:
    assert {camp.seat("ada").id, camp.seat("bob").id} == warmed
    do(desk, "Warm seats …", "Warm them", **{"Seats for whoever comes": "0"})
    expect(desk.locator("#warm")).to_have_text(re.compile("0 ready"), timeout=SOON)
    for name in ("ada", "bob"):
        expect(row(desk, name)).to_contain_text("At work", timeout=SOON)
    # A name on the page, a kernel and a file of hers: the seat is Ada's altogether.
    cell = ada.locator(".jp-CodeCell").first
    seat.execute(ada, cell)
    expect(row(desk, "ada").locator(".done")).to_contain_text(
        "00_your_node: 1 cell", timeout=SOON
    )
    assert not [c.name for c in camp.containers() if "warm" in str(c.name)]


def test_the_same_time_is_shown_everywhere(camp: Camp, desk: Page, ada: Page) -> None:
    box = camp.seat("ada")
    home = ada.context.new_page()
    home.goto(f"{camp.url}/hub/home")
    prompt = ("bash", "-lic", "camp_prompt; echo $CAMP_PROMPT")
    places: dict[str, Callable[[], str]] = {
        "the command": lambda: run(box, "camp", user="attendee"),
        "the prompt": lambda: run(box, *prompt, user="attendee"),
        "the start page": lambda: screens.ticked(home, home.locator("#camp-left")),
        "the status bar": lambda: screens.ticked(ada, status(ada)),
        "the desk": lambda: screens.ticked(desk, screens.time_of(desk, "ada")),
    }
    ends = {}
    for place, read in places.items():
        left = screens.seconds_in(read())
        assert 7000 < left <= 7200, place
        ends[place] = time.monotonic() + left
    # They were read one after the other; a second passes between two roundings.
    assert max(ends.values()) - min(ends.values()) <= 2, ends
    home.close()


def test_what_the_camp_hears_of_progress_is_told(ada: Page) -> None:
    ada.bring_to_front()
    ada.locator(".camp-Status-button").click()
    told = ada.get_by_role("dialog", name="Your camp session")
    expect(told).to_contain_text("which checks passed")
    expect(told).to_be_in_viewport(ratio=1)
    seat.picture(ada, "time-left")
    ada.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(ada.locator(".camp-Status-button")).to_be_focused()


def test_the_time_is_read_on_a_phone(ada: Page) -> None:
    """JupyterLab by itself lets a narrow status bar run out of the window."""
    for width in (640, 360):
        ada.set_viewport_size({"width": width, "height": 740})
        expect(status(ada)).to_be_in_viewport(ratio=1)
    seat.picture(ada, "time-left-phone")
    ada.set_viewport_size({"width": 1280, "height": 800})


def test_a_class_gets_fifteen_minutes_more(desk: Page, ada: Page) -> None:
    before = {name: desk_left(desk, name) for name in ("ada", "bob")}
    lab_before = lab_left(ada)
    expect(desk.locator("#bar-who")).to_contain_text("Everybody")
    do(desk, "More time …", "Give the time")
    for name, left in before.items():
        until(
            lambda name=name, left=left: desk_left(desk, name) > left + 800,
            f"{name}'s time at the desk",
        )
    until(lambda: lab_left(ada) > lab_before + 800, "Ada's time in her JupyterLab")
    shown = {desk_left(desk, "ada"), lab_left(ada)}
    assert max(shown) - min(shown) <= 1, shown
    assert max(shown) <= before["ada"] + 900
    expect(desk.locator("#toasts")).to_contain_text("15 minutes")
    seat.picture(desk, "desk-extended")
    seat.picture(ada, "lab-extended")
    screens.got_it(ada, "15 minutes more")


def test_a_message_to_one_reaches_that_one(desk: Page, ada: Page) -> None:
    desk.get_by_role("checkbox", name="Choose ada").check()
    do(desk, "Message …", "Send", Message="Break at <b>ten</b>, coffee is outside.")
    expect(banner(ada)).to_contain_text(
        "Break at <b>ten</b>, coffee is outside.", timeout=SOON
    )
    screens.got_it(ada, "coffee is outside")
    desk.get_by_role("button", name="Choose nobody").click()


def test_a_paused_clock_stands_still_on_both_screens(desk: Page, ada: Page) -> None:
    do(desk, "Pause clock …", "Pause")
    expect(desk.locator("#pause")).to_contain_text("Paused", timeout=SOON)
    expect(ada.locator(".camp-Status")).to_contain_text("paused", timeout=SOON)
    still = desk_left(desk, "ada")
    desk.wait_for_timeout(1500)
    assert desk_left(desk, "ada") == lab_left(ada) == still
    desk.get_by_role("button", name="Let it run").click()
    expect(ada.locator(".camp-Status")).not_to_contain_text("paused", timeout=SOON)
    until(lambda: desk_left(desk, "ada") < still, "the clock to run again")


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


def test_an_instructor_looks_only_while_the_attendee_agrees(
    instructor: Page, desk: Page, ada: Page, camp: Camp
) -> None:
    address = f"{camp.url}/user/ada/lab"
    files = f"{camp.url}/user/ada/api/contents/lessons"
    assert instructor.request.get(address).status == 403
    sheet = screens.ask_to_look(instructor, "ada")
    with ada.expect_popup() as opened:
        banner(ada).get_by_role("link").last.click()
    answer = opened.value
    answer.get_by_role("button", name="Agree").click()
    link = sheet.get_by_role("link", name="Open their JupyterLab")
    expect(link).to_be_visible(timeout=SOON)
    with instructor.expect_popup() as opened:
        link.click()
    look = opened.value
    channels: list[WebSocket] = []
    look.on("websocket", lambda channel: channels.append(channel))
    # The hub asks staff, too, whether another's server may know who they are.
    look.get_by_role("button", name="Authorize").click()
    seat.in_lab(look)
    # They see what Ada sees, her lesson and her time, and could run her cells.
    look.get_by_role("tab", name="00_your_node.ipynb").click()
    until(lambda: screens.pumped(look) and channels, "a channel to her kernel")
    expect(status(look)).to_have_text(CLOCK, timeout=SOON)
    assert abs(lab_left(look) - lab_left(ada)) <= 5
    assert look.request.get(files).status == 200
    answer.get_by_role("button", name="End it now").click()
    expect(link).to_be_hidden(timeout=SOON)
    until(lambda: look.request.get(files).status == 403, "the door to close", 30)
    until(
        lambda: screens.pumped(look) and all(one.is_closed() for one in channels),
        "the end of what the instructor had open",
    )
    look.reload()
    expect(look.locator("body")).to_contain_text("403")
    look.close()
    answer.close()
    assert instructor.request.get(address).status == 403
    instructor.keyboard.press("Escape")
    screens.got_it(ada, "asks to open your JupyterLab")


def test_the_log_tells_who_did_what(desk: Page) -> None:
    desk.get_by_text("What was done").click()
    log = desk.locator("#audit-list")
    for deed in (
        "organizer opened the doors",
        "organizer set the warm seats",
        "organizer gave more time to everybody",
        "organizer sent a message to ada",
        "organizer paused the class clock",
        "instructor asked to open the JupyterLab of ada",
        "ada changed who may open the JupyterLab of ada",
    ):
        expect(log).to_contain_text(deed, timeout=SOON)


def test_a_restart_keeps_work_and_time(desk: Page, camp: Camp) -> None:
    before, left = camp.seat("bob"), desk_left(desk, "bob")
    run(before, "sh", "-c", "echo mine > /home/attendee/kept; touch /etc/lost")
    desk.get_by_role("checkbox", name="Choose bob").check()
    do(desk, "Restart machine …", "Restart")
    until(lambda: screens.is_fresh(camp, "bob", str(before.id)), "Bob's new seat")
    after = camp.seat("bob")
    assert run(after, "cat", "/home/attendee/kept").strip() == "mine"
    run(after, "test", "-e", "/etc/lost", code=1)
    expect(row(desk, "bob")).to_contain_text("At work", timeout=60_000)
    assert desk_left(desk, "bob") <= left
    desk.get_by_role("button", name="Choose nobody").click()


def test_a_warning_is_seen_and_steals_no_keystroke(camp: Camp, ada: Page) -> None:
    ada.bring_to_front()
    cell = ada.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click()
    ada.keyboard.press("Control+A")
    shortcuts.leave(camp, "ada", 603)
    typed = ""
    deadline = time.monotonic() + SOON / 1000
    while not banner(ada).get_by_text("left of your camp session").is_visible():
        assert time.monotonic() < deadline, "no warning"
        typed += "still typing "
        ada.keyboard.type("still typing ", delay=20)
    ada.keyboard.type("end")
    expect(cell.locator(".cm-content")).to_have_text(typed + "end")
    assert ada.evaluate("document.activeElement.closest('.jp-CodeCell') !== null")
    assert 560 < screens.seconds_in(banner(ada).inner_text()) <= 600
    expect(ada.locator(".camp-Announcer")).to_contain_text("10 minutes left")
    seat.picture(ada, "ten-minutes-left")
    screens.got_it(ada, "left of your camp session")


def test_more_time_is_one_click_away(camp: Camp, ada: Page) -> None:
    shortcuts.leave(camp, "ada", 301)
    expect(ada.locator(".camp-Announcer")).to_contain_text(
        "5 minutes left", timeout=SOON
    )
    before = lab_left(ada)
    banner(ada).get_by_role("button", name="Ask for more time").click()
    expect(banner(ada)).to_contain_text("You have 15 minutes more.")
    after = lab_left(ada)
    assert before + 890 < after <= before + 900
    expect(banner(ada).get_by_text("left of your")).to_have_count(0)
    # Once is what the rules allow.
    ada.locator(".camp-Status-button").click()
    told = ada.get_by_role("dialog", name="Your camp session")
    expect(told.get_by_role("button", name="Ask for more time")).to_have_count(0)
    ada.keyboard.press("Escape")
    screens.got_it(ada, "15 minutes more")


def test_who_rests_is_asked_and_may_stay(camp: Camp, ada: Page) -> None:
    seat.save(ada)
    asked = shortcuts.rest_until_asked(camp, ada, "ada")
    assert 200 < screens.seconds_in(asked.inner_text()) <= 300
    seat.picture(ada, "still-there")
    asked.get_by_role("button", name="still here").click()
    expect(asked).to_be_hidden(timeout=SOON)
    # Whoever has answered is not asked again at the next look.
    shortcuts.look_for_idle_servers(camp)
    ada.wait_for_timeout(3000)
    expect(asked).to_be_hidden()


def test_who_does_not_answer_loses_no_work(camp: Camp, ada: Page) -> None:
    left = lab_left(ada)
    shortcuts.rest_until_stopped(camp, ada, "ada")
    told = ada.get_by_role("dialog").filter(
        has_text="Your server was stopped, since nobody used it"
    )
    expect(told).to_be_visible(timeout=seat.SLOW)
    seat.picture(ada, "stopped-idle")
    told.get_by_role("button", name="Start again").click()
    ada.wait_for_url("**/user/ada/lab/**", timeout=seat.SLOW)
    seat.in_lab(ada)
    expect(status(ada)).to_have_text(CLOCK, timeout=seat.SLOW)
    assert left - 240 < lab_left(ada) < left
    ada.get_by_role("tab", name="00_your_node.ipynb").click()
    expect(ada.locator(".jp-CodeCell").first).to_contain_text("still typing end")


def test_at_the_end_everything_is_saved_and_said(camp: Camp, ada: Page) -> None:
    shortcuts.leave(camp, "ada", 40)
    screens.last_minute(ada)
    if lab_left(ada) > 20:
        shortcuts.leave(camp, "ada", 18)
    until(lambda: lab_left(ada) <= 12, "the last seconds", 40)
    seat.rewrite_first(ada, "notice('my very last words')")
    ended = ada.get_by_role("dialog", name="Your camp session has ended")
    expect(ended).to_be_visible(timeout=seat.SLOW)
    expect(ended).to_contain_text("Everything that was open here was saved")
    link = ended.get_by_role("link", name="Take your work home")
    # Whoever is still typing is not led away, and is one key from what comes next.
    ada.keyboard.press("Enter")
    ada.keyboard.press("Tab")
    expect(link).to_be_focused()
    seat.picture(ada, "the-end")
    until(lambda: not screens.runs(camp, "ada"), "the end of the seat", 20)
    # Nothing that JupyterLab says of lost connections comes in front of it.
    expect(ended).to_be_in_viewport(ratio=1)
    link.click()
    ada.wait_for_url("**/services/camp/take-home**")
    expect(ada.get_by_role("heading", name="Your time is over")).to_be_visible()


def test_the_end_for_everybody_wants_the_camps_name(desk: Page, camp: Camp) -> None:
    desk.get_by_role("checkbox", name="Choose bob").check()
    question = screens.ask(desk, "End session …")
    expect(question).to_contain_text("For bob.")
    expect(question.get_by_label("Type the camp's name")).to_have_count(0)
    question.get_by_role("button", name="Cancel").click()
    desk.get_by_role("button", name="Choose nobody").click()
    question = screens.ask(desk, "End session …", **{"Type the camp's name": "hopper"})
    question.get_by_role("button", name="End the session").click()
    expect(question.get_by_role("alert")).to_contain_text(f"Type {NAME} to go on")
    assert desk_left(desk, "bob") > 7000
    question.get_by_label("Type the camp's name").fill(NAME)
    question.get_by_role("button", name="End the session").click()
    expect(question).to_be_hidden(timeout=SOON)
    # A few seconds are left, for what Bob has open to be saved.
    until(lambda: desk_left(desk, "bob") <= 15, "the end of Bob's session")
    until(lambda: not screens.runs(camp, "bob"), "the end of Bob's seat", 40)


def test_the_work_is_taken_home(ada: Page) -> None:
    """The page, which was opened before, goes on by itself."""
    ada.bring_to_front()
    download = ada.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=seat.SLOW)
    seat.picture(ada, "take-home")
    ada.set_viewport_size({"width": 360, "height": 740})
    expect(download).to_be_in_viewport(ratio=1)
    with ada.expect_download() as found:
        download.click()
    assert found.value.suggested_filename == "take-home-ada.zip"
    screens.look_into(found.value.path(), "my very last words")
