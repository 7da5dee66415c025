"""nbgrader's autograde, gradebook and feedback over the camp's grading service."""

import json
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from docker import DockerClient

from puppetcamp.grading.sandbox import SANDBOX_LABEL
from puppetcamp.identity import Role
from puppetcamp_lab.grading import METADATA_KEY
from tests.docker.grading_service import GradingService
from tests.docker.nbgrader_course import (
    ANSWER,
    FORMGRADER,
    SUBMITTED_AT,
    Course,
    exercise,
)

pytestmark = pytest.mark.docker

WRONG = ANSWER.replace("right", "wrong")
SLOW = f"{ANSWER}\nexec {{ '/bin/sleep 2': }}"
"""Lasts long enough for something to happen meanwhile."""


@pytest.fixture
def role() -> Role:
    """Say who asks; a test may override it."""
    return Role.INSTRUCTOR


@pytest.fixture
def service(
    attendee_image: str, instance_labels: dict[str, str], role: Role, tmp_path: Path
) -> Iterator[GradingService]:
    """Serve the grading API."""
    folder = tmp_path / "service"
    folder.mkdir()
    service = GradingService(folder, instance_labels["puppetcamp.instance"], role)
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course, once."""
    return Course.make(tmp_path_factory.mktemp("released"))


@pytest.fixture
def course(tmp_path: Path, released: Course, service: GradingService) -> Course:
    """Give a course of one's own, in which the service is known."""
    return released.copy(tmp_path / "course", service.url)


def press(course: Course, attendee: str) -> dict[str, Any]:
    """Call what Formgrader's button calls, in the same way."""
    done: dict[str, Any] = json.loads(course.python(FORMGRADER, "first", attendee))
    return done


def sandboxes(engine: DockerClient, labels: dict[str, str]) -> int:
    """Count the containers that grade just now."""
    label = f"puppetcamp.instance={labels['puppetcamp.instance']}"
    filters: Any = {"label": [label, SANDBOX_LABEL]}
    return len(engine.containers.list(filters=filters, ignore_removed=True))


def until(condition: Any, what: str, seconds: float = 90) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.05)


def test_all_are_graded_whatever_one_of_them_is(course: Course) -> None:
    for attendee, answer in {"ada": ANSWER, "bob": WRONG, "eve": None}.items():
        course.submit(attendee, answer)
    course.submit("mal").write_text('{"cells": [', encoding="utf-8")
    renamed = course.submit("ron")
    renamed.rename(renamed.with_name("mine.ipynb"))
    course.submit("non").unlink()
    doctored = course.submit("dot")
    notebook = nbformat.read(doctored, as_version=4)
    notebook.metadata.kernelspec.name = "python3"
    notebook.cells[2].metadata.nbgrader.update(solution=True, points=90)
    notebook.cells[2].source = "notice('I am a check')"
    nbformat.write(notebook, doctored)
    gone = course.submit("gil", WRONG)
    notebook = nbformat.read(gone, as_version=4)
    del notebook.cells[2]
    nbformat.write(notebook, gone)

    said = course.nbgrader("autograde", "first")

    assert "5 of 5 submissions have run" in said
    table = course.table()
    assert {name: float(row["score"]) for name, row in table.items()} == {
        **{"ada": 3, "bob": 0, "eve": 0, "mal": 0, "ron": 0, "dot": 3, "gil": 0},
        "non": 0,
    }
    assert (table["ada"]["last_name"], table["ada"]["first_name"]) == ("ada", "")
    right = course.autograded("ada")
    assert "all passed" not in str(right.cells[2].outputs)
    assert right.metadata[METADATA_KEY]["seconds"] > 0
    assert course.flags("ada") == []
    wrong = course.autograded("bob").cells[2].outputs[-1]
    assert (wrong.output_type, wrong.ename) == ("error", "ExpectationFailed")
    assert "no notebook that can be read" in course.flags("mal")[0]
    assert "mine.ipynb" in course.flags("ron")[0]
    assert "holds no notebook first.ipynb" in course.flags("non")[0]
    assert any("role" in flag for flag in course.flags("dot"))
    assert any("kernel was changed" in flag for flag in course.flags("dot"))
    assert any("was changed" in flag for flag in course.flags("dot"))
    assert course.flags("gil") == ["graded cell check was missing"]


def test_marks_penalties_and_regrades(course: Course) -> None:
    """Manual points, a late penalty by the server's time, a check that is changed."""
    with (course.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    course.python(
        "import sys; from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db', 'puppet') as gradebook:\n"
        "    gradebook.update_or_create_assignment('first', duedate=sys.argv[1])\n"
        "print()",
        f"{SUBMITTED_AT:%Y-%m-%d %H:%M:%S} UTC",
    )
    course.submit("ada")
    course.submit("late", ANSWER, SUBMITTED_AT + timedelta(seconds=1))
    course.submit("old", "file { '/srv/answer': content => 'new' }")
    course.nbgrader("autograde", "first")
    table = course.table()
    assert {name: (row["raw_score"], row["score"]) for name, row in table.items()} == {
        "ada": ("3.0", "3.0"),
        "late": ("3.0", "0.0"),
        "old": ("0.0", "0.0"),
    }

    course.python(
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db', 'puppet') as gradebook:\n"
        "    grade = gradebook.find_grade('check', 'first', 'first', 'old')\n"
        "    grade.manual_score, grade.extra_credit = 1, 0.5\n"
        "    gradebook.db.commit()\n"
        "print()"
    )
    assert course.scores()["old"] == 1.5

    source = course.folder / "source/first/first.ipynb"
    changed = exercise()
    changed.cells[2].source = changed.cells[2].source.replace("'right'", "'new'")
    nbformat.write(changed, source)
    course.nbgrader("generate_assignment", "first", "--force")
    said = course.nbgrader("autograde", "first", "--force")
    assert "3 of 3 submissions have run" in said
    table = course.table()
    assert table["ada"]["score"] == "0.0"
    # A mark by hand stays, until somebody looks at it again.
    assert table["old"]["score"] == "1.5"
    course.nbgrader("generate_feedback", "first")
    assert (course.folder / "feedback/ada/first/first.html").is_file()


def test_formgraders_button_really_grades_again(
    course: Course, service: GradingService
) -> None:
    course.submit("ada")
    course.nbgrader("autograde", "first")
    assert press(course, "ada")["success"]
    assert [job["state"] for job in service.jobs()] == ["done", "done"]
    # What a batch has lost is found again without a second run.
    (course.folder / "autograded/ada/first/first.ipynb").unlink()
    (course.folder / "autograded/ada/first/timestamp.txt").unlink()
    (course.folder / "autograded/ada/first").rmdir()
    course.nbgrader("autograde", "first")
    assert len(service.jobs()) == 2
    assert course.scores() == {"ada": 3}


def test_a_killed_service_loses_nothing(
    course: Course,
    service: GradingService,
    engine: DockerClient,
    instance_labels: dict[str, str],
) -> None:
    attendees = ["ann", "ben", "cyd", "dan", "eva"]
    for attendee in attendees:
        course.submit(attendee, SLOW)
    running = course.start("autograde", "first")
    until(
        lambda: any(job["state"] == "done" for job in service.jobs()), "the first one"
    )
    until(lambda: sandboxes(engine, instance_labels), "a sandbox under way")
    # Its container ends with it, or is removed when the service is back.
    service.kill()
    service.start()
    said, _ = running.communicate(timeout=200)
    assert running.returncode == 0, said
    assert "trying again" in said
    assert course.scores() == dict.fromkeys(attendees, 3.0)
    assert len(service.jobs()) == len(attendees)
    assert sandboxes(engine, instance_labels) == 0


def test_interrupted_it_goes_on_where_it_stopped(
    course: Course, service: GradingService
) -> None:
    attendees = ["ann", "ben", "cyd", "dan", "eva", "fay"]
    # On a busy machine nbgrader writes more slowly than the service grades: the last
    # ones must not be done when the second is written.
    for attendee in attendees:
        course.submit(attendee, f"{ANSWER}\nexec {{ '/bin/sleep 6': }}")
    running = course.start("autograde", "first")

    def graded() -> set[Path]:
        return set(course.folder.glob("autograded/*/first/first.ipynb"))

    # One that is being written when the signal comes is taken back: wait for a second.
    until(lambda: len(graded()) > 1, "the second one")
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1, said
    assert "goes on with the rest" in said
    assert "Traceback" not in said
    until(
        lambda: all(job["state"] == "done" for job in service.jobs()),
        "the running ones to end, and none after them",
    )
    done = {job["job"] for job in service.jobs()}
    assert 0 < len(done) < len(attendees)
    written = {path: path.stat().st_mtime_ns for path in graded()}
    assert written
    course.nbgrader("autograde", "first")
    assert course.scores() == dict.fromkeys(attendees, 3.0)
    assert {path: path.stat().st_mtime_ns for path in written} == written
    assert done < {job["job"] for job in service.jobs()}
    assert len(service.jobs()) == len(attendees)


def test_two_instructors_at_once_share_the_work(
    course: Course, service: GradingService
) -> None:
    attendees = ["ann", "ben", "cyd"]
    for attendee in attendees:
        course.submit(attendee)
    both = [course.start("autograde", "first") for _ in range(2)]
    said = [process.communicate(timeout=200)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert course.scores() == dict.fromkeys(attendees, 3.0)
    assert len(service.jobs()) == len(attendees)


def test_flags_reach_the_instructor(course: Course) -> None:
    course.submit("eve", "%%sh\nsudo pkill -9 ruby; sleep 1")
    done = press(course, "eve")
    assert done["success"], done
    assert course.scores() == {"eve": 0}
    assert course.flags("eve")
    assert course.flags("eve")[0] in done["log"]


@pytest.mark.parametrize("role", [Role.ATTENDEE])
def test_attendees_cannot_grade(course: Course) -> None:
    course.submit("ada")
    done = press(course, "ada")
    assert not done["success"]
    assert "Nothing was graded" in done["log"]
    assert "instructors" in done["log"]
    assert not (course.folder / "autograded/ada").exists()


def test_a_service_that_is_away_grades_nothing(
    course: Course, service: GradingService
) -> None:
    service.stop()
    course.submit("ada")
    said = course.nbgrader("autograde", "first", fails=True)
    assert "Nothing was graded: The camp's service cannot be reached" in said
    assert not (course.folder / "autograded/ada").exists()
