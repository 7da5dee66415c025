"""What an attendee is told who submits, and that nothing is lost, whatever happens."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
import pytest
import requests
from nbgrader.apps import NbGraderAPI

from puppetcamp_lab.archive import Selection, pack
from puppetcamp_lab.client import CampClient
from puppetcamp_lab.exchange import remote
from puppetcamp_lab.exchange.remote import RemoteExchange
from tests.hub.exchange.outcome import done
from tests.unit.lab.seats import Seat, exercise

pytestmark = [
    pytest.mark.slow,
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def staff(service: str, tmp_path: Path) -> RemoteExchange:
    """Release an exercise as it is; gives the exchange as an instructor sees it."""
    notebook = tmp_path / "release" / "motd.ipynb"
    notebook.parent.mkdir()
    nbformat.write(exercise(), notebook)
    exchange = RemoteExchange(CampClient(service, "ines"), "puppet")
    exchange.release("motd", pack(notebook.parent, Selection())[0])
    return exchange


@pytest.fixture
def ada(staff: RemoteExchange, seats: dict[str, Seat]) -> Seat:
    """Give the seat of somebody who has fetched the exercise and submitted once."""
    done(seats["ada"].run("FetchAssignment"))
    assert "(version 1)" in done(seats["ada"].run("Submit"))
    return seats["ada"]


def refusal(seat: Seat) -> str:
    """Submit what is refused; nothing may have been added or lost."""
    before = seat.standing
    result = seat.run("Submit")
    assert not result["success"]
    assert seat.standing == before
    return str(result["error"])


def test_the_same_again_is_kept_and_said(ada: Seat) -> None:
    # JupyterLab writes a notebook anew when it is saved, changed or not.
    os.utime(ada.notebook)
    log = done(ada.run("Submit"))
    assert "(version 2)" in log
    assert "Nothing has changed since version 1; it is kept as version 2" in log
    ada.solve("answer = 43")
    assert "Nothing has changed" not in done(ada.run("Submit"))
    versions = ada.standing[0]["versions"]
    assert [version["same_as"] for version in versions] == [None, 1, None]


def test_a_broken_notebook_is_named_with_the_place_of_its_fault(ada: Seat) -> None:
    whole = ada.notebook.read_text()
    ada.notebook.write_text(whole.replace('"cells": [', '"cells": [,'))
    said = refusal(ada)
    assert "motd.ipynb is no notebook: line 2, column 12 of it is not JSON" in said
    assert "what was stored before stays" in said
    ada.notebook.write_text(json.dumps(json.loads(whole) | {"cells": []}))
    assert "motd.ipynb is no notebook: it has no cells" in refusal(ada)


def test_a_large_file_is_named_and_nothing_is_sent(ada: Seat) -> None:
    large = ada.exercises / "motd" / "dump.bin"
    large.write_bytes(os.urandom(50_000_000))
    said = refusal(ada)
    assert "motd is larger than 20 MiB when packed" in said
    assert "dump.bin (47.7 MiB)" in said
    assert "what is stored already stays" in said
    with large.open("wb") as file:
        file.truncate(70 * 2**20)
    assert "motd is larger than 60 MiB; its largest files are dump.bin" in refusal(ada)


def test_a_withdrawn_exercise_and_one_that_never_was(
    ada: Seat, staff: RemoteExchange
) -> None:
    (ada.exercises / "own").mkdir()
    said = str(ada.run("Submit", assignment_id="own")["error"])
    assert "Nothing was submitted. The exercise own of puppet is not released." in said
    staff.withdraw("motd")
    before = ada.standing[0]["versions"]
    said = str(ada.run("Submit")["error"])
    assert "motd of puppet was withdrawn by an instructor. What was submitted" in said
    assert ada.standing[0]["versions"] == before


def test_after_the_due_date_it_is_stored_and_called_late(
    ada: Seat, formgrader: NbGraderAPI, seats: dict[str, Seat]
) -> None:
    due = datetime.now(UTC) - timedelta(hours=3, minutes=5)
    seats["ines"].sit_down()
    with closing(formgrader.gradebook) as gradebook:
        gradebook.update_or_create_assignment("motd", duedate=due.isoformat())
    root = f"--CourseDirectory.root={formgrader.coursedir.root}"
    status, log = seats["ines"].command("release_assignment", "motd", root, "--force")
    assert (status, f"(version 2, due {due:%Y-%m-%d %H:%M}" in log) == (0, True)
    log = done(ada.run("Submit"))
    assert "This is 3 hours 5 minutes late. It is stored all the same" in log
    [standing] = ada.standing
    assert datetime.fromisoformat(standing["due_at"]) == due
    # The due date counts for what was submitted before it was set, too.
    assert [version["late"] for version in standing["versions"]] == [True, True]


def test_offline(ada: Seat) -> None:
    address = ada.environment["PUPPETCAMP_SERVICE_URL"]
    ada.environment["PUPPETCAMP_SERVICE_URL"] = "http://127.0.0.1:9"
    said = str(ada.run("Submit")["error"])
    assert "Nothing was submitted. The camp's service cannot be reached." in said
    assert "Your files are safe where they are" in said
    ada.environment["PUPPETCAMP_SERVICE_URL"] = address
    assert len(ada.standing[0]["versions"]) == 1


@contextmanager
def breaking_off(service: str, arrives: bool) -> Iterator[str]:
    """Pass requests on, but lose every submission or at least the answer to it."""

    class Line(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {"Authorization": self.headers["Authorization"]}
            answer = requests.get(service + self.path, headers=headers, timeout=60)
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if arrives:
                headers = {"Authorization": self.headers["Authorization"]}
                requests.post(
                    service + self.path, data=body, headers=headers, timeout=60
                )
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("arrives", [True, False])
def test_a_connection_that_breaks_off(ada: Seat, service: str, arrives: bool) -> None:
    ada.solve("answer = 43")
    with breaking_off(service, arrives) as address:
        ada.environment["PUPPETCAMP_SERVICE_URL"] = address
        said = str(ada.run("Submit")["error"])
    ada.environment["PUPPETCAMP_SERVICE_URL"] = service
    if arrives:
        assert "your files have arrived: they are version 2" in said
    else:
        assert "The connection broke off, and nothing was submitted. Submit" in said
    assert len(ada.standing[0]["versions"]) == 1 + arrives


def test_a_service_that_does_not_come_back(
    ada: Seat, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can tell, that is what is said."""
    monkeypatch.setattr(remote, "_RESTART_SECONDS", 0.0)
    with breaking_off(service, arrives=False) as address:
        ada.environment["PUPPETCAMP_SERVICE_URL"] = address
        monkeypatch.setattr(
            RemoteExchange, "standing", lambda self: self._client.call("PUT", "")
        )
        said = str(ada.run("Submit")["error"])
    assert "Nobody can say yet whether this was submitted." in said
    assert "Submit motd again: a second version does no harm." in said
