"""nbgrader's autograde, gradebook and feedback over the camp's grading service."""

import contextlib
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import nbformat
import pytest
import uvicorn
from fastapi import FastAPI

from puppetcamp.grading.api import router
from puppetcamp.grading.runner import Runner
from puppetcamp.grading.sandbox import Limits
from puppetcamp.identity import Person, Role, current_person
from puppetcamp_lab.grading import METADATA_KEY

pytestmark = pytest.mark.docker

ANSWER = "file { '/srv/answer': content => 'right' }"
EXPECT = (
    "%%expect answer\nfile { '/srv/answer':\n  ensure => file,\n"
    "  ### BEGIN HIDDEN TESTS\n  content => 'right',\n  ### END HIDDEN TESTS\n}"
)
REPOSITORY = Path(__file__).resolve().parents[2]

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "puppet"
c.ClearSolutions.code_stub = {"puppet": "# Your resources go here."}
c.Autograde.autograde_preprocessors = [
    "puppetcamp_lab.grading.SandboxExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""

FORMGRADER = """
import json, sys
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI
app = NbGraderApp()
app.initialize([])
print(json.dumps(NbGraderAPI(config=app.config).autograde(*sys.argv[1:])))
"""


@pytest.fixture
def role() -> Role:
    """Say who asks; a test may override it."""
    return Role.INSTRUCTOR


@pytest.fixture
def service(
    attendee_image: str, instance_labels: dict[str, str], role: Role
) -> Iterator[str]:
    """Serve the grading API on a free port; give its address."""
    limits = Limits(cell=30.0, check=30.0, submission=150.0)
    runner = Runner(docker.from_env, attendee_image, instance_labels, limits=limits)
    app = FastAPI()
    app.include_router(router(runner), prefix="/services/camp")
    app.dependency_overrides[current_person] = lambda: Person("ines", role)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{port}/services/camp"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an nbgrader course with one released exercise of three points."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    source = folder / "source" / "first"
    source.mkdir(parents=True)
    nbformat.write(exercise(), source / "first.ipynb")
    made = nbgrader(folder, "generate_assignment", "first")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def course(
    tmp_path: Path, released: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give a copy of the course in which the service is known."""
    monkeypatch.setenv("PUPPETCAMP_SERVICE_URL", service)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "a token")
    return shutil.copytree(released, tmp_path / "course")


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader's command in the course's folder."""
    return python(course, "-m", "nbgrader", *arguments)


def python(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the course's folder; nbgrader never closes its databases."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=course,
        env={
            **os.environ,
            "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'lab'}",
            # nbgrader starts alembic by its bare name.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            # Settings of whoever runs the tests are not the course's.
            "HOME": str(course),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def press_autograde(course: Path, attendee: str) -> dict[str, Any]:
    """Call what Formgrader's button calls, in the same way."""
    answer = python(course, "-c", FORMGRADER, "first", attendee)
    assert answer.returncode == 0, answer.stderr
    done: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return done


def exercise() -> nbformat.NotebookNode:
    common = {"schema_version": 3, "task": False}
    answer = {"grade_id": "answer", "grade": False, "solution": True, "locked": False}
    checked = {"grade_id": "check", "grade": True, "solution": False, "locked": True}
    kernel = {"name": "puppet", "display_name": "Puppet", "language": "puppet"}
    return nbformat.v4.new_notebook(
        metadata={"kernelspec": kernel, "language_info": {"name": "puppet"}},
        cells=[
            nbformat.v4.new_markdown_cell("# First"),
            nbformat.v4.new_code_cell(
                f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION",
                metadata={"nbgrader": {**common, **answer}},
            ),
            nbformat.v4.new_code_cell(
                EXPECT, metadata={"nbgrader": {**common, **checked, "points": 3}}
            ),
        ],
    )


def submit(root: Path, attendee: str, answer: str | None) -> None:
    """Lay a submission where nbgrader's collect would have put it."""
    folder = root / "submitted" / attendee / "first"
    shutil.copytree(root / "release" / "first", folder)
    notebook = nbformat.read(folder / "first.ipynb", as_version=4)
    assert "right" not in notebook.cells[2].source, "the hidden part was released"
    if answer is not None:
        notebook.cells[1].source = answer
    # An attendee's own outputs and flags mean nothing.
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="all passed")]
    notebook.metadata[METADATA_KEY] = {"flags": [], "seconds": 0}
    nbformat.write(notebook, folder / "first.ipynb")


def scores(course: Path) -> dict[str, float]:
    """Export the gradebook as an instructor would."""
    exported = nbgrader(course, "export", "--to", "grades.csv")
    assert exported.returncode == 0, exported.stderr
    with (course / "grades.csv").open(encoding="utf-8", newline="") as table:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)}


def graded(root: Path, attendee: str) -> Any:
    path = root / "autograded" / attendee / "first" / "first.ipynb"
    return nbformat.read(path, as_version=4)


def test_right_and_wrong_answers_get_their_points(course: Path) -> None:
    submit(course, "ada", ANSWER)
    submit(course, "bob", ANSWER.replace("right", "wrong"))
    submit(course, "eve", None)
    done = nbgrader(course, "autograde", "first")
    assert done.returncode == 0, done.stderr
    assert scores(course) == {"ada": 3, "bob": 0, "eve": 0}
    right = graded(course, "ada")
    assert "all passed" not in str(right.cells[2].outputs)
    assert right.metadata[METADATA_KEY]["seconds"] > 0
    wrong = graded(course, "bob").cells[2].outputs[-1]
    assert (wrong.output_type, wrong.ename) == ("error", "ExpectationFailed")
    assert nbgrader(course, "generate_feedback", "first").returncode == 0
    page = (course / "feedback/bob/first/first.html").read_text(encoding="utf-8")
    assert "Score: 0.0 / 3.0" in page
    assert "content differs" in page


def test_formgraders_button_grades_and_regrades(course: Path) -> None:
    submit(course, "ada", "notice('nothing')")
    assert press_autograde(course, "ada")["success"]
    assert scores(course) == {"ada": 0}
    shutil.rmtree(course / "submitted")
    submit(course, "ada", ANSWER)
    assert press_autograde(course, "ada")["success"]
    assert scores(course) == {"ada": 3}


def test_flags_reach_the_instructor(course: Path) -> None:
    submit(course, "eve", "%%sh\nsudo pkill -9 ruby; sleep 1")
    done = press_autograde(course, "eve")
    assert done["success"], done
    assert scores(course) == {"eve": 0}
    assert "ended before this cell did" in done["log"]
    flags = graded(course, "eve").metadata[METADATA_KEY]["flags"]
    assert any("ended before" in flag for flag in flags)


@pytest.mark.parametrize("role", [Role.ATTENDEE])
def test_attendees_cannot_grade(course: Path) -> None:
    submit(course, "ada", ANSWER)
    done = press_autograde(course, "ada")
    assert not done["success"]
    assert "first of ada was not graded" in done["log"]
    assert "instructors" in done["log"]
    assert scores(course) == {"ada": 0}


def test_a_service_that_is_away_grades_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUPPETCAMP_SERVICE_URL", "http://127.0.0.1:9/services/camp")
    submit(course, "ada", ANSWER)
    done = press_autograde(course, "ada")
    assert not done["success"]
    assert "first of ada was not graded" in done["log"]
    assert scores(course) == {"ada": 0}
    assert not (course / "autograded/ada/first/first.ipynb").exists()
