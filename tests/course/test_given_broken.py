"""Prove that an exercise may give a broken manifest to repair."""

from pathlib import Path
from typing import Any

import pytest

from puppetcamp.course import proof
from puppetcamp.course.folder import Course
from puppetcamp.course.marking import mark
from puppetcamp.course.pages import Page, read
from puppetcamp.grading.graded import Graded
from tests.course.spoilt import Cell, answer, bare_answer, check, exercise, task

BROKEN = "file { '/srv/good'\n  ensure => file,\n  mode   => '0640',\n}"
GOOD = BROKEN.replace("good'\n", "good':\n")
BODY = (
    "file { '/srv/good':\n  ensure => file,\n"
    "### BEGIN HIDDEN TESTS\n  mode => '0640',\n### END HIDDEN TESTS\n}"
)
ERROR = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": []}


def _given(source: str, **metadata: Any) -> Cell:
    cell = bare_answer("given", source)
    cell["metadata"]["nbgrader"] |= {"solution": False, "locked": True}
    cell["metadata"] |= metadata
    return cell


def _course(folder: Path, given: Cell) -> Page:
    cells = [task("Repair it."), given, answer("good", GOOD), check("made", BODY)]
    wrong = {f"made__{number}.pp": "# nothing" for number in range(4)}
    exercise(folder, "repair", cells, wrong)
    return read(folder / "source" / "repair" / "repair.ipynb")


def test_what_is_given_broken_gives_nothing_away(tmp_path: Path) -> None:
    _course(tmp_path, _given(BROKEN, tags=["raises-exception"]))
    (found,) = proof.look(Course(tmp_path))
    assert found.faults == []


def test_what_is_given_whole_does(tmp_path: Path) -> None:
    _course(tmp_path, _given(GOOD))
    (found,) = proof.look(Course(tmp_path))
    assert [fault.cell for fault in found.faults] == ["given", "given"]


class _Runner:
    """Answer with prepared outputs instead of grading."""

    def __init__(self, *outputs: list[dict[str, Any]]) -> None:
        self._outputs = outputs

    def run(self, *_: Any, **__: Any) -> Graded:
        return Graded(self._outputs, (), 0.0)


@pytest.mark.parametrize(
    ("given", "trouble"),
    [([ERROR], ()), ([], (("given", "it is meant to fail, and did not"),))],
)
def test_it_has_to_fail(
    given: list[dict[str, Any]], trouble: tuple[object, ...], tmp_path: Path
) -> None:
    page = _course(tmp_path, _given(BROKEN, tags=["raises-exception"]))
    runner: Any = _Runner(given, [], [])
    assert mark(runner, page, {}, exercise="repair").trouble == trouble
