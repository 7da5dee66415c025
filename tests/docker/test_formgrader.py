"""Formgrader in a browser, as a camp's instructors have it."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.docker.grading_service import GradingService
from tests.docker.nbgrader_course import ANSWER, Course
from tests.requirements import need

pytestmark = pytest.mark.docker

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
EXTENSIONS = ("nbgrader.server_extensions.formgrader", "puppetcamp_lab.formgrader")


@pytest.fixture
def course(
    attendee_image: str, instance_labels: dict[str, str], tmp_path: Path
) -> Iterator[Course]:
    """Give a course with a service to grade it."""
    (tmp_path / "service").mkdir()
    (tmp_path / "course").mkdir()
    service = GradingService(
        tmp_path / "service", instance_labels["puppetcamp.instance"]
    )
    service.start()
    made = Course.make(tmp_path / "course")
    made.service = service.url
    yield made
    service.stop()


@pytest.fixture
def lab(course: Course) -> Iterator[str]:
    """Serve the course's folder with the extensions of an instructor's seat."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    extensions = json.dumps(dict.fromkeys(EXTENSIONS, True)).replace("true", "True")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "server", "--allow-root"),
            *("--no-browser", "--IdentityProvider.token=", f"--port={port}"),
            f"--ServerApp.jpserver_extensions={extensions}",
        ],
        cwd=course.folder,
        env=course.environment,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{address}/api")
            break
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def page() -> Iterator[Page]:
    """Open a browser."""
    need(Path(CHROMIUM).exists(), "Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def test_one_press_grades_all_and_shows_what_to_look_at(
    course: Course, lab: str, page: Page
) -> None:
    course.submit("ada", ANSWER)
    course.submit("bob", ANSWER)
    course.submit("mal").write_text("<script>alert(1)</script>", encoding="utf-8")
    page.goto(f"{lab}/formgrader/manage_submissions/first")
    expect(page.locator(".label-warning")).to_have_count(3)

    page.get_by_role("button", name="Autograde all").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    said = page.get_by_role("status")
    expect(said).to_contain_text("of 2 submissions have run", timeout=60_000)
    expect(said).to_contain_text(re.compile("^Done"), timeout=120_000)
    expect(page.locator(".label-success")).to_have_count(3)
    row = page.locator("tr", has=page.locator("td.student-id", has_text="ada"))
    expect(row.locator(".score")).to_have_text("3 / 3")
    expect(row.locator(".student-name")).to_have_text("ada")

    page.get_by_role("button", name="1 flag").press("Enter")
    expect(page.locator("#notes-modal")).to_contain_text("no notebook that can be read")
    found = httpx.get(f"{lab}/formgrader/api/submitted_notebooks/first/first").json()
    (mal,) = (book["id"] for book in found if book["student"] == "mal")
    page.goto(f"{lab}/formgrader/submissions/{mal}/")
    flags = page.locator("#camp-flags")
    expect(flags).to_contain_text("not graded, no points: first.ipynb")
    (ada,) = (book["id"] for book in found if book["student"] == "ada")
    page.goto(f"{lab}/formgrader/submissions/{ada}/")
    expect(page.get_by_role("button", name="Full credit")).to_be_visible()
    expect(flags).to_have_count(0)
