"""The grading API's shape: who may ask, what is refused, which status says why."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from puppetcamp.database import create_tables, open_engine
from puppetcamp.errors import GradingError
from puppetcamp.grading.api import MAX_BODY, router
from puppetcamp.grading.errors import (
    NotebookRefused,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.jobs.queue import JobQueue
from puppetcamp.grading.jobs.store import JobStore
from puppetcamp.identity import Person, Role, current_person
from tests.unit.grading.notebooks import check, notebook

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "fine"}
DONE = Graded(([OUTPUT], []), ("cell 1: slow",), 1.5)
BATCH = "0" * 32


class Canned:
    """Grade everything in the same way."""

    def __init__(self) -> None:
        self.answer: Graded | GradingError = DONE
        self.asked: list[tuple[str, str]] = []
        self.files: Mapping[str, str] | None = None

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        exercise: str,
        attendee: str,
        files: Mapping[str, str] | None = None,
    ) -> Graded:
        self.asked.append((exercise, attendee))
        self.files = files
        if isinstance(self.answer, GradingError):
            raise self.answer
        return self.answer


@pytest.fixture
def role() -> Role:
    return Role.INSTRUCTOR


@pytest.fixture
def grader() -> Canned:
    return Canned()


@pytest.fixture
async def http(
    grader: Canned, role: Role, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    queue = JobQueue(
        JobStore(engine),
        grader,
        version=lambda: "v1",
        clock=lambda: datetime.now(UTC),
        slots=1,
    )
    queue.start()
    app = FastAPI()
    app.include_router(router(queue))
    app.dependency_overrides[current_person] = lambda: Person("ines", role)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://camp") as client:
        yield client
    queue.stop()
    engine.dispose()


def body(**changes: object) -> dict[str, object]:
    return {
        "exercise": "motd",
        "attendee": "ada",
        "notebook": notebook(check("%%expect")),
        **changes,
    }


RUN, JOBS = "/api/grading/run", "/api/grading/jobs"


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ORGANIZER])
async def test_staff_gets_outputs_and_flags(
    http: httpx.AsyncClient, grader: Canned
) -> None:
    answer = await http.post(RUN, json=body(files={"data.csv": "YQ=="}))
    assert answer.status_code == 200
    assert answer.json() == {
        "cells": [{"outputs": [OUTPUT]}, {"outputs": []}],
        "flags": ["cell 1: slow"],
        "seconds": 1.5,
        "refused": None,
    }
    assert grader.asked == [("motd", "ada")]
    assert grader.files == {"data.csv": "YQ=="}


@pytest.mark.parametrize("role", [Role.ATTENDEE])
async def test_attendees_get_nothing_and_run_nothing(
    http: httpx.AsyncClient, grader: Canned
) -> None:
    many = {"batch": BATCH, "submissions": [body()]}
    answers = [
        await http.post(RUN, json=body()),
        await http.post(JOBS, json=many),
        await http.get(JOBS),
        await http.get("/api/grading/progress", params={"batch": BATCH}),
        await http.delete(JOBS, params={"batch": BATCH}),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert grader.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "../etc"},
        {"attendee": ""},
        {"attendee": "a/b"},
        {"notebook": "text"},
        {"points": 5},
        {"batch": "mine"},
        {"files": {"/etc/passwd": ""}},
    ],
)
async def test_a_malformed_request_is_refused(
    http: httpx.AsyncClient, grader: Canned, wrong: dict[str, object]
) -> None:
    answer = await http.post(RUN, json=body(**wrong))
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)
    assert grader.asked == []


async def test_a_request_is_measured_before_it_is_read(http: httpx.AsyncClient) -> None:
    headers = {"Content-Length": str(MAX_BODY + 1)}
    answer = await http.post(RUN, content=b"{}", headers=headers)
    assert answer.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        yield b"{}"

    assert (await http.post(RUN, content=endless())).status_code == 411


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SandboxUnavailable("Docker is away."), 503),
        (SandboxTimeout("The machine is overloaded."), 504),
        (GradingError("Something else."), 500),
    ],
)
async def test_every_failure_has_its_status_and_sentence(
    http: httpx.AsyncClient, grader: Canned, error: GradingError, status: int
) -> None:
    grader.answer = error
    answer = await http.post(RUN, json=body())
    assert (answer.status_code, answer.json()) == (status, {"detail": str(error)})
    (job,) = (await http.get(JOBS, params={"exercise": "motd"})).json()
    assert (job["state"], job["reason"]) == ("failed", str(error))


async def test_what_cannot_be_graded_is_worth_nothing(
    http: httpx.AsyncClient, grader: Canned
) -> None:
    grader.answer = NotebookRefused("The kernel is 'cobol'.")
    answer = (await http.post(RUN, json=body())).json()
    assert (answer["refused"], answer["cells"]) == ("The kernel is 'cobol'.", [])
    assert len(answer["flags"]) == 1


async def test_a_batch_is_graded_once_and_again_on_request(
    http: httpx.AsyncClient, grader: Canned
) -> None:
    submissions = [body(attendee=name) for name in ("ada", "bob")]
    many = {"batch": BATCH, "submissions": submissions}
    accepted = await http.post(JOBS, json=many)
    assert accepted.status_code == 202
    assert [job["attendee"] for job in accepted.json()] == ["ada", "bob"]
    for submission in submissions:
        assert (await http.post(RUN, json={**submission, "batch": BATCH})).is_success
    assert sorted(grader.asked) == [("motd", "ada"), ("motd", "bob")]
    progress = await http.get("/api/grading/progress", params={"batch": BATCH})
    assert progress.json() == {
        **{"total": 2, "done": 2, "failed": 0, "running": [], "seconds_left": 0}
    }
    await http.post(RUN, json=body(attendee="ada", again=True))
    assert len(grader.asked) == 3
    assert (await http.delete(JOBS, params={"batch": BATCH})).json() == {"cancelled": 0}
