"""A real camp, opened as an organizer opens it, and a real browser."""

import os
import re
import secrets
import shutil
import socket
import stat
import subprocess
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from puppetcamp.deployment import Deployment
from tests.requirements import need

FAILED = pytest.StashKey[bool]()
ROOT = Path(__file__).parent.parent.parent
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


@dataclass
class Camp:
    """A camp that was opened by `make camp` in a folder of its own."""

    instance: str
    folder: Path
    port: int
    internal_port: int
    said: str = ""

    def write(self, length: str, idle: str = "45m") -> None:
        """Write the camp.toml: on loopback, on free ports, as long as asked."""
        (self.folder / "camp.toml").write_text(
            '[camp]\nname = "Camp Lovelace"\n'
            f'[session]\nlength = "{length}"\nidle_timeout = "{idle}"\n'
            f'[server]\naddress = "127.0.0.1"\nport = {self.port}\n'
            f"internal_port = {self.internal_port}\n"
        )

    def make(self, verb: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the Makefile's verbs for this camp."""
        return subprocess.run(
            ["make", "--no-print-directory", verb, f"INSTANCE={self.instance}"]
            + ([f"CAMP={self.folder / 'camp.toml'}"] if verb == "camp" else []),
            cwd=ROOT,
            input=words,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def open(self) -> None:
        """Open the camp, or bring it up to date."""
        done = self.make("camp")
        assert done.returncode == 0, done.stdout + done.stderr
        self.said = done.stdout

    @property
    def link(self) -> str:
        """Give the link that carries the join code."""
        found = re.search(r"Link +(\S+)", self.said)
        assert found, self.said
        return found[1]

    @property
    def address(self) -> str:
        """Give the address that attendees type."""
        return f"http://127.0.0.1:{self.port}"

    def passwords(self) -> dict[str, str]:
        """Read the staff's passwords where `make camp` says they lie."""
        path = ROOT / ".camp" / f"{self.instance}-passwords.txt"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        lines = path.read_text().splitlines()
        return dict(line.split() for line in lines if line and line[0] != "#")


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Give a client of this machine's Docker Engine."""
    need(shutil.which("docker"), "the docker command is missing")
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="module")
def camp(engine: docker.DockerClient) -> Iterator[Camp]:
    """Open a camp of this test's own; remove all of it in the end."""
    instance = f"e2e-{secrets.token_hex(3)}"
    folder = ROOT / ".build" / instance
    folder.mkdir(parents=True)
    camp = Camp(instance, folder, free_port(), free_ports(3))
    camp.write("3h")
    try:
        camp.open()
        yield camp
    finally:
        if os.environ.get("KEEP_CAMP") != "1":
            cleaned = camp.make("clean", f"{instance}\n")
            (ROOT / ".camp" / f"{instance}-passwords.txt").unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
            assert leftovers(engine, instance) == []


def leftovers(engine: docker.DockerClient, instance: str) -> list[str]:
    """List what of a camp is still on this machine."""
    deployment = Deployment(instance)
    own = {"label": deployment.label}
    return [
        *(c.name for c in engine.containers.list(all=True, filters=own)),
        *(v.name for v in engine.volumes.list(filters=own)),
        *(n.name for n in engine.networks.list(filters=own)),
    ]


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> int:
    """Find the first of several ports in a row that nobody uses."""
    for first in range(20000 + os.getpid() % 1000 * 10, 60000, count):
        probes = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("0.0.0.0", first + offset))  # noqa: S104 -- as the camp does
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
        return first
    pytest.fail("no free ports in a row")


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
