"""The seat's side of the clock: a real Jupyter server beside the real sessions API."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests
from fastapi import FastAPI
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from puppetcamp.database import create_tables, open_engine
from puppetcamp.identity import current_person
from puppetcamp.progress.api import router as progress_router
from puppetcamp.progress.store import ProgressStore
from puppetcamp.sessions.api import Beside, router
from puppetcamp.sessions.facts import Rules
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp_lab.client import CampClient
from puppetcamp_lab.server.clock.busy import puppet_runs_on_a_terminal
from puppetcamp_lab.server.clock.progress import Journal
from puppetcamp_lab.server.clock.standing import Answer, view
from puppetcamp_lab.server.clock.timefile import line, uptime
from puppetcamp_lab.server.clock.watch import Watch
from tests.unit.lab.seats import person_of, serving, take_seat
from tests.unit.lab.test_server import TOKEN, jupyter

Json = dict[str, Any]
T = TypeVar("T")
LOG = logging.getLogger(__name__)


@dataclass
class Seat:
    """Ada's Jupyter server, and the camp behind it."""

    url: str
    folder: Path
    journal: Path
    timekeeper: Timekeeper
    progress: ProgressStore
    service: ExitStack
    said: Json = field(default_factory=dict)

    def ask(self, method: str = "GET", path: str = "") -> requests.Response:
        return requests.request(
            method,
            f"{self.url}/puppetcamp/clock{path}",
            headers={"Authorization": f"token {TOKEN}"},
            timeout=30,
        )

    def clock(self) -> Json:
        answer = self.ask()
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def last_activity(self) -> datetime:
        mine = {"Authorization": f"token {TOKEN}"}
        answer = requests.get(f"{self.url}/api/status", headers=mine, timeout=30)
        return datetime.fromisoformat(answer.json()["last_activity"])


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    folder = tmp_path_factory.mktemp("camp")
    engine = open_engine(f"sqlite:///{folder / 'camp.sqlite'}")
    create_tables(engine)
    said: Json = {"idle": None}
    rules = Rules(
        length=timedelta(hours=1),
        opens=None,
        closes=None,
        seats=30,
        extension_step=timedelta(minutes=15),
        own_extensions=1,
    )
    timekeeper = Timekeeper(rules, Ledger(engine), lambda: datetime.now(UTC))
    timekeeper.enter("ada")
    progress = ProgressStore(engine)
    beside = Beside(
        idle=lambda name, now: said["idle"],
        present=lambda name, now: said.update(idle=None),
        notices=lambda name, now: said.get("notices"),
        progress=True,
    )
    app = FastAPI()
    app.include_router(router(timekeeper, beside))
    app.include_router(progress_router(progress, lambda: datetime.now(UTC)))
    app.dependency_overrides[current_person] = person_of
    run = folder / "run"
    run.mkdir()
    with ExitStack() as service, pytest.MonkeyPatch.context() as monkeypatch:
        url = service.enter_context(serving(app))
        ada = take_seat("ada", folder / "ada", url, monkeypatch)
        ada.environment["PUPPETCAMP_RUN"] = str(run)
        with jupyter(ada) as address:
            journal = ada.home / ".local" / "share" / "puppetcamp" / "journal"
            yield Seat(address, run, journal, timekeeper, progress, service, said)
    engine.dispose()


def until(get: Callable[[], T], good: Callable[[T], object], seconds: float) -> T:
    deadline = time.monotonic() + seconds
    while not good(found := get()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def test_the_seat_knows_the_time_that_is_left(seat: Seat) -> None:
    found = until(seat.clock, lambda c: c["state"] == "known", 10)
    left = seat.timekeeper.standing("ada").remaining
    assert left is not None
    assert found["remaining_seconds"] == pytest.approx(left.total_seconds(), abs=2)
    assert found["warn_at_seconds"] == [600, 300, 60]
    assert (found["paused"], found["progress"], found["idle_seconds"]) == (
        False,
        True,
        None,
    )
    word, ends = (seat.folder / "time").read_text().split()
    assert word == "running"
    assert float(ends) - uptime() == pytest.approx(left.total_seconds(), abs=2)


def test_looking_at_the_clock_is_no_activity(seat: Seat) -> None:
    before = seat.last_activity()
    for _ in range(3):
        seat.clock()
    assert seat.last_activity() == before


def test_only_the_seats_owner_sees_the_clock(seat: Seat) -> None:
    url = f"{seat.url}/puppetcamp/clock"
    assert requests.get(url, timeout=30).status_code == 403
    assert requests.post(f"{url}/extension", timeout=30).status_code == 403


def test_more_time_is_there_at_once_and_a_no_says_why(seat: Seat) -> None:
    before = seat.clock()
    assert before["extension"]["allowed"]
    more = seat.ask("POST", "/extension").json()
    gained = more["remaining_seconds"] - before["remaining_seconds"]
    assert gained == pytest.approx(900, abs=3)
    refused = seat.ask("POST", "/extension")
    assert refused.status_code == 409
    assert refused.json()["message"].endswith(".")
    assert not seat.clock()["extension"]["allowed"]


def test_whoever_is_warned_as_idle_can_say_that_they_are_there(seat: Seat) -> None:
    seat.said["idle"] = datetime.now(UTC) + timedelta(seconds=90)
    found = until(seat.clock, lambda c: c["idle_seconds"] is not None, 8)
    assert 75 < found["idle_seconds"] <= 90
    before = seat.last_activity()
    assert seat.ask("POST", "/presence").json()["idle_seconds"] is None
    assert seat.last_activity() > before


def test_the_time_runs_on_while_the_camp_is_silent(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a clock of its own: silence is only told after it has lasted."""
    now = [1000.0]
    monkeypatch.setenv("PUPPETCAMP_SERVICE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "ada")
    watch = Watch(seat.folder, LOG, lambda: 0.0, now=lambda: now[0])
    watch._answer = Answer({"remaining_seconds": 50.0}, 1000.0)
    now[0] = 1010
    asyncio.run(watch.refresh())
    assert watch.look()["remaining_seconds"] == 40
    assert watch.look()["problem"] == ""
    now[0] = 1030
    assert watch.look()["remaining_seconds"] == 20
    assert "cannot be reached" in watch.look()["problem"]


def test_a_seat_without_an_owner_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUPPETCAMP_SERVICE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "stand-in")
    owner: list[str] = []
    watch = Watch(tmp_path, LOG, lambda: 0.0, owned=lambda: bool(owner))
    asyncio.run(watch.refresh())
    assert watch.look() == {"state": "outside", "problem": ""}
    owner.append("ada")
    asyncio.run(watch.refresh())
    assert watch.look()["state"] == "unknown"
    assert "cannot be reached" in watch.look()["problem"]


def test_the_camp_hears_for_how_long_nobody_has_used_the_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float] = []
    app = FastAPI()

    @app.get("/api/sessions/mine")
    def mine(idle_seconds: float) -> Json:
        heard.append(idle_seconds)
        return {}

    now, ran = [1000.0], [900.0]
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "ada")
    watch = Watch(tmp_path, LOG, lambda: now[0] - ran[0], now=lambda: now[0])
    with serving(app) as url:
        monkeypatch.setenv("PUPPETCAMP_SERVICE_URL", url)
        now[0] = 1300
        for untouched in (None, 250.0, 7.0, 90.0):  # several pages; one was touched
            watch.look(untouched)
            asyncio.run(watch.refresh())
        ran[0] = 1298  # a cell runs
        asyncio.run(watch.refresh())
    assert heard == [300, 250, 7, 7, 2]


def test_a_cell_that_says_nothing_keeps_the_seat_in_use(seat: Seat) -> None:
    mine = {"Authorization": f"token {TOKEN}"}
    kernels = f"{seat.url}/api/kernels"
    made = requests.post(kernels, headers=mine, json={"name": "python3"}, timeout=60)
    assert made.status_code == 201, made.text
    kernel = made.json()["id"]
    threading.Thread(
        target=lambda: asyncio.run(
            execute(seat.url, kernel, "import time as t\nt.sleep(60)")
        )
    ).start()

    def state() -> Json:
        found: Json = requests.get(
            f"{kernels}/{kernel}", headers=mine, timeout=30
        ).json()
        return found

    began = until(state, lambda k: k["execution_state"] == "busy", 30)
    said = datetime.fromisoformat(began["last_activity"])
    until(seat.last_activity, lambda at: at > said + timedelta(seconds=2), 15)
    assert state()["last_activity"] == began["last_activity"]
    assert requests.delete(f"{kernels}/{kernel}", headers=mine, timeout=60).ok


async def execute(url: str, kernel: str, code: str) -> None:
    """Run code as a page does, and go away when it has begun."""
    address = f"{url}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
    headers = {"Authorization": f"token {TOKEN}"}
    socket = await websocket_connect(HTTPRequest(address, headers=headers))
    message = {
        "header": {
            "msg_id": "1",
            "msg_type": "execute_request",
            "username": "",
            "session": "s",
            "version": "5.3",
        },
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {"code": code, "silent": False},
    }
    await socket.write_message(json.dumps(message))
    while text := await socket.read_message():
        if json.loads(text)["header"]["msg_type"] == "execute_input":
            break
    socket.close()


def test_puppet_on_a_terminal_is_work_and_an_agent_is_none(tmp_path: Path) -> None:
    def process(pid: int, name: str, terminal: int) -> None:
        (tmp_path / str(pid)).mkdir(exist_ok=True)
        text = f"{pid} ({name}) S 1 {pid} {pid} {terminal} -1 0 0"
        (tmp_path / str(pid) / "stat").write_text(text)

    (tmp_path / "self").mkdir()
    process(5, "bash", 34816)
    process(6, "puppet", 0)
    process(7, "x) puppet (", 34816)
    assert not puppet_runs_on_a_terminal(tmp_path)
    process(8, "puppet", 34816)
    assert puppet_runs_on_a_terminal(tmp_path)


def entry(**changes: object) -> Json:
    now = datetime.now(UTC).isoformat()
    return {
        "at": now,
        "notebook": "lessons/00.ipynb",
        "cell": "c1",
        "status": "ok",
        "checks": [{"id": "motd", "passed": True}],
        "seconds": 0.2,
        **changes,
    }


def write(path: Path, *entries: object) -> None:
    with path.open("a") as file:
        file.writelines(json.dumps(one) + "\n" for one in entries)


def test_progress_reaches_the_camp_whatever_else_is_in_the_journal(seat: Seat) -> None:
    journal = seat.journal
    write(journal, entry(), entry(cell="c2", status="failed", checks=[]))
    with journal.open("a") as file:
        file.write("no json\n[1]\n" + "x" * 70_000 + "\n")
    hostile = ({"cell": ""}, {"status": "great"}, {"seconds": -1}, {"notebook": 7})
    write(journal, *(entry(**one) for one in hostile))
    write(journal, entry(cell="c\x00" + "3" * 200, checks=[{"id": None}, "x"]))

    def cells() -> int:
        seat.clock()  # a page is open
        found = seat.progress.progress().get("ada")
        return sum(n.cells_run for n in found.notebooks) if found else 0

    until(cells, lambda count: count == 3, 15)


def test_what_the_camp_does_not_take_now_is_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, LOG)
    nobody = CampClient("http://127.0.0.1:9", "ada")
    journal.report(nobody)  # nothing to say
    write(path, entry())
    with path.open("a") as file:
        file.write('{"half a li')
    with pytest.raises(Exception, match="cannot be reached"):
        journal.report(nobody)
    heard: list[Json] = []
    app = FastAPI()

    @app.post("/api/progress")
    def report(body: dict[str, Any]) -> None:
        heard.extend(body["cells"])

    with serving(app) as url:
        camp = CampClient(url, "ada")
        journal.report(camp)
        journal.report(camp)
    assert [cell["cell"] for cell in heard] == ["c1"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"remaining_seconds": 90.0}, "running 1090.00"),
        ({"remaining_seconds": 90.0, "paused": True}, "paused 90.00"),
        ({"remaining_seconds": None}, "unlimited"),
    ],
)
def test_a_shell_is_told_in_one_line(said: Json, expected: str) -> None:
    assert line(Answer(said, 1000.0)) == expected
    assert line(None) == "unknown"


def test_a_pause_stops_the_time_and_odd_answers_harm_nobody() -> None:
    paused = Answer({"remaining_seconds": 90, "paused": True}, 0.0)
    assert view(paused, "", 50.0)["remaining_seconds"] == 90
    odd = {
        "remaining_seconds": "soon",
        "warn_at_seconds": [60, True, "x"],
        "notices": [{"id": 1}, "x", {"id": 2, "text": "Lunch", "link": None}],
        "idle": {"ends_at": "tomorrow"},
    }
    found = view(Answer(odd, 0.0), "", 1.0)
    assert found["remaining_seconds"] is None
    assert found["warn_at_seconds"] == [60.0]
    assert [notice["text"] for notice in found["notices"]] == ["Lunch"]
    assert found["idle_seconds"] is None
