"""What breaks in a class: proxy, hub and service are killed, the disk is full.

One camp meets one fault after the other, with somebody at work all the time. Its state
lies on a small disk in memory, which a helper fills.
"""

import time
from collections.abc import Iterator

import httpx
import pytest
from docker import DockerClient
from docker.models.containers import Container

from puppetcamp import reserve
from tests.camps import Camp, Visitor, a_camp, run, until

pytestmark = pytest.mark.docker

LENGTH = 3600.0
NOTICE = 12.0
"""Seconds from the moment at which the disk is full to Ada's deadline."""

LATE = 30.0

_SET_DEADLINE = """
import datetime, sys
from sqlalchemy import select
from sqlalchemy.orm import Session
from puppetcamp.clock import camp_clock
from puppetcamp.database import open_engine
from puppetcamp.place import Place
from puppetcamp.sessions.tables import CampSessionRow
engine = open_engine(Place.from_environment().camp_database)
with Session(engine) as db, db.begin():
    [row] = db.scalars(select(CampSessionRow))
    row.started = camp_clock(engine)() - datetime.timedelta(seconds=float(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def camp(engine: DockerClient, attendee_image: str) -> Iterator[Camp]:
    """Open a camp whose state lies on a disk of 32 MiB."""
    with a_camp(engine) as camp:
        own = camp.deployment.labels
        engine.volumes.create(
            camp.deployment.state_volume,
            driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=32m"},
            labels=own,
        )
        # It is there as long as somebody uses it.
        engine.containers.run(
            camp.deployment.hub_image,
            ["sleep", "infinity"],
            name=f"{camp.instance}-disk",
            detach=True,
            init=True,
            network_mode="none",
            labels=own,
            volumes={camp.deployment.state_volume: {"bind": "/disk", "mode": "rw"}},
        )
        camp.write(more=f'[session]\nlength = "{LENGTH:.0f}s"')
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def ada(camp: Camp) -> Visitor:
    """Let Ada begin, and make something."""
    ada = camp.arrive("ada")
    run(camp.seat("ada"), "sh", "-c", "echo mine > /home/attendee/kept")
    return ada


@pytest.fixture
def seat(camp: Camp, ada: Visitor) -> Iterator[str]:
    """Give the id of Ada's container, which a fault leaves alone."""
    before = str(camp.seat("ada").id)
    yield before
    assert camp.seat("ada").id == before


def test_the_proxy_is_killed(camp: Camp, ada: Visitor, seat: str) -> None:
    _kill(camp, camp.container(camp.deployment.proxy_container), "")
    # JupyterHub by itself would see to it after a minute.
    until(lambda: _at_work(ada), "Ada's page, after the proxy was killed", 25)


def test_the_hub_is_killed(camp: Camp, ada: Visitor, seat: str) -> None:
    since = _began(camp)
    _kill(camp, camp.container(camp.deployment.hub_container), "")
    assert _at_work(ada), "Ada could not work while the hub was gone"
    until(lambda: _answers(ada, "/hub/health"), "the hub")
    until(lambda: _answers(ada, "/services/camp/health"), "the service")
    assert _at_work(ada)
    assert _began(camp) == since, "Ada's time began anew"


def test_the_service_is_killed(camp: Camp, ada: Visitor, seat: str) -> None:
    hub = camp.container(camp.deployment.hub_container)
    until(lambda: _process(hub, "puppetcamp.service"), "the service")
    before = _process(hub, "puppetcamp.service")
    _kill(camp, hub, "puppetcamp.service")
    until(lambda: _process(hub, "puppetcamp.service") not in {"", before}, "a new one")
    until(lambda: _answers(ada, "/services/camp/health"), "the service")
    assert _at_work(ada)


def test_the_disk_is_full_at_the_deadline(camp: Camp, ada: Visitor) -> None:
    hub = camp.container(camp.deployment.hub_container)
    disk = camp.container(f"{camp.instance}-disk")
    until(lambda: _process(hub, "puppetcamp.service"), "the service")
    run(hub, "python", "-c", _SET_DEADLINE, str(LENGTH - NOTICE))
    deadline = time.monotonic() + NOTICE
    run(disk, "sh", "-c", "cat /dev/zero > /disk/filler; true")
    # Nothing but what the service held back, if it has given that up by now.
    available = run(disk, "df", "--block-size=1", "--output=avail", "/disk")
    assert int(available.split()[-1]) <= reserve.SIZE
    name = camp.deployment.seat_container("ada")
    at_work_until = time.monotonic()
    while name in {container.name for container in camp.containers()}:
        at_work_until = time.monotonic()
        assert at_work_until < deadline + LATE, "Ada is still there"
        time.sleep(0.1)
    assert at_work_until > deadline - 2, "Ada was sent away early"
    run(disk, "rm", "/disk/filler")
    until(lambda: "time" in ada.http.get("/hub/home").text, "the page with her end")
    kept = camp.engine.containers.run(
        camp.deployment.attendee_image,
        ["cat", "/home/attendee/kept"],
        remove=True,
        network_mode="none",
        volumes=[f"{camp.deployment.home_volume('ada')}:/home/attendee"],
    )
    assert kept == b"mine\n"
    until(lambda: _answers(ada, "/services/camp/health"), "the service, after all that")


def _at_work(visitor: Visitor) -> bool:
    try:
        return visitor.is_at_work()
    except httpx.HTTPError:
        return False


def _answers(visitor: Visitor, path: str) -> bool:
    try:
        return visitor.http.get(path).status_code == 200
    except httpx.HTTPError:
        return False


def _process(container: Container, words: str) -> str:
    """Find a process of a container by its command; give its number on the host."""
    container.reload()
    if container.status != "running":
        return ""
    # It may end at this very moment: then nothing is listed.
    listed = container.top(ps_args="-eo pid,args")["Processes"] or []
    found = [row[0] for row in listed if words in row[1] and "tini" not in row[1]]
    return str(found[0]) if found else ""


def _kill(camp: Camp, container: Container, words: str) -> None:
    """Kill a container's first process from outside, or the one with these words."""
    number = (
        _process(container, words) if words else str(container.attrs["State"]["Pid"])
    )
    camp.engine.containers.run(
        camp.deployment.hub_image,
        ["python", "-c", f"import os, signal; os.kill({number}, signal.SIGKILL)"],
        remove=True,
        pid_mode="host",
        network_mode="none",
    )


def _began(camp: Camp) -> str:
    script = (
        "import sqlite3; from puppetcamp.place import Place; "
        "db = sqlite3.connect(Place.from_environment().root / 'camp.sqlite'); "
        "print(db.execute('select started from camp_session').fetchall())"
    )
    return run(camp.container(camp.deployment.hub_container), "python", "-c", script)
