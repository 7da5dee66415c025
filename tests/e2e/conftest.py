"""A real camp, opened as an organizer opens it, and a real browser."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import docker
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.camps import ROOT, Camp
from tests.requirements import need

FAILED = pytest.StashKey[bool]()
NAME = "Camp Lovelace"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Give a client of this machine's Docker Engine."""
    need(shutil.which("docker"), "the docker command is missing")
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="module")
def camp(engine: docker.DockerClient) -> Iterator[Camp]:
    """Open a camp of this test's own; remove all of it in the end, as people do."""
    camp = Camp(engine)
    camp.write('[session]\nlength = "3h"\nidle_timeout = "45m"', name=NAME)
    try:
        camp.open()
        yield camp
        cleaned = camp.make("clean", f"{camp.instance}\n")
        assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
        assert camp.leftovers() == []
    finally:
        camp.remove()


# Playwright keeps an event loop running as long as it lives: no longer than the story,
# or tests with loops of their own fail after it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start this machine's Chromium."""
    need(Path(CHROMIUM).exists(), "Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember on the test how it went, for the pictures of failures."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator["PageMaker"]:
    """Give a function that opens a browser window with cookies of its own."""
    maker = PageMaker(browser)
    yield maker
    if request.node.stash.get(FAILED, False):
        maker.photograph(ROOT / "test-results", request.node.name)
    maker.close()


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator["PageMaker"]:
    """Give windows that stay open from test to test."""
    maker = PageMaker(browser)
    yield maker
    maker.close()


class PageMaker:
    """Open windows that know nothing of each other."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(self, **options: object) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = self._browser.new_context(**options)  # type: ignore[arg-type]
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        return page

    def photograph(self, folder: Path, name: str) -> None:
        """Keep a picture of every window, to see why a test failed."""
        folder.mkdir(exist_ok=True)
        for number, context in enumerate(self._contexts):
            context.pages[0].screenshot(path=folder / f"{name}-{number}.png")

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()
