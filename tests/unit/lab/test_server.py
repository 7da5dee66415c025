"""What the panel *Exercises* is told: a real Jupyter server beside a real service."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbgrader
import pytest
import requests
from fastapi import FastAPI

from puppetcamp.database import create_tables, open_engine
from puppetcamp.exchange.api import router
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.identity import current_person
from tests.camps import free_ports
from tests.unit.exchange.archives import pack
from tests.unit.lab.seats import Seat, person_of, serving, take_seat

TOKEN = "of-the-browser"  # noqa: S105
MEGABYTE = 2**20


@dataclass
class Lab:
    """Ada's Jupyter server, and the camp behind it."""

    seat: Seat
    url: str
    store: ExchangeStore
    service: ExitStack
    """Closing it takes the camp's service away."""

    def ask(self, method: str, path: str = "", **body: str) -> requests.Response:
        return requests.request(
            method,
            f"{self.url}/puppetcamp/exercises{path}",
            headers={"Authorization": f"token {TOKEN}"},
            json=body or None,
            timeout=60,
        )

    def listed(self, name: str) -> dict[str, Any]:
        answer = self.ask("GET")
        assert answer.status_code == 200, answer.text
        [entry] = [e for e in answer.json()["exercises"] if e["exercise"] == name]
        found: dict[str, Any] = entry
        return found

    def done(self, name: str, action: str, **body: str) -> dict[str, Any]:
        answer = self.ask("POST", f"/{name}/{action}", **body)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def refused(self, name: str, action: str, **body: str) -> str:
        answer = self.ask("POST", f"/{name}/{action}", **body)
        assert answer.status_code == 409, answer.text
        message: str = answer.json()["message"]
        assert "Traceback" not in message
        return message

    def release(self, name: str, due_in: timedelta | None = None) -> Path:
        """Release an exercise and fetch it; gives its notebook."""
        now = datetime.now(UTC)
        self.store.release("puppet", name, pack(), now, due_in and now + due_in)
        self.done(name, "fetch")
        return self.seat.exercises / name / "motd.ipynb"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("camp")
    engine = open_engine(f"sqlite:///{folder / 'camp.sqlite'}")
    create_tables(engine)
    store = ExchangeStore(engine, folder / "exchange")
    app = FastAPI()
    app.include_router(router(store, lambda: datetime.now(UTC)))
    app.dependency_overrides[current_person] = person_of
    with ExitStack() as service, pytest.MonkeyPatch.context() as monkeypatch:
        url = service.enter_context(serving(app))
        seat = take_seat("ada", folder / "ada", url, monkeypatch)
        with jupyter(seat) as address:
            yield Lab(seat, address, store, service)
    engine.dispose()


class jupyter(ExitStack):
    """Run a Jupyter server in a seat."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat

    def __enter__(self) -> str:  # type: ignore[override]
        port = free_ports(1)
        log = self.enter_context((self._seat.home / "server.log").open("w"))
        options = {
            "port": port,
            "port_retries": 0,
            "root_dir": str(self._seat.home),
            "jpserver_extensions": "puppetcamp_lab.server=True",
        }
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser"),
                *("--allow-root", f"--IdentityProvider.token={TOKEN}"),
                *(f"--ServerApp.{key}={value}" for key, value in options.items()),
            ],
            env=os.environ | self._seat.environment,
            cwd=self._seat.home,
            stdout=log,
            stderr=log,
        )
        self.callback(server.wait)
        self.callback(server.send_signal, signal.SIGKILL)
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while not self._answers(url):
            assert server.poll() is None, Path(log.name).read_text()
            assert time.monotonic() < deadline, Path(log.name).read_text()
            time.sleep(0.1)
        return url

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            return requests.get(f"{url}/api", timeout=5).ok
        except requests.ConnectionError:
            return False


def test_only_the_seats_owner_is_answered(lab: Lab) -> None:
    url = f"{lab.url}/puppetcamp/exercises"
    assert requests.get(url, timeout=60).status_code == 403
    browser = requests.Session()
    assert browser.get(f"{lab.url}/api/me", params={"token": TOKEN}, timeout=60).ok
    # A cookie alone, as another site's page could send it, does nothing.
    assert browser.get(url, timeout=60).ok
    assert browser.post(f"{url}/motd/submit", timeout=60).status_code == 403
    assert lab.ask("POST", "/..%2f..%2fetc/submit").status_code == 404


def test_nbgraders_own_pages_are_there_once_somebody_asks(lab: Lab) -> None:
    def get(path: str, **headers: str) -> requests.Response:
        return requests.get(f"{lab.url}/{path}", headers=headers, timeout=60)

    stranger = get("courses")
    assert "success" not in stranger.text
    mine = {"Authorization": f"token {TOKEN}"}
    assert get("courses", **mine).json()["success"]
    version = nbgrader.__version__
    assert get(f"nbgrader_version?version={version}", **mine).json()["success"]
    listed = get("assignments?course_id=puppet", **mine).json()
    assert listed["success"], listed


def test_released_fetched_submitted_twice_and_scored(lab: Lab) -> None:
    now = datetime.now(UTC)
    lab.store.release("puppet", "story", pack(), now, now + timedelta(hours=1))
    entry = lab.listed("story")
    assert (entry["fetched"], entry["versions"], entry["notebooks"]) == (False, [], [])
    assert datetime.fromisoformat(entry["due_at"]) == now + timedelta(hours=1)

    assert "Open it" in lab.done("story", "fetch")["message"]
    notebook = lab.seat.exercises / "story" / "motd.ipynb"
    entry = lab.listed("story")
    assert entry["notebooks"] == ["exercises/story/motd.ipynb"]
    assert entry["path"] == "exercises/story"

    first = lab.done("story", "submit")
    assert (first["message"], first["notes"]) == (
        "Version 1 is submitted and kept.",
        [],
    )
    again = lab.done("story", "submit")
    assert "Version 2" in again["message"]
    assert "Nothing has changed since version 1" in again["notes"][0]
    notebook.write_text(notebook.read_text().replace('"source": ""', '"source": "x"'))
    assert lab.done("story", "submit")["notes"] == []
    versions = lab.listed("story")["versions"]
    assert [version["version"] for version in versions] == [1, 2, 3]

    when = versions[1]["submitted_at"]
    assert "no feedback on this version yet" in lab.refused(
        "story", "feedback", submitted_at=when
    )
    page = pack({"motd.html": b"<!DOCTYPE html><title>well done</title>"})
    lab.store.give_feedback(versions[1]["submission"], page, now, (3.5, 5))
    scored = lab.listed("story")["versions"][1]
    assert (scored["score"], scored["max_score"]) == (3.5, 5)
    [path] = lab.done("story", "feedback", submitted_at=when)["pages"]
    assert path.startswith("exercises/story/feedback/")
    assert "well done" in (lab.seat.home / path).read_text()
    # A version without feedback has none, whatever another version has.
    lab.refused("story", "feedback", submitted_at=versions[2]["submitted_at"])
    lab.refused("story", "feedback", submitted_at="../../etc")


def test_late_is_said_and_stored(lab: Lab) -> None:
    lab.release("late", timedelta(minutes=-90))
    said = lab.done("late", "submit")
    assert "late. It is stored all the same" in said["notes"][0]
    [version] = lab.listed("late")["versions"]
    assert version["late_seconds"] > 5000


def test_too_large_is_refused_and_stays(lab: Lab) -> None:
    notebook = lab.release("large")
    large = notebook.with_name("film.mp4")
    large.write_bytes(os.urandom(50 * MEGABYTE))
    message = lab.refused("large", "submit")
    assert "film.mp4 (50.0 MiB)" in message
    assert "Nothing was sent" in message
    assert large.stat().st_size == 50 * MEGABYTE
    large.unlink()
    lab.done("large", "submit")


def test_a_broken_notebook_is_refused_and_stays(lab: Lab) -> None:
    notebook = lab.release("broken")
    lab.done("broken", "submit")
    notebook.write_text(notebook.read_text()[:-10])
    broken = notebook.read_text()
    message = lab.refused("broken", "submit")
    assert "motd.ipynb is no notebook" in message
    assert "what was stored before stays" in message
    assert notebook.read_text() == broken
    assert len(lab.listed("broken")["versions"]) == 1
    # The way out that the sentence names.
    notebook.rename(notebook.with_name("motd.broken"))
    assert "missing are back" in lab.done("broken", "fetch")["message"]
    json.loads(notebook.read_text())


def test_without_the_camp_what_is_known_stays(lab: Lab) -> None:
    notebook = lab.release("offline")
    lab.done("offline", "submit")
    (lab.seat.exercises / "of_my_own").mkdir()
    (lab.seat.exercises / "of_my_own" / "try.ipynb").write_text("{}")
    lab.listed("offline")
    lab.service.close()

    listing = lab.ask("GET").json()
    assert "cannot be reached" in listing["problem"]
    known = {entry["exercise"]: entry for entry in listing["exercises"]}
    assert len(known["offline"]["versions"]) == 1
    assert known["of_my_own"]["released_at"] is None
    for action in ("submit", "fetch"):
        assert "cannot be reached" in lab.refused("offline", action)
    assert notebook.exists()
    # Feedback that was fetched before can be read.
    version = known["story"]["versions"][1]
    said = lab.done("story", "feedback", submitted_at=version["submitted_at"])
    assert len(said["pages"]) == 1
    assert "cannot be reached" in said["notes"][0]
