"""The grading step believes nothing that it can't read, and never gives points away."""

from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade

from puppetcamp_lab import grading
from puppetcamp_lab.grading import VERDICT_MIME, GradingFailed

PASSED = {
    "output_type": "display_data",
    "data": {"text/plain": "fine", VERDICT_MIME: {"check": "a", "passed": True}},
    "metadata": {},
}
FAILED = {**PASSED, "data": {VERDICT_MIME: {"check": "a", "passed": False}}}
STDERR = {"output_type": "stream", "name": "stderr", "text": "text"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
INPUT = {**PASSED, "output_type": "update_display_data"}


def cell() -> nbformat.NotebookNode:
    metadata = {"nbgrader": {"grade": True, "solution": False, "points": 2}}
    return nbformat.v4.new_code_cell("%%expect", metadata=metadata)


def points(outputs: list[dict[str, Any]]) -> float:
    graded = cell()
    answer = {
        "cells": [{"outputs": outputs}],
        "flags": [],
        "seconds": 1.0,
        "refused": None,
    }
    grading._fill([graded], answer, "first of ada")
    nbformat.validate(nbformat.v4.new_notebook(cells=[graded]))
    score, _ = determine_grade(graded)
    assert score is not None
    return score


@pytest.mark.parametrize("outputs", [[PASSED], [STDERR, PASSED]])
def test_a_positive_verdict_earns_points(outputs: list[dict[str, Any]]) -> None:
    assert points(outputs) == 2


@pytest.mark.parametrize(
    "outputs", [[], [STDERR], [FAILED], [ERROR], [PASSED, ERROR], [FAILED, STDERR]]
)
def test_without_one_there_are_none(outputs: list[dict[str, Any]]) -> None:
    assert points(outputs) == 0


def test_fewer_cells_than_sent_are_no_grading() -> None:
    answer = {
        "cells": [{"outputs": [PASSED]}],
        "flags": [],
        "seconds": 1.0,
        "refused": None,
    }
    with pytest.raises(GradingFailed, match="2 code cells were sent and 1 came back"):
        grading._fill([cell(), cell()], answer, "first of ada")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"cells": [], "flags": []},
        {"cells": {}, "flags": [], "seconds": 1},
        {"cells": [], "flags": [], "seconds": 1},
        {"cells": [], "flags": [], "seconds": 1, "refused": 0},
        {"cells": [[]], "flags": [], "seconds": 1, "refused": None},
        {"cells": [{"outputs": None}], "flags": [], "seconds": 1, "refused": None},
        {"cells": [{"outputs": ["text"]}], "flags": [], "seconds": 1, "refused": None},
        {"cells": [{"outputs": [INPUT]}], "flags": [], "seconds": 1, "refused": None},
    ],
)
def test_an_answer_of_another_form_is_no_grading(answer: object) -> None:
    assert not grading._is_grading(answer)


def test_only_code_and_marks_are_sent() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("private", attachments={"a.png": {}}),
            cell(),
        ],
        metadata={
            "kernelspec": {"name": "puppet", "display_name": "Puppet"},
            "author": "ada",
        },
    )
    sent = grading._slim(notebook)
    assert "private" not in str(sent)
    assert "author" not in str(sent)
    assert "a.png" not in str(sent)
    assert [cell["source"] for cell in sent["cells"]] == ["", "%%expect"]


def test_the_verdicts_type_is_the_kernels() -> None:
    from puppet_kernel.display import VERDICT_MIME as KERNELS

    assert VERDICT_MIME == KERNELS


def test_control_characters_reach_no_terminal() -> None:
    assert grading.visible("\x1b[2J\x07 ü\n") == "\\x1b[2J\\x07 ü\\n"
