"""The grading API's shape: who may ask, what is refused, which status says why."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from puppetcamp.errors import GradingError
from puppetcamp.grading.api import router
from puppetcamp.grading.errors import (
    NotebookRefused,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.grading.runner import Graded
from puppetcamp.identity import Person, Role, current_person
from tests.unit.grading.notebooks import check, notebook

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "fine"}


class Canned:
    """Grade everything in the same way."""

    def __init__(self, answer: Graded | GradingError) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def run(self, notebook: dict[str, Any], *, exercise: str, attendee: str) -> Graded:
        self.asked.append((exercise, attendee))
        if isinstance(self.answer, GradingError):
            raise self.answer
        return self.answer


async def ask(
    grader: Canned, body: dict[str, object], role: Role = Role.INSTRUCTOR
) -> httpx.Response:
    app = FastAPI()
    app.include_router(router(grader))
    app.dependency_overrides[current_person] = lambda: Person("ines", role)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://camp") as http:
        return await http.post("/api/grading/run", json=body)


def body(**changes: object) -> dict[str, object]:
    return {
        "exercise": "motd",
        "attendee": "ada",
        "notebook": notebook(check("%%expect")),
        **changes,
    }


DONE = Graded(([OUTPUT], []), ("cell 1: slow",), 1.5)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ORGANIZER])
async def test_staff_gets_outputs_and_flags(role: Role) -> None:
    grader = Canned(DONE)
    answer = await ask(grader, body(), role)
    assert answer.status_code == 200
    assert answer.json() == {
        "cells": [{"outputs": [OUTPUT]}, {"outputs": []}],
        "flags": ["cell 1: slow"],
        "seconds": 1.5,
    }
    assert grader.asked == [("motd", "ada")]


async def test_attendees_get_nothing_and_run_nothing() -> None:
    grader = Canned(DONE)
    assert (await ask(grader, body(), Role.ATTENDEE)).status_code == 403
    assert grader.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "../etc"},
        {"attendee": ""},
        {"notebook": "text"},
        {"points": 5},
    ],
)
async def test_a_malformed_request_is_refused(wrong: dict[str, object]) -> None:
    grader = Canned(DONE)
    assert (await ask(grader, body(**wrong))).status_code == 422
    assert grader.asked == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotebookRefused("The kernel is 'python3'."), 422),
        (SandboxUnavailable("Docker is away."), 503),
        (SandboxTimeout("The machine is overloaded."), 504),
        (GradingError("Something else."), 500),
    ],
)
async def test_every_failure_has_its_status_and_sentence(
    error: GradingError, status: int
) -> None:
    answer = await ask(Canned(error), body())
    assert (answer.status_code, answer.json()) == (status, {"detail": str(error)})
