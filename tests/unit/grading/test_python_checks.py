"""A Python check earns what nbgrader gives, but nothing by accident or by force."""

from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade

from puppetcamp.grading.notebook import CodeCell
from puppetcamp.grading.python_checks import judge
from puppetcamp.grading.verdicts import VERDICT_MIME
from puppetcamp_lab.grading import _ALLOWED, _has_verdict

MAX_POINTS = 3.0
CELL = CodeCell("check", "assert True", check=True, points=MAX_POINTS)


def stream(name: object, text: object = "text") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def result(value: object) -> dict[str, Any]:
    data = {"text/plain": value}
    return {**shown(data), "output_type": "execute_result", "execution_count": 1}


def error() -> dict[str, Any]:
    error = {"ename": "AssertionError", "evalue": "", "traceback": []}
    return {"output_type": "error", **error}


def shown(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def points(outputs: list[dict[str, Any]]) -> float:
    """Ask nbgrader itself, after what the lab's side asks of every check."""
    assert all(output["output_type"] in _ALLOWED for output in outputs)
    assert _has_verdict(outputs)
    cell = nbformat.v4.new_code_cell(
        metadata={"nbgrader": {"grade": True, "solution": False, "points": MAX_POINTS}},
        outputs=[nbformat.from_dict(output) for output in outputs],
    )
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    score, _ = determine_grade(cell)
    assert score is not None
    return score


@pytest.mark.parametrize(
    ("outputs", "earned"),
    [
        pytest.param([], 3, id="nothing said"),
        pytest.param([stream("stdout")], 3, id="text"),
        pytest.param([shown({"text/plain": "0"})], 3, id="a display"),
        pytest.param([result("0.5")], 0.5, id="partial credit"),
        pytest.param([result(["1.5"])], 1.5, id="partial credit in a list"),
        pytest.param([result("0")], 0, id="partial credit of nothing"),
        pytest.param([result("3.0")], 3, id="all of it"),
        pytest.param([result("'fine'")], 3, id="a result that is no number"),
        pytest.param([error()], 0, id="an error"),
        pytest.param([stream("stderr")], 0, id="a warning"),
        pytest.param([stream("stderr", "")], 0, id="an empty warning"),
        pytest.param([stream("stderr"), result("1")], 0, id="a warning and a number"),
    ],
)
def test_points_are_nbgraders(outputs: list[dict[str, Any]], earned: float) -> None:
    theirs = nbformat.v4.new_code_cell(
        metadata={"nbgrader": {"grade": True, "solution": False, "points": MAX_POINTS}},
        outputs=[nbformat.from_dict(output) for output in outputs],
    )
    assert points(judge(CELL, outputs).outputs) == earned == determine_grade(theirs)[0]


@pytest.mark.parametrize("value", ["-1", "4", "nan", "inf", "-inf", "1e400", "3.0001"])
def test_a_number_out_of_range_earns_nothing_and_is_told(value: str) -> None:
    judged = judge(CELL, [result(value)])
    assert points(judged.outputs) == 0
    assert "points of 3" in judged.flags[0]


@pytest.mark.parametrize(
    ("outputs", "earned"),
    [
        pytest.param([result("3"), error()], 0, id="an error after a result"),
        pytest.param([result("3"), stream("stderr")], 0, id="a warning after a result"),
        pytest.param([result("3"), result("1")], 1, id="two numbers"),
        pytest.param([result("3"), result("nan")], 0, id="a number and none"),
        pytest.param([result("'x'"), result("1")], 1, id="a text before a number"),
    ],
)
def test_what_comes_first_is_not_the_last_word(
    outputs: list[dict[str, Any]], earned: float
) -> None:
    assert points(judge(CELL, outputs).outputs) == earned


def test_several_results_and_texts_are_told() -> None:
    assert "several results" in judge(CELL, [result("3"), result("1")]).flags[0]
    assert "no number" in judge(CELL, [result("False")]).flags[0]
    assert judge(CELL, [result("1")]).flags == ()


def test_a_maximum_that_is_unknown_bounds_nothing() -> None:
    unknown = CodeCell("check", "1", check=True, points=None)
    assert points(judge(unknown, [result("1")]).outputs) == 0


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "execute_result"},
        {"output_type": "execute_result", "data": "x"},
        {"output_type": "execute_result", "data": {"text/plain": {"a": 1}}},
        {"output_type": "update_display_data", "data": {}},
        {"output_type": ["stream"]},
        {"output_type": "stream", "name": {"a": 1}, "text": 7},
        {"output_type": "display_data", "data": {VERDICT_MIME: {"passed": False}}},
    ],
)
def test_odd_outputs_are_harmless(output: dict[str, Any]) -> None:
    judged = judge(CELL, [output])
    assert points(judged.outputs) == MAX_POINTS
    assert [out for out in judged.outputs if VERDICT_MIME in out.get("data", {})] == [
        judged.outputs[-1]
    ]


def test_a_verdict_of_the_attendees_is_dropped() -> None:
    forged = shown({VERDICT_MIME: {"passed": True}, "text/plain": "fine"})
    judged = judge(CELL, [forged, error()])
    assert points(judged.outputs) == 0
    assert VERDICT_MIME not in str(judged.outputs)
