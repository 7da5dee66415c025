"""Prove that a new lesson and its exercise pass the course's own checks as written."""

from pathlib import Path

import docker
import pytest

from puppetcamp.course import proof, ran, seat, skeleton
from puppetcamp.course.command import begin
from puppetcamp.course.folder import Course
from puppetcamp.course.lessons import Lesson, read_all
from puppetcamp.course.proved import Proved
from puppetcamp.deployment import Deployment
from puppetcamp.errors import CourseError
from puppetcamp.grading.runner import Runner
from tests.course import faults, pages, stock

NAME = "my_lesson"
LABELS = Deployment("course-test").labels


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a lesson and an exercise into an empty course."""
    folder = tmp_path_factory.mktemp("course")
    skeleton.write(NAME, folder / "lessons", folder)
    return folder


@pytest.fixture(scope="module")
def looked(course: Path) -> Proved:
    """Look at the exercise and its release."""
    (found,) = proof.look(Course(course))
    return found


def _lesson(course: Path) -> Lesson:
    (lesson,) = read_all(course / "lessons")
    return lesson


def test_a_new_lesson_is_stored_well(course: Path) -> None:
    lesson = _lesson(course)
    found = [*faults.of_page(lesson.page), *faults.of_lesson(lesson.page)]
    assert [*found, *lesson.faults([NAME])] == []
    assert lesson.name == "00_my_lesson"


def test_a_new_exercise_is_sound_as_it_stands(course: Path, looked: Proved) -> None:
    page = pages.read(course / "source" / NAME / f"{NAME}.ipynb")
    assert [*faults.of_page(page), *faults.of_exercise(page)] == []
    assert looked.faults == []
    assert len(looked.wrong) >= 4


@pytest.mark.docker
def test_a_new_lesson_and_its_exercise_work(course: Path, looked: Proved) -> None:
    """The lesson runs and can be finished; the exercise grades as it should."""
    image = stock.seat_image()
    client = docker.from_env()
    (run,) = seat.run(client, image, LABELS, [_lesson(course)])
    client.close()
    assert ran.faults(run) == []
    runner = Runner(docker.from_env, image, LABELS, at_once=2)
    (found,) = proof.grade([looked], runner, at_once=2)
    assert found.faults == []
    assert found.proofs == 2 + len(found.wrong)


def test_the_next_lesson_comes_last_and_nothing_is_written_over(tmp_path: Path) -> None:
    lessons = tmp_path / "lessons"
    names = [skeleton.write(name, lessons, tmp_path)[0].name for name in (NAME, "two")]
    assert names == ["00_my_lesson.ipynb", "01_two.ipynb"]
    with pytest.raises(CourseError, match="is there already"):
        skeleton.write(NAME, lessons, tmp_path)
    with pytest.raises(CourseError, match="joined by single underscores"):
        skeleton.write("My Lesson", lessons, tmp_path)
    assert len(list(lessons.iterdir())) == 2


def test_what_is_written_is_told(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with told.open("w") as out:
        begin(NAME, tmp_path / "lessons", tmp_path, out)
    text = told.read_text()
    assert "00_my_lesson.ipynb" in text
    assert "make course ONLY=my_lesson" in text
