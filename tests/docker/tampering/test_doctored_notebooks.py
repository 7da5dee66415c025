"""Doctored notebooks through nbgrader itself: autograde, gradebook, feedback."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from docker import DockerClient

from tests.docker.grading_service import GradingService
from tests.docker.nbgrader_course import ANSWER, Course
from tests.docker.tampering.doctored import SCRIPT, SUBMISSIONS, Doctored

pytestmark = pytest.mark.docker


@dataclass(frozen=True)
class Graded:
    """Hold a course after one autograde of all submissions, and what it said."""

    course: Course
    said: str
    table: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def graded(
    engine: DockerClient,
    attendee_image: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Graded]:
    """Autograde all doctored notebooks at once, an honest one among them."""
    folder = tmp_path_factory.mktemp("tampering")
    (folder / "course").mkdir()
    (folder / "service").mkdir()
    instance = f"test-{uuid.uuid4().hex[:12]}"
    service = GradingService(folder / "service", instance)
    service.start()
    course = Course.make(folder / "course")
    course.service = service.url
    course.submit("ada", ANSWER)
    for submission in SUBMISSIONS:
        submission.write(course.submit(submission.attendee, None))
    try:
        said = course.nbgrader("autograde", "first")
        yield Graded(course, said, course.table())
    finally:
        service.stop()
        label = {"label": f"puppetcamp.instance={instance}"}
        left = engine.containers.list(all=True, filters=label, ignore_removed=True)
        for container in left:
            container.remove(force=True, v=True)
    assert not left


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda one: one.what)
def test_it_earns_nothing_and_is_told(graded: Graded, submission: Doctored) -> None:
    row = graded.table[submission.attendee]
    assert (float(row["score"]), float(row["max_score"])) == (0, 3)
    flags = graded.course.flags(submission.attendee)
    assert any(re.search(submission.flag, flag) for flag in flags), flags
    assert flags[0] in graded.said


def test_honest_work_beside_them_gets_its_points(graded: Graded) -> None:
    assert float(graded.table["ada"]["score"]) == 3
    assert graded.course.flags("ada") == []


def test_the_instructors_terminal_is_not_written_to(graded: Graded) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", graded.said)


def test_feedback_holds_no_script_and_no_hidden_check(graded: Graded) -> None:
    graded.course.nbgrader("generate_feedback", "first", "--student=painter")
    folder = graded.course.folder / "feedback" / "painter" / "first"
    page = (folder / "first.html").read_text(encoding="utf-8")
    assert SCRIPT not in page
    assert not re.search(r"<img[^>]*onerror", page)
    assert not re.search(r"href=[\"']?javascript:", page)
    assert "\x1b" not in page
    # The hidden value; the page's style sheets have the bare word.
    assert not re.search("(['\"]|&#39;|&quot;)right", page)
