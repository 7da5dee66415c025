"""Prove that the proofs can fail: spoil a sound page in one way, and see it told."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from puppetcamp.course.lessons import Lesson
from puppetcamp.course.ran import differences
from tests.course import faults, pages

Content = dict[str, Any]
LESSON = pages.lessons()[0]
EXERCISE = pages.COURSE / "source" / "motd" / "motd.ipynb"


def _code(content: Content) -> Content:
    cell: Content = next(c for c in content["cells"] if c["cell_type"] == "code")
    return cell


def _text(content: Content) -> Content:
    cell: Content = next(c for c in content["cells"] if c["cell_type"] == "markdown")
    return cell


def _check(content: Content) -> Content:
    cell: Content = next(c for c in content["cells"] if pages.grading(c).get("grade"))
    return cell


def _output(content: Content) -> None:
    _code(content)["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "left over"}
    ]


def _twin(content: Content) -> None:
    content["cells"].append(copy.deepcopy(content["cells"][0]))


def _random_id(content: Content) -> None:
    _code(content)["id"] = "A1-B2"


def _python(content: Content) -> None:
    content["metadata"]["kernelspec"]["name"] = "python3"


def _legacy(content: Content) -> None:
    _code(content)["source"] += "notice($osfamily)\n"


def _magic(content: Content) -> None:
    _code(content)["source"] = "%%nop\nnotice('hello')\n"


def _dead_link(content: Content) -> None:
    _text(content)["source"] += "\n[gone](99_gone.ipynb)\n"


def _clock(content: Content) -> None:
    _text(content)["source"] += "\nYou have 55 minutes.\n"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_output, "stored with outputs"),
        (_twin, "two cells have the id"),
        (_random_id, "says nothing"),
        (_python, "kernelspec"),
        (_legacy, "legacy fact"),
        (_magic, "%%noop"),
        (_dead_link, "99_gone.ipynb"),
        (_clock, "55 minutes"),
    ],
)
def test_a_spoilt_page_is_told(
    spoil: Callable[[Content], None], told: str, tmp_path: Path
) -> None:
    content = copy.deepcopy(pages.read(LESSON).content)
    spoil(content)
    found = faults.of_page(_stored(content, tmp_path / LESSON.name))
    assert any(told in fault for fault in found), found


def _no_answer(content: Content) -> None:
    for cell in content["cells"]:
        cell["metadata"].pop("puppetcamp", None)


def _no_task(content: Content) -> None:
    for cell in content["cells"]:
        cell["metadata"].pop("tags", None)


def _no_fence(content: Content) -> None:
    for cell in content["cells"]:
        cell["source"] = cell["source"].replace("```puppet", "")


def _nothing_to_mend(content: Content) -> None:
    about = {"mended": {"changes": [["tre", "tree"]]}}
    _code(content)["metadata"]["puppetcamp"] = about


def _mended_somehow(content: Content) -> None:
    _code(content)["metadata"]["puppetcamp"] = {"mended": {"changes": ["tre"]}}


def _no_such_cell(content: Content) -> None:
    for cell in content["cells"]:
        if "answers" in pages.camp(cell):
            pages.camp(cell)["answers"] = "nowhere"


def _no_metadata(content: Content) -> None:
    content["metadata"]["puppetcamp"] = {"minutes": True, "exercise": "mtod"}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_no_answer, "nothing is left"),
        (_no_task, "nothing is left"),
        (_no_fence, "holds no answer"),
        (_nothing_to_mend, "'tre' is to be mended and not there"),
        (_mended_somehow, "does not say how it is mended"),
        (_no_such_cell, "solves no code cell"),
        (_no_metadata, "how many minutes"),
        (_no_metadata, "does not say what it teaches"),
        (_no_metadata, "names 'mtod'"),
    ],
)
def test_a_spoilt_lesson_is_told(
    spoil: Callable[[Content], None], told: str, tmp_path: Path
) -> None:
    content = copy.deepcopy(pages.read(LESSON).content)
    spoil(content)
    page = _stored(content, tmp_path / LESSON.name)
    found = list(map(str, Lesson(page).faults(["marker"])))
    assert any(told in fault for fault in found), found


def _nothing_hidden(content: Content) -> None:
    for cell in content["cells"]:
        cell["source"] = cell["source"].replace("HIDDEN TESTS", "TESTS")


def _two_checks(content: Content) -> None:
    checks = [c for c in content["cells"] if pages.grading(c).get("grade")]
    content["cells"] = [c for c in content["cells"] if c not in checks[2:]]


def _no_hints(content: Content) -> None:
    cells = content["cells"]
    content["cells"] = [c for c in cells if not c["id"].endswith("_hints")]


def _hints_side_by_side(content: Content) -> None:
    for cell in content["cells"]:
        if cell["id"].endswith("_hints"):
            text = cell["source"].replace("</details>", "").rstrip()
            cell["source"] = text.replace("<details>", "</details>\n\n<details>")


def _old_schema(content: Content) -> None:
    _check(content)["metadata"]["nbgrader"]["schema_version"] = 2


def _random_grade_id(content: Content) -> None:
    _check(content)["metadata"]["nbgrader"]["grade_id"] = "Cell-1"


def _no_role(content: Content) -> None:
    del _check(content)["metadata"]["nbgrader"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_nothing_hidden, "has a hidden part"),
        (_two_checks, "at least 5"),
        (_no_hints, "needs one text cell"),
        (_hints_side_by_side, "folded into the one before"),
        (_old_schema, "schema_version is not 3"),
        (_random_grade_id, "says nothing"),
        (_no_role, "no nbgrader metadata"),
    ],
)
def test_a_spoilt_exercise_is_told(
    spoil: Callable[[Content], None], told: str, tmp_path: Path
) -> None:
    content = copy.deepcopy(pages.read(EXERCISE).content)
    spoil(content)
    found = faults.of_exercise(_stored(content, tmp_path / "motd" / "motd.ipynb"))
    assert any(told in fault for fault in found), found


_ERROR = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": []}
_TABLE = {"output_type": "display_data", "data": {"text/plain": "1 changed"}}


@pytest.mark.parametrize(
    ("outputs", "metadata", "told"),
    [
        ([_ERROR], {}, "it failed"),
        ([_TABLE], {"tags": ["raises-exception"]}, "it did not fail"),
        ([_TABLE], {"puppetcamp": {"shows": ["unchanged"]}}, "does not show"),
        ([], {"puppetcamp": {"shows": ["changed"]}}, "does not show"),
        ([_TABLE], {"puppetcamp": {"shows": ["changed"]}}, None),
        ([_ERROR], {"tags": ["raises-exception"]}, None),
    ],
)
def test_a_run_that_differs_from_its_page_is_told(
    outputs: list[Content], metadata: Content, told: str | None
) -> None:
    cell = {"id": "cell", "cell_type": "code", "source": "", "metadata": metadata}
    found = [fault[1] for fault in differences([{**cell, "outputs": outputs}])]
    assert len(found) == (told is not None)
    assert all(told in fault for fault in found if told)


def _stored(content: Content, path: Path) -> pages.Page:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return pages.read(path)
