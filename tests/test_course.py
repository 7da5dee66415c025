"""Prove the course: its pages as stored and as released, its exercises as graded.

Every proof collects all the faults it finds and tells them at once. What `make
exercises` proves is proved here by the same library, and graded once for all tests.
Lessons are run in course/test_lessons.py.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import docker
import pytest

from puppetcamp.course import proof
from puppetcamp.course.folder import Course
from puppetcamp.course.lessons import Lesson, read_all
from puppetcamp.course.proved import Proved
from puppetcamp.deployment import Deployment
from puppetcamp.grading.runner import Runner
from tests.course import faults, pages, stock

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
    """Name the image of seats."""
    return stock.seat_image()


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


def test_the_course_has_lessons_and_exercises(looked: dict[str, Proved]) -> None:
    numbers = [path.name.partition("_")[0] for path in LESSONS]
    assert numbers == [f"{number:02}" for number in range(len(LESSONS))]
    assert len(LESSONS) >= 12
    assert len(EXERCISES) >= 12
    assert sum(proved.checks for proved in looked.values()) >= 60
    assert sum(len(proved.wrong) for proved in looked.values()) >= 48


def test_every_exercise_belongs_to_a_lesson() -> None:
    named = [lesson.exercise for lesson in read_all(pages.LESSONS)]
    assert sorted(named) == sorted(NAMES)


def test_lessons_take_the_time_that_the_course_claims() -> None:
    """Three hours from the first question to a broken node repaired."""
    minutes = {lesson.name[:2]: lesson.minutes for lesson in read_all(pages.LESSONS)}
    repaired = sum(minutes[f"{number:02}"] for number in range(10))
    assert repaired == 180, minutes


@pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=_name)
def test_page_is_stored_well(path: Path) -> None:
    _tell(faults.of_page(pages.read(path)))


@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_lesson_ends_with_something_to_make_work(path: Path) -> None:
    page = pages.read(path)
    _tell([*faults.of_lesson(page), *Lesson(page).faults(NAMES)])


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


def test_the_instructors_guide_knows_the_whole_course() -> None:
    """The minutes of each lesson, its exercise, and what each wrong answer tells."""
    guide = (pages.ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d\d) [^|]+\| (\d+) \| `(\w+)` \|", guide, re.M)
    assert rows == [
        (lesson.name[:2], str(lesson.minutes), lesson.exercise)
        for lesson in read_all(pages.LESSONS)
    ]
    wrong = (pages.COURSE / "wrong").glob("*/*.pp")
    unnamed = sorted(path.stem for path in wrong if f"`{path.stem}`" not in guide)
    assert not unnamed, f"docs/instructor.md says nothing of {', '.join(unnamed)}"


@pytest.mark.docker
@pytest.mark.parametrize("name", NAMES)
def test_exercise_is_graded_as_it_should(
    name: str, looked: dict[str, Proved], graded: dict[str, Proved]
) -> None:
    """Nothing for the release, all for the reference, one check for a wrong answer."""
    proved = graded[name]
    _tell(proved.faults[len(looked[name].faults) :])
    assert proved.proofs == 2 + len(proved.wrong)
