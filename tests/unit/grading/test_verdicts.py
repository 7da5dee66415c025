"""A check earns points by a positive verdict and by nothing else."""

from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade

from puppetcamp.grading import verdicts
from puppetcamp.grading.verdicts import (
    MAX_OUTPUT,
    VERDICT_MIME,
    attendee_outputs,
    check_outputs,
    failure,
)

MAX_POINTS = 3.0


def verdict(passed: object, text: str = "fine") -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "data": {"text/plain": text, VERDICT_MIME: {"check": "a", "passed": passed}},
        "metadata": {},
    }


def stream(name: str, text: str = "text") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def result(value: str) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "data": {"text/plain": value},
        "metadata": {},
        "execution_count": 1,
    }


def points(outputs: list[dict[str, Any]]) -> float:
    """Ask nbgrader itself what a grade cell with these outputs is worth."""
    cell = nbformat.v4.new_code_cell(
        metadata={"nbgrader": {"grade": True, "solution": False, "points": MAX_POINTS}},
        outputs=[nbformat.from_dict(output) for output in outputs],
    )
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    score, _ = determine_grade(cell)
    assert score is not None
    return score


def test_a_positive_verdict_earns_the_points() -> None:
    assert points(check_outputs([verdict(True)])) == MAX_POINTS


def test_output_beside_a_positive_verdict_takes_nothing_away() -> None:
    outputs = check_outputs([stream("stderr"), result("0"), verdict(True)])
    assert points(outputs) == MAX_POINTS


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param([], id="nothing at all"),
        pytest.param([stream("stdout")], id="text"),
        pytest.param([stream("stderr")], id="text on standard error"),
        pytest.param([result("3")], id="a number as result"),
        pytest.param([result("1000000")], id="a number above the maximum"),
        pytest.param([verdict(False)], id="a negative verdict"),
        pytest.param([verdict("true")], id="a verdict that only reads like one"),
        pytest.param([verdict(1)], id="a verdict that is merely truthy"),
        pytest.param([verdict(None)], id="an empty verdict"),
        pytest.param([verdict(True), verdict(False)], id="two minds"),
        pytest.param([verdict(True), failure("Any", "reason")], id="and an error"),
        pytest.param(
            [{**result("passed"), "output_type": "display_data"}], id="a picture"
        ),
        pytest.param(
            [{**result("3"), "data": {VERDICT_MIME: {"passed": True}}}],
            id="a verdict as result",
        ),
    ],
)
def test_anything_else_earns_nothing_and_says_why(
    outputs: list[dict[str, Any]],
) -> None:
    done = check_outputs(outputs)
    assert points(done) == 0
    assert any(output["output_type"] == "error" for output in done)


def test_a_missing_verdict_is_named() -> None:
    assert check_outputs([])[-1]["ename"] == "NoVerdict"


def test_the_failure_that_the_checker_reports_stays_the_only_one() -> None:
    reported = [verdict(False), failure("ExpectationFailed", "mode is 0644")]
    assert check_outputs(reported) == reported


def test_a_long_output_is_left_out_and_the_verdict_stays() -> None:
    outputs = check_outputs([stream("stdout", "x" * MAX_OUTPUT), verdict(True)])
    assert points(outputs) == MAX_POINTS
    assert "left out" in outputs[0]["text"]


def test_a_long_output_of_a_failed_check_still_fails() -> None:
    outputs = check_outputs([stream("stdout", "x" * MAX_OUTPUT), verdict(False)])
    assert points(outputs) == 0


def test_a_long_error_is_shortened_and_stays_an_error() -> None:
    outputs = check_outputs([failure("Long", "x" * MAX_OUTPUT)])
    assert points(outputs) == 0
    assert len(str(outputs)) < MAX_OUTPUT


def test_an_attendees_cell_keeps_its_picture_and_loses_its_verdict() -> None:
    (output,) = attendee_outputs([verdict(True, "my picture")])
    assert output["data"] == {"text/plain": "my picture"}


def test_an_attendees_cell_has_neither_standard_error_nor_a_result() -> None:
    outputs = attendee_outputs([stream("stderr"), result("3")])
    assert [output["output_type"] for output in outputs] == ["stream", "display_data"]
    assert outputs[0]["name"] == "stdout"


def test_the_kernel_and_the_grader_mean_the_same_type() -> None:
    from puppet_kernel import display

    assert verdicts.VERDICT_MIME == display.VERDICT_MIME
