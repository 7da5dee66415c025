"""What attendees submit is read with suspicion, and the course's cells are put back."""

import base64
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearHiddenTests

from puppetcamp_lab.autograding import reading
from puppetcamp_lab.autograding.batch import Progress, left
from puppetcamp_lab.autograding.reading import (
    Unreadable,
    files_beside,
    in_place_of,
    language,
    read_notebook,
)
from puppetcamp_lab.autograding.restore import CourseCell, restore

HIDDEN = (
    "%%expect b\nfile { '/b': \n### BEGIN HIDDEN TESTS\nmode => '0600',\n"
    "### END HIDDEN TESTS\n}"
)


def course_cell(
    name: str,
    source: str = "",
    points: float | None = None,
    *,
    solution: bool = False,
    locked: bool = True,
) -> CourseCell:
    return CourseCell(name, "code", source, "sum", locked, solution, False, points)


COURSE = {
    cell.name: cell
    for cell in (
        course_cell("a", "stub", solution=True, locked=False),
        course_cell("check_a", "%%expect check_a\nfile { '/a': }", 2),
        course_cell("b", "stub", solution=True, locked=False),
        course_cell("check_b", HIDDEN, 3),
    )
}


def submitted() -> nbformat.NotebookNode:
    """Give a notebook as it was released, with answers and a cell of one's own."""
    cells = [new_markdown_cell("# Task")]
    for ours in COURSE.values():
        cell = ours.cell()
        ClearHiddenTests()._remove_hidden_test_region(cell)
        if ours.solution:
            cell.source = f"answer {ours.name}"
        cells.append(cell)
    cells.insert(2, new_code_cell("notice('mine')"))
    return new_notebook(cells=cells)


def restored(nb: nbformat.NotebookNode) -> list[str]:
    flags = restore(nb, COURSE, ClearHiddenTests())
    nbformat.validate(nb)
    return flags


def roles(nb: nbformat.NotebookNode) -> list[str]:
    """Name the cells of the course in their order; others are dashes."""
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "-") for cell in nb.cells]


def test_an_honest_submission_stays_as_it_is() -> None:
    nb = submitted()
    assert restored(nb) == []
    assert roles(nb) == ["-", "a", "-", "check_a", "b", "check_b"]
    assert nb.cells[1].source == "answer a"


@pytest.mark.parametrize(
    "change",
    [{"solution": True}, {"grade": False}, {"points": 90}, {"task": True}],
)
def test_a_check_stays_a_check(change: dict[str, object]) -> None:
    nb = submitted()
    nb.cells[3].metadata.nbgrader.update(change)
    assert restored(nb) == ["cell check_a: its role or its points were changed"]
    assert nb.cells[3].metadata.nbgrader == COURSE["check_a"].metadata


def test_a_strangers_cell_earns_nothing() -> None:
    nb = submitted()
    forged = course_cell("extra", "notice('free points')", 50).cell()
    nb.cells.append(forged)
    assert restored(nb) == [
        "cell extra claims points, but is not one of the course's cells"
    ]
    assert "nbgrader" not in nb.cells[-1].metadata


def test_of_two_checks_with_one_name_one_counts() -> None:
    nb = submitted()
    nb.cells.insert(1, COURSE["check_b"].cell())
    assert restored(nb) == ["cell check_b claims points, but is there twice"]
    assert roles(nb).count("check_b") == 1


def test_missing_and_moved_checks_come_back_in_their_places() -> None:
    nb = submitted()
    del nb.cells[3]
    assert restored(nb) == ["graded cell check_a was missing"]
    assert roles(nb) == ["-", "a", "check_a", "-", "b", "check_b"]
    nb = submitted()
    nb.cells.insert(0, nb.cells.pop())
    assert restored(nb) == ["cells were moved; each check was run in its own place"]
    assert roles(nb) == ["-", "a", "check_a", "-", "b", "check_b"]


def test_a_rewritten_check_is_told_and_a_kind_of_cell_restored() -> None:
    nb = submitted()
    nb.cells[5].source = "%%expect b\nfile { '/': }"
    nb.cells[3] = new_markdown_cell("text", metadata=nb.cells[3].metadata)
    flags = restored(nb)
    assert any("check check_b: its text was changed" in flag for flag in flags)
    assert any("cell check_a: markdown stood" in flag for flag in flags)
    assert nb.cells[3].cell_type == "code"


@pytest.mark.parametrize(
    "metadata", [1, [], {"grade_id": 5}, {"grade_id": []}, {"grade": True}]
)
def test_metadata_of_any_form_is_no_obstacle(metadata: object) -> None:
    nb = submitted()
    nb.cells[2].metadata["nbgrader"] = metadata
    restored(nb)
    assert roles(nb)[2] == "-"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{}]}',
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": 5}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "first.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"first.ipynb is no notebook"):
        read_notebook(path)


def test_missing_large_and_linked_notebooks_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "first.ipynb"
    (tmp_path / "mine.ipynb").write_text("{}")
    with pytest.raises(Unreadable, match=r"holds no notebook .*; there is mine.ipynb"):
        read_notebook(path)
    path.symlink_to(tmp_path / "mine.ipynb")
    with pytest.raises(Unreadable, match="holds no notebook"):
        read_notebook(path)
    path.unlink()
    path.write_text("x" * 100)
    monkeypatch.setattr(reading, "MAX_NOTEBOOK", 99)
    with pytest.raises(Unreadable, match="MiB large"):
        read_notebook(path)


def test_the_courses_cells_stand_in_for_an_unreadable_notebook() -> None:
    kernel = '{"name": "puppet", "display_name": "Puppet"}'
    nb = in_place_of(COURSE.values(), kernel, "<script> in `x`.ipynb")
    nbformat.validate(nb)
    assert nb.cells[0].source.endswith(r"\<script\> in \`x\`.ipynb")
    assert roles(nb) == ["-", *COURSE]
    assert restored(nb) == []
    assert language(nb) == "puppet"


def test_files_travel_with_the_courses_in_front(tmp_path: Path) -> None:
    submitted, source = tmp_path / "submitted", tmp_path / "source"
    for folder in (submitted, source):
        (folder / "data").mkdir(parents=True)
    (submitted / "timestamp.txt").write_text("now")
    (submitted / "first.ipynb").write_text("{}")
    (submitted / "mine.csv").write_text("mine")
    (submitted / "data" / "in.csv").write_text("forged")
    (source / "data" / "in.csv").write_text("ours")
    (submitted / "link").symlink_to("/etc/hostname")
    files = files_beside(submitted, source, [])
    read = {name: base64.b64decode(packed) for name, packed in files.items()}
    assert read == {"data/in.csv": b"ours", "mine.csv": b"mine"}


def test_too_many_files_are_a_reason_not_to_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.csv").write_text("x" * 100)
    monkeypatch.setattr(reading, "MAX_FILES_BYTES", 99)
    with pytest.raises(Unreadable, match="taken along"):
        files_beside(tmp_path, tmp_path / "none", [])


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "; the first one will tell how long it takes"),
        (1, "; about 5 s left"),
        (43, "; about 45 s left"),
        (200, "; about 3 min left"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_can_be(
    seconds: float | None, said: str
) -> None:
    assert left(seconds, finished=False) == said
    progress = Progress(3, 1, 0, ("ada", "bob"), seconds)
    sentence = f"1 of 3 submissions have run; running: ada, bob{said}"
    assert progress.sentence == sentence
    done = Progress(3, 2, 1, (), 0)
    assert done.sentence == "2 of 3 submissions have run, 1 could not"
