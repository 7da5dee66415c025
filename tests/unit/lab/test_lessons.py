"""What the page *Lessons* is told: how far one is, and where to go on."""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from puppetcamp_lab.server.clock.progress import Journal
from puppetcamp_lab.server.journal import VARIABLE, have_written, journal_path
from puppetcamp_lab.server.lessons.course import Lesson, Lessons, lesson
from puppetcamp_lab.server.lessons.record import Record
from puppetcamp_lab.server.lessons.standing import standing
from tests.unit.lab.seats import take_seat
from tests.unit.lab.test_server import TOKEN, jupyter

Json = dict[str, Any]
LOG = logging.getLogger(__name__)
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


def code(name: str, source: str, *tags: str) -> Json:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source}


def text(name: str, source: str, **about: str) -> Json:
    metadata = {"puppetcamp": about}
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": metadata,
        "source": [source],
    }


def notebook(title: str = "Resources", **about: object) -> Json:
    told = {"minutes": 15, "teaches": "Ask a node.", "exercise": "accounts"}
    return {
        "cells": [
            text("intro", f"# {title}\n\nEverything is one."),
            code("query", "%%sh\npuppet resource user root"),
            text("more", "## And now"),
            code("seen-failing", "%%idempotent restless", "raises-exception"),
            code("answer", "# Write your manifest here."),
            code("check", "%%expect ada\nuser { 'ada': }", "raises-exception"),
            text("folded", "<details>", answers="answer"),
            text("end", "## What you can do now"),
        ],
        "metadata": {"puppetcamp": told | about},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def noted(name: str, cell: str, at: datetime = NOW, **passed: bool) -> str:
    checks = [{"id": key, "passed": value} for key, value in passed.items()]
    entry = {
        "at": at.isoformat(),
        "notebook": f"/home/attendee/lessons/{name}.ipynb",
        "cell": cell,
        "status": "ok",
        "checks": checks,
        "seconds": 0.1,
    }
    return json.dumps(entry) + "\n"


COURSE = [lesson(f"0{n}_lesson", notebook(f"Lesson {n}")) for n in range(3)]


@dataclass
class Kernel:
    """Notes cells as a kernel does."""

    path: Path

    def ran(self, *lines: str) -> None:
        with self.path.open("a") as file:
            file.writelines(lines)

    def stands(self, course: list[Lesson] = COURSE, began: datetime = LONG_AGO) -> Json:
        return standing(course, Record(self.path).done(), began)


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path / "journal")


def test_a_lesson_tells_what_it_is() -> None:
    found = lesson("01_resources", notebook())
    assert (found.title, found.minutes, found.exercise) == ("Resources", 15, "accounts")
    assert found.code == {"query", "seen-failing", "answer", "check"}
    # One that is there to be seen failing is none that must pass.
    assert found.checks == {"ada"}
    bare = lesson("07_my_own", {"cells": [], "metadata": {}})
    assert (bare.title, bare.minutes, bare.teaches) == ("My own", None, "")


def test_the_lessons_of_the_course_can_be_read() -> None:
    folder = Path(__file__).parents[3] / "notebooks"
    found = Lessons(folder, LOG).all()
    assert [one.name for one in found] == sorted(p.stem for p in folder.glob("*.ipynb"))
    assert all(one.code and one.title for one in found)


def test_what_is_no_notebook_is_left_out_and_changes_are_seen(tmp_path: Path) -> None:
    lessons = Lessons(tmp_path, LOG)
    assert lessons.all() == []
    (tmp_path / "00_broken.ipynb").write_text('{"cells": 7')
    (tmp_path / "02_list.ipynb").write_text("[]")
    mine = tmp_path / "01_mine.ipynb"
    mine.write_text(json.dumps(notebook("First")))
    assert [one.title for one in lessons.all()] == ["First"]
    mine.write_text(json.dumps(notebook("Second")))
    assert [one.title for one in lessons.all()] == ["Second"]


def test_who_is_new_begins_with_the_first_lesson(kernel: Kernel) -> None:
    found = kernel.stands()
    assert found["next"] == "00_lesson"
    assert {entry["state"] for entry in found["lessons"]} == {"new"}
    assert kernel.stands([]) == {"lessons": [], "next": None}


def test_a_begun_lesson_goes_on_below_the_furthest_cell(kernel: Kernel) -> None:
    kernel.ran(
        noted("01_lesson", "seen-failing", restless=False),
        noted("01_lesson", "query"),
        noted("01_lesson", "query"),
        noted("01_lesson", "a-cell-of-ones-own"),
    )
    found = kernel.stands()
    assert found["next"] == "01_lesson"
    entry = found["lessons"][1]
    assert (entry["state"], entry["go_on_at"]) == ("begun", "answer")
    assert (entry["cells_run"], entry["cells"]) == (2, 4)
    assert (entry["checks_passed"], entry["checks"]) == (0, 1)


def test_a_lesson_is_done_when_its_checks_have_passed(kernel: Kernel) -> None:
    kernel.ran(
        noted("01_lesson", "check", ada=True),
        # What was passed once is learned, whatever is tried after it.
        noted("01_lesson", "check", ada=False),
    )
    found = kernel.stands()
    assert found["lessons"][1]["state"] == "done"
    assert found["lessons"][1]["go_on_at"] is None
    # Lesson 0 was skipped; after the last one it is offered.
    assert found["next"] == "02_lesson"
    kernel.ran(noted("02_lesson", "check", ada=True))
    assert kernel.stands()["next"] == "00_lesson"
    kernel.ran(noted("00_lesson", "check", ada=True))
    assert kernel.stands()["next"] is None


def test_a_lesson_without_checks_is_done_when_all_of_it_ran(kernel: Kernel) -> None:
    page = notebook()
    page["cells"] = page["cells"][:3]
    course = [lesson("00_read", page)]
    assert kernel.stands(course)["lessons"][0]["state"] == "new"
    kernel.ran(noted("00_read", "query"))
    assert kernel.stands(course)["lessons"][0]["state"] == "done"


def test_a_new_node_is_told_of_while_a_lesson_is_under_way(kernel: Kernel) -> None:
    kernel.ran(noted("00_lesson", "query"), noted("01_lesson", "check", ada=True))
    later = NOW + timedelta(hours=1)
    new = [e["node_is_new"] for e in kernel.stands(began=later)["lessons"]]
    assert new == [True, False, False]
    kernel.ran(noted("00_lesson", "query", later + timedelta(minutes=1)))
    assert not kernel.stands(began=later)["lessons"][0]["node_is_new"]


def test_the_record_grows_with_the_journal_and_survives_odd_lines(
    kernel: Kernel,
) -> None:
    record = Record(kernel.path)
    assert record.done() == {}
    half = noted("00_lesson", "check", ada=True)
    kernel.ran(noted("00_lesson", "query"), "no json\n", "[7]\n", half[:20])
    assert record.done()["00_lesson"].cells == {"query"}
    odd: list[Json] = [
        {"at": "yesterday"},
        {"notebook": 7},
        {"notebook": "/home/attendee/exercises/motd/motd.ipynb"},
        {"notebook": "/home/attendee/lessons/notes.txt"},
        {"cell": ""},
    ]
    whole = json.loads(noted("00_lesson", "odd"))
    kernel.ran(half[20:], *(json.dumps(whole | change) + "\n" for change in odd))
    kernel.ran(json.dumps(whole | {"checks": [7, {"id": 7, "passed": True}]}) + "\n")
    assert record.done()["00_lesson"].cells == {"query", "check", "odd"}
    assert record.done()["00_lesson"].checks == {"ada"}
    assert set(record.done()) == {"00_lesson"}
    kernel.path.write_text(noted("01_lesson", "query"))
    assert set(record.done()) == {"01_lesson"}
    kernel.path.unlink()
    assert record.done() == {}


def test_what_a_camp_did_not_ask_for_is_never_sent(tmp_path: Path) -> None:
    heard: list[str] = []

    class Camp:
        def call(self, method: str, path: str, json: Json, timeout: float) -> None:
            heard.extend(cell["cell"] for cell in json["cells"])

    kernel, camp = Kernel(tmp_path / "journal"), Camp()
    kernel.ran(noted("00_lesson", "of-an-earlier-server"))
    journal = Journal(kernel.path, LOG)
    kernel.ran(noted("00_lesson", "while-it-is-off"))
    journal.skip()
    kernel.ran(noted("00_lesson", "asked-for"))
    journal.report(camp)  # type: ignore[arg-type]
    assert heard == ["asked-for"]
    # A journal that somebody has removed begins anew.
    kernel.path.write_text(noted("00_lesson", "a"))
    journal.report(camp)  # type: ignore[arg-type]
    assert heard == ["asked-for", "a"]


@dataclass
class Seat:
    """A Jupyter server that no camp has started, and its home."""

    url: str
    home: Path

    def ask(self, method: str = "GET", path: str = "") -> requests.Response:
        return requests.request(
            method,
            f"{self.url}/puppetcamp/lessons{path}",
            headers={"Authorization": f"token {TOKEN}"},
            timeout=30,
        )


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    folder = tmp_path_factory.mktemp("seat")
    given_out = folder / "lessons"
    given_out.mkdir()
    for one in ("00_first", "01_second"):
        (given_out / f"{one}.ipynb").write_text(json.dumps(notebook(one)))
    with pytest.MonkeyPatch.context() as monkeypatch:
        ada = take_seat("ada", folder / "ada", "http://127.0.0.1:9", monkeypatch)
        ada.environment["PUPPETCAMP_LESSONS"] = str(given_out)
        with jupyter(ada) as address:
            yield Seat(address, ada.home)


def test_only_the_seats_owner_sees_the_page(seat: Seat) -> None:
    url = f"{seat.url}/puppetcamp/lessons"
    assert requests.get(url, timeout=30).status_code == 403
    assert requests.post(f"{url}/00_first", timeout=30).status_code == 403
    assert seat.ask("POST", "/..%2f..%2fetc").status_code == 404


def test_a_missing_lesson_is_put_back_and_a_changed_one_is_left(seat: Seat) -> None:
    entries = seat.ask().json()["lessons"]
    assert [(e["lesson"], e["path"]) for e in entries] == [
        ("00_first", None),
        ("01_second", None),
    ]
    there = seat.ask("POST", "/00_first")
    assert there.json() == {"path": "lessons/00_first.ipynb"}
    assert seat.ask().json()["lessons"][0]["path"] == "lessons/00_first.ipynb"
    mine = seat.home / "lessons" / "00_first.ipynb"
    mine.write_text("mine")
    assert seat.ask("POST", "/00_first").status_code == 200
    assert mine.read_text() == "mine"
    refused = seat.ask("POST", "/99_none")
    assert refused.status_code == 409
    assert "no lesson 99_none" in refused.json()["message"]


def test_kernels_are_told_where_to_note_their_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "")
    have_written(LOG)
    assert os.environ[VARIABLE] == str(journal_path())
    assert journal_path().parent.is_dir()
    assert journal_path().is_relative_to(tmp_path)


def test_the_page_sees_what_was_run_since_it_last_looked(seat: Seat) -> None:
    headers = {"Authorization": f"token {TOKEN}"}

    def last_activity() -> str:
        answer = requests.get(f"{seat.url}/api/status", headers=headers, timeout=30)
        said: str = answer.json()["last_activity"]
        return said

    Kernel(seat.home / ".local/share/puppetcamp/journal").ran(
        noted("01_second", "query", datetime.now(UTC))
    )
    before = last_activity()
    found = seat.ask().json()
    assert found["next"] == "01_second"
    assert found["lessons"][1]["cells_run"] == 1
    assert not found["lessons"][1]["node_is_new"]
    assert last_activity() == before, "looking at the page is no activity"
