"""A check earns points by a positive verdict and by nothing else."""

from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade

from puppetcamp.grading import verdicts
from puppetcamp.grading.verdicts import (
    MAX_OUTPUT,
    MAX_OUTPUTS,
    MAX_PICTURES,
    STRANGER_TYPES,
    VERDICT_MIME,
    attendee_outputs,
    check_outputs,
    failure,
)
from tests.unit.grading.test_images import png, text

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


def shown(**data: object) -> dict[str, Any]:
    """Make a display; a type's slash is written as two underscores."""
    types = {name.replace("__", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": types, "metadata": {"x": "<b>"}}


def test_the_kernels_own_tables_stay_and_metadata_goes() -> None:
    output = shown(text__plain="a", text__html="<table></table>", text__markdown="[a]")
    data = {"text/plain": "a", "text/html": "<table></table>"}
    assert attendee_outputs([output]) == [{**output, "data": data, "metadata": {}}]


@pytest.mark.parametrize(
    "kind",
    [
        *("text/html", "image/svg+xml", "application/javascript", "text/latex"),
        *("text/markdown", "application/vnd.jupyter.widget-view+json"),
    ],
)
def test_strangers_show_nothing_that_a_browser_runs(kind: str) -> None:
    active = {
        "output_type": "display_data",
        "data": {kind: "<script>alert(1)</script>"},
    }
    [output] = attendee_outputs([active], STRANGER_TYPES)
    assert output["data"] == {"text/plain": f"(An output was left out: {kind}.)"}
    active["data"] = {kind: "<script>", "text/plain": "a figure"}
    [output] = attendee_outputs([active], STRANGER_TYPES)
    assert output["data"] == {"text/plain": "a figure"}


def test_pictures_are_kept_while_there_is_room() -> None:
    picture = text(png() + bytes(MAX_PICTURES // 4))
    outputs = attendee_outputs(
        [shown(image__png=picture, text__plain=str(n)) for n in range(5)],
        STRANGER_TYPES,
    )
    assert ["image/png" in output["data"] for output in outputs] == [True] * 2 + (
        [False] * 3
    )
    [forged] = attendee_outputs([shown(image__png="PHN2Zz4=")], STRANGER_TYPES)
    assert "image/png" not in forged["data"]


def test_words_of_an_error_command_nobody() -> None:
    hostile = {
        "output_type": "error",
        "ename": "\x1b[2JError",
        "evalue": "a\u202eb\x00",
        "traceback": ["\x1b]0;title\x07line", {"a": 1}, None],
    }
    [output] = attendee_outputs([hostile])
    assert (output["ename"], output["evalue"]) == ("Error", "a\ufffdb")
    assert output["traceback"] == ["line", "", ""]


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": None},
        {"output_type": {"a": 1}},
        {"output_type": "error", "ename": 7, "traceback": "x"},
        {"output_type": "stream", "text": {"a": 1}},
        {"output_type": "display_data", "data": ["text/plain"]},
        {"output_type": "display_data", "data": {"text/plain": {"a": 1}, 7: "x"}},
    ],
)
@pytest.mark.parametrize("types", [verdicts.KERNEL_TYPES, STRANGER_TYPES])
def test_odd_outputs_become_valid_ones(
    output: dict[str, Any], types: tuple[str, ...]
) -> None:
    made = attendee_outputs([output], types)
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.from_dict(output) for output in made]
    )
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert points(check_outputs([output])) == 0


def test_a_verdict_is_bounded_and_cleaned() -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    output = verdict(True)
    output["data"][VERDICT_MIME] |= {"deep": deep, "reason": "\x1b[2Jx" * 10**5}
    [made] = check_outputs([output])
    kept = made["data"][VERDICT_MIME]
    assert kept["passed"] is True
    assert len(str(kept)) < 5000
    assert "\x1b" not in kept["reason"]


def test_many_small_outputs_are_too_many() -> None:
    many = [stream("stdout", "x")] * (MAX_OUTPUTS + 1)
    assert len(check_outputs([*many, verdict(True)])) == 2
    assert points(check_outputs([*many, verdict(True)])) == MAX_POINTS
