"""What is graded is read from notebooks that anybody may have written."""

from typing import Any

import nbformat
import pytest
from nbgrader.utils import is_grade, is_solution

from puppetcamp.grading import notebook as reading
from puppetcamp.grading.errors import NotebookRefused
from puppetcamp.grading.notebook import code_cells, language
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


@pytest.mark.parametrize("grade", [True, "true", 1, {}, None])
@pytest.mark.parametrize("solution", [False, True, 1, None])
def test_what_nbgrader_gives_points_for_is_a_check(
    grade: object, solution: object
) -> None:
    cell = code("x", grade=grade, solution=solution, grade_id="id", points=1)
    theirs = nbformat.from_dict(cell)
    graded_by_outputs = bool(is_grade(theirs)) and not is_solution(theirs)
    assert code_cells(notebook(cell))[0].check == graded_by_outputs


def test_a_task_is_no_check() -> None:
    task = code("x", grade=False, solution=False, task=True, points=4, grade_id="task")
    [cell] = code_cells(notebook(task))
    assert (cell.check, cell.points) == (False, None)


@pytest.mark.parametrize(
    ("points", "read"),
    [(2, 2.0), (0.5, 0.5), (-1, None), (True, None), ("2", None), (10**400, None)],
)
def test_points_are_numbers(points: object, read: float | None) -> None:
    cell = code("x", grade=True, solution=False, grade_id="id", points=points)
    assert code_cells(notebook(cell))[0].points == read


@pytest.mark.parametrize("grade_id", ["", " ", "a\nb", "\x1b[2J", "a\u202eb", 7, None])
def test_a_name_is_one_printable_line(grade_id: object) -> None:
    cell = code("x", grade=True, solution=False, grade_id=grade_id)
    assert code_cells(notebook(cell))[0].name == "cell 1"


def test_half_a_character_becomes_a_whole_one() -> None:
    assert code_cells(notebook(code("'\ud800'")))[0].source == "'?'"


@pytest.mark.parametrize(
    ("kernelspec", "spoken", "expected"),
    [
        ({"name": "puppet"}, "puppet", "puppet"),
        # What an attendee writes elsewhere does not change the kernel's word.
        ({"name": "puppet"}, "python", "puppet"),
        ({"name": "puppet", "language": "python"}, None, "puppet"),
        ({"name": "python3"}, None, "python"),
        # As nbgrader's own example says it, and as other machines name theirs.
        ({"name": "python", "language": "python"}, None, "python"),
        ({"name": "python3.12"}, None, "python"),
        ({"name": "conda-base-py", "language": "python"}, None, "python"),
        ({}, "python", "python"),
    ],
)
def test_the_kernel_says_the_language(
    kernelspec: dict[str, str], spoken: str | None, expected: str
) -> None:
    metadata = {"kernelspec": kernelspec, "language_info": {"name": spoken}}
    assert language({**notebook(), "metadata": metadata}) == expected


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "'ir'"),
        ({"kernelspec": {"name": "bash"}, "language_info": {"name": "python"}}, "bash"),
        ({"kernelspec": {"name": "pythonic"}}, "'pythonic'"),
        ({"kernelspec": {"name": ["python"]}}, "not named"),
        ({"kernelspec": "python"}, "not named"),
        ({}, "not named"),
        (None, "not named"),
    ],
)
def test_other_kernels_are_refused_with_the_ones_that_are_there(
    metadata: object, said: str
) -> None:
    with pytest.raises(NotebookRefused, match=said) as refused:
        language({**notebook(), "metadata": metadata})
    assert "Puppet and Python (python3)" in str(refused.value)


def test_lines_are_joined() -> None:
    cell = {**code(""), "source": ["a\n", "b"]}
    assert code_cells(notebook(cell))[0].source == "a\nb"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        pytest.param({}, "format 4", id="nothing"),
        pytest.param({**notebook(), "nbformat": 3}, "format 4", id="old"),
        pytest.param({**notebook(), "cells": "x"}, "format 4", id="no list"),
        pytest.param(
            notebook({**code(""), "source": {"x": 1}}), "cell 1", id="no text"
        ),
        pytest.param(
            notebook(*[code("")] * (reading.MAX_CELLS + 1)), "at most", id="many cells"
        ),
        pytest.param(
            notebook(*[{}] * (reading.MAX_ALL_CELLS + 1)), "at most", id="cells"
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
