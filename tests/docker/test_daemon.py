"""The Docker Engine itself is killed in a class, and started again: `make faults`.

It happens on a machine of the test's own: once with an Engine as it is by default,
which ends all containers when it comes back, and once with one that was told to let
them run on (live-restore). Ada came to a warm seat, Bea to one that was started for
her.
"""

import io
import time
import zipfile
from collections.abc import Iterator

import httpx
import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from tests.camps import Visitor, run, until
from tests.nested import IMAGE, Machine, NestedCamp
from tests.requirements import need

pytestmark = [pytest.mark.docker, pytest.mark.slow]

LENGTH = 3600.0
NOTICE = 15.0
"""Seconds from the moment at which a deadline is set to that deadline."""

LATE = 30.0
BACK = 120.0
"""Seconds that the camp may take to be back, on a machine with much else to do."""

_SET_DEADLINE = """
import datetime, sys
from sqlalchemy import select
from sqlalchemy.orm import Session
from puppetcamp.clock import camp_clock
from puppetcamp.database import open_engine
from puppetcamp.place import Place
from puppetcamp.sessions.tables import CampSessionRow as Row
engine = open_engine(Place.from_environment().camp_database)
with Session(engine) as db, db.begin():
    [row] = db.scalars(select(Row).where(Row.attendee == sys.argv[1]))
    row.started = camp_clock(engine)() - datetime.timedelta(seconds=float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def camp(engine: DockerClient, attendee_image: str) -> Iterator[NestedCamp]:
    """Open a camp on a machine within this one."""
    try:
        engine.images.get(IMAGE)
    except ImageNotFound:
        need(False, f"the image {IMAGE} is not built: run make faults")
    machine = Machine(engine)
    try:
        machine.start("puppetcamp/hub", attendee_image)
        camp = NestedCamp(machine)
        try:
            camp.write(more=f'[session]\nlength = "{LENGTH:.0f}s"\n[doors]\nwarm = 1')
            camp.open()
            yield camp
        finally:
            camp.remove()
    finally:
        machine.remove()


@pytest.fixture(scope="module")
def ada(camp: NestedCamp) -> Visitor:
    """Let Ada begin; she was expected."""
    warm = camp.deployment.warm_container("")
    until(lambda: any(name.startswith(warm) for name in _up(camp)), "a warm seat", BACK)
    return camp.arrive("ada")


def test_seats_end_with_the_engine(camp: NestedCamp, ada: Visitor) -> None:
    """As it is by default: one click brings everybody back to their work."""
    bea, carl = camp.arrive("bea"), camp.visit("carl")
    _save(ada, "before")
    began = _began(camp, "ada")
    deadline = _set_deadline(camp, "bea")
    _save(bea, "of Bea")

    camp.machine.kill_engine()
    assert _at_work(ada), "the seats ended with the engine, not with its return"
    _save(ada, "meanwhile")
    page = carl.http.get("/hub/spawn")
    assert page.status_code == 503, page.text
    assert "The camp cannot start machines at this moment" in page.text
    _is_at_work_until(bea, deadline)
    time.sleep(max(0.0, deadline + 3 - time.monotonic()))
    camp.machine.start_engine()
    camp.reconnect()

    until(lambda: _answers(ada, "/hub/health"), "the hub", BACK)
    until(lambda: _answers(ada, "/services/camp/health"), "the service", BACK)
    assert camp.is_guarded()
    assert not _at_work(ada), "the engine did not do what this test is about"
    page = ada.http.get("/user/ada/lab")
    assert "Your files are kept" in page.text, page.text
    ada.start()
    assert _saved(ada) == "meanwhile"
    assert _began(camp, "ada") == began, "Ada's time began anew"
    assert not _began(camp, "carl"), "Carl's time began without a seat"
    carl.start()
    _is_over(camp, bea)


def test_seats_outlive_the_engine(camp: NestedCamp, ada: Visitor) -> None:
    """Told to let containers run on: nobody notices, but who wants to come or go."""
    camp.machine.seats_outlive_engine(True)
    eve = camp.arrive("eve")
    before = camp.identities()
    _save(eve, "before")
    deadline = _set_deadline(camp, "ada")

    camp.machine.kill_engine()
    _save(eve, "meanwhile")
    _save(ada, "of Ada")
    _is_at_work_until(ada, deadline)
    time.sleep(max(0.0, deadline + 3 - time.monotonic()))
    assert _at_work(eve)
    camp.machine.start_engine()
    back = time.monotonic()
    camp.reconnect()

    seat = camp.deployment.seat_container("ada")
    until(lambda: seat not in _up(camp), "the end of Ada's seat", LATE)
    print(f"stopped {time.monotonic() - back:.1f} s after the Engine was back")
    _is_over(camp, ada)
    assert (
        camp.identities().items()
        >= {name: kept for name, kept in before.items() if name != seat}.items()
    )
    assert _saved(eve) == "meanwhile"
    dan = camp.arrive("dan")
    assert _at_work(dan)
    eve.stop()


def _set_deadline(camp: NestedCamp, name: str) -> float:
    """Let somebody's time end soon; return when, by this machine's steady clock."""
    hub = camp.container(camp.deployment.hub_container)
    before = time.monotonic()
    run(hub, "python", "-c", _SET_DEADLINE, name, str(LENGTH - NOTICE))
    return before + NOTICE


def _is_at_work_until(visitor: Visitor, deadline: float) -> None:
    """Look after somebody to the end: they are never sent away early."""
    while (now := time.monotonic()) < deadline - 1:
        assert _at_work(visitor), f"sent away {deadline - now:.1f} s early"
        time.sleep(0.5)


def _is_over(camp: NestedCamp, visitor: Visitor) -> None:
    """Make sure that somebody's time is up, and that their work is theirs."""
    assert camp.deployment.seat_container(visitor.name) not in _up(camp)
    page = visitor.http.get("/hub/spawn")
    assert page.status_code == 403, page.text
    path = "/services/camp/take-home/bundle.zip"
    until(lambda: _answers(visitor, path), "the take-home bundle", BACK)
    content = io.BytesIO(visitor.http.get(path).content)
    with zipfile.ZipFile(content) as bundle:
        assert bundle.read("kept.txt").decode() == f"of {visitor.name.title()}"


def _began(camp: NestedCamp, name: str) -> str:
    """Look up when somebody's time began; nothing if it has not."""
    script = (
        "import sqlite3, sys; from puppetcamp.place import Place; "
        "db = sqlite3.connect(Place.from_environment().root / 'camp.sqlite'); "
        "asked = 'select started from camp_session where attendee = ?'; "
        "print(*(row[0] for row in db.execute(asked, sys.argv[1:])))"
    )
    hub = camp.container(camp.deployment.hub_container)
    return run(hub, "python", "-c", script, name).strip()


def _save(visitor: Visitor, text: str) -> None:
    """Save a file from JupyterLab."""
    root = f"/user/{visitor.name}"
    visitor.http.get(f"{root}/lab")
    answer = visitor.http.put(
        f"{root}/api/contents/kept.txt",
        json={"type": "file", "format": "text", "content": text},
        headers={"X-XSRFToken": visitor.http.cookies.get("_xsrf", path=f"{root}/")},
    )
    assert answer.is_success, answer.text


def _saved(visitor: Visitor) -> str:
    path = f"/user/{visitor.name}/api/contents/kept.txt"
    return str(visitor.http.get(path).raise_for_status().json()["content"])


def _up(camp: NestedCamp) -> set[str]:
    """Name what of the camp runs."""
    return set(camp.identities())


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
