"""`make rehearse` to its end and not to its end: of its camp nothing is left."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator

import pytest
from docker import DockerClient

from puppetcamp.deployment import Deployment
from puppetcamp.rehearsal.rehearse import SUFFIX
from tests.camps import ROOT, Camp, a_camp

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.fixture
def camp(engine: DockerClient, attendee_image: str) -> Iterator[Camp]:
    """Give the camp that is rehearsed, which is not open."""
    with a_camp(engine) as camp:
        camp.write()
        yield camp


@pytest.fixture
def rehearsal(camp: Camp, engine: DockerClient) -> Iterator[Camp]:
    """Give the rehearsal's own camp; whatever is left of it goes in the end."""
    with a_camp(engine) as own:
        own.deployment = Deployment(camp.instance + SUFFIX)
        yield own


def test_ctrl_c_in_the_middle_leaves_nothing(camp: Camp, rehearsal: Camp) -> None:
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [*camp.command("rehearse"), "SEATS=2"],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as rehearsing:
        os.close(terminal)
        said = _read(keyboard, until="then all click at once")
        assert rehearsal.started(), said
        os.write(keyboard, b"\x03")
        said += _read(keyboard)
        rehearsing.wait(60)
    os.close(keyboard)
    assert rehearsing.returncode != 0
    assert "Interrupted" in said
    assert "Traceback" not in said, said
    assert rehearsal.leftovers() == []


def test_no_go_says_why_and_leaves_nothing(camp: Camp, rehearsal: Camp) -> None:
    done = subprocess.run(
        [*camp.command("rehearse"), "SEATS=1", "LESSONS=99"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode != 0, done.stdout
    assert "In: 1 of 1" in done.stdout, done.stdout + done.stderr
    assert re.search(r"memory, idle +[1-9]\d+ MiB", done.stdout), done.stdout
    _, against = done.stdout.split("NO GO\n")
    assert "did not succeed in 1 of 1 seats: there is no lesson 99." in against
    assert "Traceback" not in done.stdout + done.stderr
    assert rehearsal.leftovers() == []


def _read(terminal: int, until: str = "") -> str:
    """Read what a terminal shows, up to some words or to its end."""
    said = ""
    while not (until and until in said):
        try:
            shown = os.read(terminal, 4096)
        except OSError:  # nobody writes to it any more
            shown = b""
        if not shown:
            assert not until, said
            break
        said += shown.decode(errors="replace")
    return said
