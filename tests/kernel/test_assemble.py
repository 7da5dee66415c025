"""Events become results: in Puppet's words, without its repetitions."""

from typing import Any

import pytest

from puppet_kernel.assemble import assemble, live_text
from puppet_kernel.cells import parse
from puppet_kernel.results import State

DONE: dict[str, Any] = {"ev": "done", "status": 0, "signal": None, "interrupted": None}
REPORT = {"ev": "report", "completed": True, "status": "unchanged"}
CELL = parse("\nfile { '/x': }")


def error(message: str, **more: object) -> dict[str, Any]:
    return {"ev": "log", "level": "err", "source": "Puppet", "message": message, **more}


@pytest.mark.parametrize(
    ("message", "told", "line"),
    [
        ("boo (line: 2) on node camp", "boo", 2),
        ("boo (line: 2, column: 3) on node camp.lan", "boo", 2),
        ("no 'a' (line: 2) on File[/x] (line: 2) on node n", "no 'a' on File[/x]", 2),
        (
            "already declared at (line: 2); cannot redeclare (line: 2)",
            "already declared at (line 2); cannot redeclare",
            2,
        ),
        ("boo\nWrapped exception:\nboo", "boo", None),
    ],
)
def test_places_are_taken_out_of_the_words(
    message: str, told: str, line: int | None
) -> None:
    (problem,) = assemble(CELL, [error(message), DONE], 0.1).errors
    assert (problem.message, problem.line) == (told, line)
    assert problem.excerpt == ("file { '/x': }" if line else "")


def test_a_place_in_a_file_is_not_a_place_in_the_cell() -> None:
    message = "boo (file: /m/init.pp, line: 2, column: 4) on node n"
    (problem,) = assemble(CELL, [error(message), DONE], 0.1).errors
    assert (problem.file, problem.line, problem.column) == ("/m/init.pp", 2, 4)
    assert problem.excerpt == ""


@pytest.mark.parametrize(
    "done",
    [
        {**DONE, "status": None, "signal": 9},
        {**DONE, "status": 0},
        {**DONE, "status": 1},
    ],
)
def test_an_end_without_a_report_is_an_error(done: dict[str, Any]) -> None:
    result = assemble(CELL, [done], 0.1)
    assert not result.completed
    assert not result.ok
    assert result.errors


def test_a_report_that_is_not_complete_is_an_error() -> None:
    result = assemble(CELL, [{**REPORT, "completed": False}, DONE], 0.1)
    assert not result.ok


def test_an_interrupted_run_is_not_complete() -> None:
    result = assemble(CELL, [REPORT, {**DONE, "interrupted": "stop"}], 0.1)
    assert result.interrupted
    assert not result.completed


@pytest.mark.parametrize(
    ("flags", "status", "state"),
    [
        ({}, None, State.UNCHANGED),
        ({"changed": True}, "success", State.CHANGED),
        ({}, "noop", State.PENDING),
        ({"changed": True}, "failure", State.FAILED),
        ({"failed": True}, None, State.FAILED),
        ({"skipped": True}, None, State.SKIPPED),
    ],
)
def test_states(flags: dict[str, bool], status: str | None, state: State) -> None:
    events = [{"property": "mode", "status": status}] if status else []
    event = {"ev": "resource", "ref": "File[/x]", "events": events, **flags}
    (resource,) = assemble(CELL, [event, REPORT, DONE], 0.1).resources
    assert resource.state is state


def test_what_was_left_out_is_said() -> None:
    assert "5,000 more bytes" in live_text({"ev": "truncated", "bytes": 5000})
    assert "3 more messages" in live_text({"ev": "dropped", "messages": 3})
