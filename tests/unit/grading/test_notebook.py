"""What is graded is read from notebooks that anybody may have written."""

from typing import Any

import pytest

from puppetcamp.grading import notebook as reading
from puppetcamp.grading.errors import NotebookRefused
from puppetcamp.grading.notebook import code_cells
from tests.unit.grading.notebooks import check, code, notebook


def test_code_cells_come_in_order_with_their_names() -> None:
    text = {"cell_type": "markdown", "source": "text", "metadata": {}}
    cells = code_cells(notebook(text, code("a"), check("b", "id"), code("c")))
    assert [(cell.name, cell.source, cell.check) for cell in cells] == [
        ("cell 2", "a", False),
        ("id", "b", True),
        ("cell 4", "c", False),
    ]


def test_a_manually_graded_answer_is_no_check() -> None:
    essay = code("x", grade=True, solution=True, grade_id="essay")
    assert not code_cells(notebook(essay))[0].check


@pytest.mark.parametrize("grade", ["true", 1, None, {}])
def test_only_true_makes_a_check(grade: object) -> None:
    cell = code("x", grade=grade, solution=False, grade_id="id")
    assert not code_cells(notebook(cell))[0].check


def test_lines_are_joined() -> None:
    cell = {**code(""), "source": ["a\n", "b"]}
    assert code_cells(notebook(cell))[0].source == "a\nb"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        pytest.param({}, "format 4", id="nothing"),
        pytest.param({**notebook(), "nbformat": 3}, "format 4", id="old"),
        pytest.param({**notebook(), "cells": "x"}, "format 4", id="no list"),
        pytest.param(notebook(kernel="python3"), "'python3'", id="Python"),
        pytest.param({**notebook(), "metadata": None}, "None", id="no metadata"),
        pytest.param(
            notebook({**code(""), "source": {"x": 1}}), "cell 1", id="no text"
        ),
        pytest.param(
            notebook(*[code("")] * (reading.MAX_CELLS + 1)), "at most", id="many cells"
        ),
        pytest.param(
            notebook(code("x" * (reading.MAX_SOURCE + 1))), "at most", id="giant"
        ),
    ],
)
def test_what_cannot_be_graded_is_refused(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(NotebookRefused, match=said):
        code_cells(broken)


@pytest.mark.parametrize("metadata", [None, [], "x", {"nbgrader": "x"}])
def test_odd_metadata_is_no_check(metadata: object) -> None:
    cell = {**code("x"), "metadata": metadata}
    assert not code_cells(notebook(cell))[0].check
