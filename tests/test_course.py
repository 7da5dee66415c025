"""Prove the course: its pages as stored, as released, and as they run in a seat.

Every proof collects all the faults it finds and tells them at once. What `make
exercises` proves is proved here by the same library, and graded once for all tests.
"""

import copy
import shutil
from collections.abc import Sequence
from pathlib import Path

import docker
import pytest

from puppetcamp.course import proof
from puppetcamp.course.folder import Course
from puppetcamp.course.proved import Proved
from puppetcamp.deployment import Deployment
from puppetcamp.grading.runner import Runner
from tests.course import faults, pages, seat, stock
from tests.requirements import need

LESSONS = pages.lessons()
EXERCISES = pages.exercises()
NAMES = [path.parent.name for path in EXERCISES]
GUIDES = [
    pages.ROOT / "docs" / name
    for name in ("attendee.md", "exercises.md", "instructor.md")
]


def _name(path: Path) -> str:
    return path.stem


def _tell(found: Sequence[object]) -> None:
    assert not found, "\n".join(map(str, found))


@pytest.fixture(scope="module")
def image() -> str:
    """Name the image of seats; skip where it cannot be run."""
    need(shutil.which("docker"), "docker is not installed")
    name = Deployment.from_environment().attendee_image
    need(stock.has_image(name), f"no image {name}; `make camp` builds it")
    return name


@pytest.fixture(scope="module")
def looked() -> dict[str, Proved]:
    """Look at every exercise and its release, without running anything of them."""
    found = proof.look(Course(pages.COURSE))
    return {proved.exercise.name: proved for proved in found}


@pytest.fixture(scope="module")
def graded(looked: dict[str, Proved], image: str) -> dict[str, Proved]:
    """Grade the release, the reference and the wrong answers of every exercise."""
    labels = Deployment("course-test").labels
    runner = Runner(docker.from_env, image, labels, at_once=2)
    found = proof.grade(list(looked.values()), runner, at_once=2)
    return {proved.exercise.name: proved for proved in found}


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
def test_exercise_is_written_in_the_house_style(path: Path) -> None:
    _tell(faults.of_exercise(pages.read(path)))


@pytest.mark.parametrize("name", NAMES)
def test_exercise_is_sound_as_it_stands_and_is_released(
    name: str, looked: dict[str, Proved]
) -> None:
    _tell(looked[name].faults)


def test_a_check_is_named_once() -> None:
    _tell(faults.repeated([pages.read(path) for path in LESSONS + EXERCISES]))


@pytest.mark.parametrize("path", GUIDES, ids=_name)
def test_guide_links_lead_somewhere(path: Path) -> None:
    _tell(faults.links_of(path))


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
@pytest.mark.parametrize("name", NAMES)
def test_exercise_is_graded_as_it_should(
    name: str, looked: dict[str, Proved], graded: dict[str, Proved]
) -> None:
    """Nothing for the release, all for the reference, one check for a wrong answer."""
    proved = graded[name]
    _tell(proved.faults[len(looked[name].faults) :])
    assert proved.proofs == 2 + len(proved.wrong)
