"""What nobody waits for in a test: time that passes, and people who do nothing.

The moments that the camp has written down are moved; what follows is as for anybody.
"""

import contextlib
import time

from docker.models.containers import Container
from playwright.sync_api import Locator, Page, expect

from tests.camps import Camp, run, until
from tests.e2e import screens, seat

_LEAVE = """
import sys
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
name, seconds = sys.argv[1], float(sys.argv[2])
place = Place.from_environment()
engine = open_engine(place.camp_database)
rules = load(place.settings_file).rules()
left = Timekeeper(rules, Ledger(engine), camp_clock(engine)).standing(name).remaining
with Session(engine) as db, db.begin():
    later = timedelta(seconds=seconds) - left
    own = select(CampSessionRow).where(CampSessionRow.attendee == name)
    session = db.scalars(own).one()
    session.started += later
    for extension in db.scalars(select(ExtensionRow)):
        if extension.session == session.id:
            extension.at += later
"""

_REST = """
import sys
from datetime import timedelta
from sqlalchemy.orm import Session
from puppetcamp.clock import camp_clock
from puppetcamp.database import open_engine
from puppetcamp.place import Place
from puppetcamp.sessions.idleness import WARNING, IdleRow
name, ago = sys.argv[1], float(sys.argv[2])
engine = open_engine(Place.from_environment().camp_database)
now = camp_clock(engine)()
with Session(engine) as db, db.begin():
    row = db.get(IdleRow, name)
    row.active, row.reported, row.present = now - timedelta(hours=1), now, None
    if ago:
        row.warned = now - WARNING + timedelta(seconds=ago)
"""

_LOOK = """
import os
from pathlib import Path
for process in Path("/proc").iterdir():
    if process.name.isdigit():
        words = (process / "cmdline").read_bytes().split(b"\\0")[:-1]
        if b"puppetcamp.sessions.culler" in words:
            told = (process / "environ").read_bytes().split(b"\\0")[:-1]
            own = dict(line.split(b"=", 1) for line in told)
            os.execvpe("timeout", [b"timeout", b"10", *words], own)
"""


def leave(camp: Camp, name: str, seconds: float) -> None:
    """Leave somebody so many seconds: they have begun so much earlier."""
    run(_hub(camp), "python", "-c", _LEAVE, name, f"{seconds}")


def rest(camp: Camp, name: str, stops_in: float = 0) -> None:
    """Let it be an hour since somebody did something.

    With `stops_in`, they were warned so long ago that those seconds are left.
    """
    run(_hub(camp), "python", "-c", _REST, name, f"{stops_in}")


def look_for_idle_servers(camp: Camp) -> None:
    """Let a second culler look now, which ends soon: a culler begins with a look."""
    _hub(camp).exec_run(["python", "-c", _LOOK], detach=True)


def rest_until_asked(camp: Camp, lab: Page, name: str, stops_in: float = 0) -> Locator:
    """Let somebody do nothing for an hour; return the question to them."""
    asked = screens.banner(lab).locator(
        ".camp-Banner-row", has_text="Are you still there?"
    )
    deadline = time.monotonic() + seat.SLOW / 1000
    # What the seat says of it may come in between, once a minute at most.
    while not asked.is_visible():
        assert time.monotonic() < deadline, "nobody asks"
        rest(camp, name, stops_in)
        if not stops_in:
            look_for_idle_servers(camp)
        with contextlib.suppress(AssertionError):
            expect(asked).to_be_visible(timeout=screens.SOON / 3)
    return asked


def rest_until_stopped(camp: Camp, lab: Page, name: str) -> None:
    """Let somebody do nothing, the question included."""
    deadline = time.monotonic() + seat.SLOW / 1000
    while screens.runs(camp, name):
        assert time.monotonic() < deadline, f"the idle seat of {name} is not stopped"
        asked = rest_until_asked(camp, lab, name, stops_in=8)
        with contextlib.suppress(AssertionError):
            expect(asked.get_by_role("timer")).to_have_text(
                "0:00:00", timeout=screens.SOON
            )
        look_for_idle_servers(camp)
        with contextlib.suppress(AssertionError):
            until(lambda: not screens.runs(camp, name), "the end of the seat", 15)


def _hub(camp: Camp) -> Container:
    return camp.container(camp.deployment.hub_container)
