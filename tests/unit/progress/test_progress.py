"""What seats report is bounded, summed up, and tells who is stuck."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from puppetcamp.progress.schemas import CellReport, ProgressReport
from puppetcamp.progress.store import CELLS, ProgressStore
from puppetcamp.progress.stuck import FORGOTTEN, CellFailures, stuck
from tests.unit.sessions.support import HOUR, MINUTE, NOW


def run(cell: str, status: str = "ok", **more: Any) -> CellReport:
    report = {"at": NOW, "notebook": "lessons/01.ipynb", "cell": cell, "status": status}
    return CellReport.model_validate(report | more)


def test_cells_are_counted_by_their_last_run(engine: Engine) -> None:
    store = ProgressStore(engine)
    checks = [{"id": "x", "passed": True}, {"id": "y", "passed": False}]
    store.report("ada", [run("a", "failed"), run("a"), run("b", "refused")], NOW)
    assert store.report("ada", [run("c", "failed", checks=checks)], NOW) == 1
    (notebook,) = store.progress()["ada"].notebooks
    assert (notebook.cells_run, notebook.cells_failed) == (3, 2)
    assert (notebook.checks, notebook.checks_passed) == (2, 1)


def test_failures_in_a_row_begin_anew_after_a_success(engine: Engine) -> None:
    store = ProgressStore(engine)
    store.report("ada", [run("a", "failed")] * 3, NOW)
    (failing,) = store.progress()["ada"].failing
    assert (failing.in_a_row, failing.first) == (3, NOW)
    store.report("ada", [run("a"), run("a", "failed")], NOW)
    assert store.progress()["ada"].failing == ()


def test_a_seat_that_reports_for_ever_does_not_fill_the_disk(engine: Engine) -> None:
    store = ProgressStore(engine)
    for hundred in range(CELLS // 100 + 2):
        at = NOW - HOUR + timedelta(seconds=hundred)
        cells = [run(f"{hundred}-{n}", at=at) for n in range(100)]
        store.report("ada", cells, NOW)
    (notebook,) = store.progress()["ada"].notebooks
    assert notebook.cells_run <= CELLS


def test_a_seats_clock_is_not_ahead_of_the_camps() -> None:
    assert run("a", at=NOW + HOUR).happened(NOW) == NOW
    assert run("a", at=NOW - HOUR).happened(NOW) == NOW - HOUR


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [run("a").model_dump()] * 101,
        [run("a").model_dump() | {"notebook": "x" * 256}],
        [run("a").model_dump() | {"cell": "\x00"}],
        [run("a").model_dump() | {"status": "great"}],
        [run("a").model_dump() | {"seconds": -1}],
        [run("a").model_dump() | {"at": "2026-11-23T09:00:00"}],
    ],
)
def test_reports_of_another_shape_are_refused(cells: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        ProgressReport.model_validate({"cells": cells})


def failing(cell: str, in_a_row: int, last: timedelta) -> CellFailures:
    return CellFailures("01.ipynb", cell, in_a_row, NOW - HOUR, NOW + last)


def test_stuck_is_who_fails_at_one_cell_again_and_again() -> None:
    three, zero = failing("a", 3, -MINUTE), timedelta(0)
    assert stuck([failing("a", 2, zero)], None, NOW) is None
    found = stuck([three, failing("b", 5, zero)], NOW - 2 * MINUTE, NOW)
    assert found is not None
    assert "failed 5 times" in found.why
    assert stuck([three], NOW, NOW) is None, "another cell succeeded since"
    assert stuck([failing("a", 9, -FORGOTTEN)], None, NOW) is None, "they went on"
