"""Prove the course: its pages as stored, as released, and as they run in a seat.

Every proof collects all the faults it finds and tells them at once.
"""

import copy
import shutil
from pathlib import Path

import pytest

from puppetcamp.deployment import Deployment
from puppetcamp.grading import lint
from tests.course import faults, marking, pages, release, seat, stock
from tests.requirements import need

LESSONS = pages.lessons()
EXERCISES = pages.exercises()
GUIDES = [pages.ROOT / "docs" / name for name in ("attendee.md", "instructor.md")]


def _name(path: Path) -> str:
    return path.stem


def _tell(found: list[str]) -> None:
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def image() -> str:
    """Name the image of seats; skip where it cannot be run."""
    need(shutil.which("docker"), "docker is not installed")
    name = Deployment.from_environment().attendee_image
    need(stock.has_image(name), f"no image {name}; `make camp` builds it")
    return name


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the release of every exercise; return the folder that holds them."""
    folder = tmp_path_factory.mktemp("release")
    for path in EXERCISES:
        release.generate(path.parent.name, folder)
    return folder / "course" / "release"


def test_the_course_has_lessons_and_exercises() -> None:
    numbers = [path.name.partition("_")[0] for path in LESSONS]
    assert numbers == [f"{number:02}" for number in range(len(LESSONS))]
    assert LESSONS
    assert EXERCISES


@pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=_name)
def test_page_is_stored_well(path: Path) -> None:
    _tell(faults.of_page(pages.read(path)))


@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_lesson_ends_with_something_to_make_work(path: Path) -> None:
    _tell(faults.of_lesson(pages.read(path)))


@pytest.mark.parametrize("path", EXERCISES, ids=_name)
def test_exercise_has_checks_that_are_proved(path: Path) -> None:
    _tell(faults.of_exercise(pages.read(path)))


def test_a_check_is_named_once() -> None:
    _tell(faults.repeated([pages.read(path) for path in LESSONS + EXERCISES]))


@pytest.mark.parametrize("path", GUIDES, ids=_name)
def test_guide_links_lead_somewhere(path: Path) -> None:
    _tell(faults.links_of(path))


def test_wrong_answers_belong_to_an_exercise() -> None:
    known = {path.parent.name for path in EXERCISES}
    assert {path.name for path in pages.WRONG.iterdir()} == known


@pytest.mark.parametrize("path", EXERCISES, ids=_name)
def test_released_checks_still_check(path: Path, released: Path) -> None:
    page = pages.read(released / path.parent.name / path.name)
    _tell([fault.message for fault in lint.lint(page.content)])


@pytest.mark.parametrize("path", EXERCISES, ids=_name)
def test_release_keeps_secrets(path: Path, released: Path) -> None:
    stored = pages.read(path)
    page = pages.read(released / path.parent.name / path.name)
    text = page.path.read_text(encoding="utf-8")
    _tell(
        [f"{mark} is in the release" for mark in ("HIDDEN", "SOLUTION") if mark in text]
        + [
            f"{cell['id']}: the reference answer is in the release"
            for cell, public in zip(stored.answers, page.answers, strict=True)
            if pages.reference(cell).strip() in public["source"]
        ]
        + [
            f"{cell['id']}: not the visible part of the check: {public['source']}"
            for cell, public in zip(stored.checks, page.checks, strict=True)
            if public["source"].rstrip() != pages.visible(cell)
        ]
    )


@pytest.mark.docker
@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_lesson_runs_as_shipped(path: Path, image: str) -> None:
    page = pages.read(path)
    _tell(seat.faults(seat.run(page.content, image)))


@pytest.mark.docker
@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_lesson_can_be_finished(path: Path, image: str) -> None:
    """With the folded answers filled in, every check of the lesson passes."""
    page = pages.read(path)
    content = copy.deepcopy(page.content)
    answers = pages.folded_answers(page)
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    _tell(
        [
            f"{cell['id']}: {seat.text(cell)}"
            for cell in seat.run(content, image)
            if cell["source"].startswith("%%expect") and seat.failed(cell)
        ]
    )


@pytest.mark.docker
@pytest.mark.parametrize("path", EXERCISES, ids=_name)
@pytest.mark.usefixtures("image")
def test_untouched_release_earns_nothing(path: Path, released: Path) -> None:
    """Every check fails before the work is done, else it would not check the work."""
    public = pages.read(released / path.parent.name / path.name)
    answers = {cell["id"]: cell["source"] for cell in public.answers}
    marks = marking.mark(pages.read(path), answers)
    _tell([f"{check} passes without an answer" for check in marks.passed])
    _tell(list(marks.trouble))


@pytest.mark.docker
@pytest.mark.parametrize("path", EXERCISES, ids=_name)
@pytest.mark.usefixtures("image")
def test_reference_earns_all_and_stays(path: Path) -> None:
    page = pages.read(path)
    answers = {cell["id"]: pages.reference(cell) for cell in page.answers}
    marks = marking.mark(page, answers, twice=True)
    _tell([*marks.failed.values(), *marks.trouble])
    assert marking.SECOND_RUN in marks.passed


@pytest.mark.docker
@pytest.mark.parametrize("path", EXERCISES, ids=_name)
@pytest.mark.usefixtures("image")
def test_reference_passes_the_released_checks(path: Path, released: Path) -> None:
    """What is left of a check without its hidden part is still a check that passes."""
    public = pages.read(released / path.parent.name / path.name)
    answers = {c["id"]: pages.reference(c) for c in pages.read(path).answers}
    marks = marking.mark(public, answers)
    _tell([*marks.failed.values(), *marks.trouble])


@pytest.mark.docker
@pytest.mark.parametrize(
    ("path", "wrong"),
    [(p, w) for p in EXERCISES for w in pages.wrong_answers(p.parent.name)],
    ids=lambda path: path.stem,
)
@pytest.mark.usefixtures("image")
def test_wrong_answer_fails_its_check_only(path: Path, wrong: Path) -> None:
    page = pages.read(path)
    answers = {cell["id"]: wrong.read_text(encoding="utf-8") for cell in page.answers}
    marks = marking.mark(page, answers)
    assert set(marks.failed) == {pages.must_fail(wrong)}, marks.failed
