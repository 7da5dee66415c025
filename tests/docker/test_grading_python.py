"""nbgrader's own example course through a camp: nothing in it was written for one.

`nbgrader quickstart` makes the course. It is released, fetched, worked on, submitted,
collected, autograded in sandboxes, and its feedback comes back, all with nbgrader's own
tools in the seat's own configuration. nbgrader itself grades the same submissions in
its own way, for comparison.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import nbformat
import pytest
from docker import DockerClient
from fastapi import FastAPI
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from puppetcamp.database import create_tables, open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.engine import connect
from puppetcamp.exchange import api as exchange_api
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.grading import api as grading_api
from puppetcamp.grading.lifetime import graded
from puppetcamp.identity import current_person
from puppetcamp.service import grading_queue
from puppetcamp_lab.grading import METADATA_KEY
from tests.unit.lab.seats import ROOT, Seat, person_of, serving, take_seat

pytestmark = [
    pytest.mark.docker,
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

COURSE = "course101"
SEAT = ROOT / "images/attendee/jupyter/etc/jupyter"
"""The seat's own configuration."""

RIGHT = {
    "squares": "def squares(n):\n    if n < 1:\n        raise ValueError(n)\n"
    "    return [i ** 2 for i in range(1, n + 1)]",
    "sum_of_squares": "def sum_of_squares(n):\n    return sum(squares(n))",
    "sum_of_squares_equation": r"$\sum_{i=1}^n i^2$",
    "sum_of_squares_application": "print(open('jupyter.png', 'rb').read(4))",
}
NO_ERROR = "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"
NOISY = (
    "import sys\ndef sum_of_squares(n):\n    print(n, file=sys.stderr)\n"
    "    return sum(i * i for i in range(n + 1))"
)
NO_CHECKS = """
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])
from IPython.display import HTML
HTML("<script>alert('eve')</script>")
"""
COMMANDS = """
import contextlib, sys
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp
for command in sys.argv[1:]:
    app = NbGraderApp.instance()
    with contextlib.suppress(NoStart):
        app.initialize(command.split())
        app.start()
    app.subapp.clear_instance()
    app.clear_instance()
"""
"""Runs nbgrader's commands one after the other: loading it takes longer than they."""

CHECKS = (
    "correct_squares",
    "squares_invalid_input",
    "correct_sum_of_squares",
    "sum_of_squares_uses_squares",
)


IN_A_SEAT = """
import json, subprocess, time, urllib.request
from jupyter_client.manager import start_new_kernel
command = ["jupyter", "server", "--port=9999", "--IdentityProvider.token="]
server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
manager, client = start_new_kernel(kernel_name="python3")
said = []
client.execute_interactive("import os; 6 * 7", output_hook=said.append, timeout=60)
results = [m["content"]["data"] for m in said if m["msg_type"] == "execute_result"]
completed = client.complete("os.pat", reply=True, timeout=60)["content"]
manager.shutdown_kernel(now=True)
specs = None
while specs is None:
    try:
        specs = json.load(urllib.request.urlopen("http://127.0.0.1:9999/api/kernelspecs"))
    except OSError:
        assert server.poll() is None
        time.sleep(0.1)
print(json.dumps([results, completed["matches"], specs]))
server.terminate()
"""


def answer(**sources: str) -> Callable[[NotebookNode], None]:
    """Write answers into the cells of these names."""

    def work(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = sources.get(name, cell.source)

    return work


def skip_checks(notebook: NotebookNode) -> None:
    """Tell nbclient not to run the graded cells: what did not run did not fail."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution"]


SUBMISSIONS = {
    "ada": answer(**RIGHT),
    "cyd": answer(squares=NO_ERROR, sum_of_squares=NOISY),
    # Those who try things.
    "eve": answer(squares=NO_CHECKS),
    "gus": answer(squares="import os\nos._exit(0)"),
    "sam": skip_checks,
}
HONEST = ("ada", "cyd")


@dataclass
class Story:
    """What became of the course: grades by attendee and cell, ours and nbgrader's."""

    seats: dict[str, Seat]
    course: Path
    ours: dict[str, dict[str, Any]]
    theirs: dict[str, dict[str, Any]]
    stock: CompletedProcess[str]

    def notebook(self, attendee: str, name: str = "problem1") -> Any:
        path = self.course / "autograded" / attendee / "ps1" / f"{name}.ipynb"
        return nbformat.read(path, as_version=4)

    def cell(self, attendee: str, grade_id: str) -> Any:
        cells = self.notebook(attendee).cells
        return next(
            cell
            for cell in cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
        )

    def flags(self, attendee: str) -> str:
        return str(self.notebook(attendee).metadata[METADATA_KEY]["flags"])


@pytest.fixture(scope="module")
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def service(
    attendee_image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve exchange and grading as the camp does, to whoever a token names."""
    folder = tmp_path_factory.mktemp("service")
    engine = open_engine(f"sqlite:///{folder / 'camp.sqlite'}")
    create_tables(engine)
    deployment = Deployment(f"test-python-{os.getpid()}")
    queue = grading_queue(engine, deployment)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with graded(queue, connect, deployment.label):
            yield

    app = FastAPI(lifespan=lifespan)
    store = ExchangeStore(engine, folder / "exchange")
    app.include_router(exchange_api.router(store, lambda: datetime.now(UTC)))
    app.include_router(grading_api.router(queue))
    app.dependency_overrides[current_person] = person_of
    with serving(app) as url:
        yield url
    engine.dispose()


@pytest.fixture(scope="module")
def story(
    service: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Story:
    """Hold the course, from its making to the feedback in the attendees' seats."""
    homes = tmp_path_factory.mktemp("homes")
    seats = {
        name: take_seat(name, homes / name, service, monkeypatch)
        for name in (*SUBMISSIONS, "ines")
    }
    for seat in seats.values():
        seat.environment |= {
            "JUPYTER_CONFIG_PATH": str(SEAT),
            "PUPPETCAMP_COURSE": COURSE,
        }
    ines = seats["ines"]
    nbgrader(ines, f"quickstart {COURSE}")
    course = ines.home / COURSE
    ines.environment["PUPPETCAMP_COURSE_ROOT"] = str(course)
    ines.home = course
    nbgrader(ines, "generate_assignment ps1", "release_assignment ps1")
    stock = shutil.copytree(course, course.with_name("stock"))
    for name, work in SUBMISSIONS.items():
        take_part(seats[name], work)
    steps = ("collect", "autograde", "generate_feedback", "release_feedback")
    nbgrader(ines, *(f"{step} ps1" for step in steps))
    shutil.copytree(course / "submitted", stock / "submitted")
    graded_by_nbgrader = grade_as_nbgrader_does(stock)
    ours, theirs = grades(course, "problem1", "problem2"), grades(stock, "problem1")
    return Story(seats, course, ours, theirs, graded_by_nbgrader)


def nbgrader(seat: Seat, *commands: str) -> None:
    """Run nbgrader's commands as an instructor, in their seat."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *commands],
        env=os.environ | seat.environment,
        cwd=seat.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def take_part(seat: Seat, work: Callable[[NotebookNode], None]) -> None:
    """Fetch the exercise, work on it, submit it."""
    assert seat.page.fetch_assignment(COURSE, "ps1") == {"success": True}
    path = seat.exercises / "ps1" / "problem1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    work(notebook)
    nbformat.write(notebook, path)
    assert seat.page.submit_assignment(COURSE, "ps1") == {"success": True}


def grade_as_nbgrader_does(course: Path) -> CompletedProcess[str]:
    """Autograde with nbgrader as it is installed, where the gradebook lies.

    Its other notebook holds nothing to run.
    """
    seat = Seat("stock", course, {}, pytest.MonkeyPatch())
    seat.environment = {
        "HOME": str(course),
        "JUPYTER_CONFIG_DIR": str(course),
        "JUPYTER_CONFIG_PATH": str(course),
    }
    return seat.nbgrader("autograde", "ps1", "--notebook=problem1")


def grades(course: Path, *names: str) -> dict[str, dict[str, Any]]:
    """Read of the gradebook what each attendee got in these notebooks, and by whom."""
    found: dict[str, dict[str, Any]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", COURSE) as gradebook:
        for submission in gradebook.assignment_submissions("ps1"):
            cells = found.setdefault(submission.student.id, {})
            for notebook in submission.notebooks:
                for grade in notebook.grades if notebook.name in names else ():
                    cells[grade.name] = (grade.auto_score, grade.needs_manual_grade)
    return found


def test_scores_are_nbgraders(story: Story) -> None:
    for name in HONEST:
        theirs = story.theirs[name]
        assert {cell: story.ours[name][cell] for cell in theirs} == theirs, name
    earned = {name: [story.ours[name][check][0] for check in CHECKS] for name in HONEST}
    assert earned == {
        "ada": [1, 1, 0.5, 0.5],
        # Text on standard error takes the points, as in nbgrader.
        "cyd": [1, 0, 0, 0],
    }


def test_written_answers_wait_for_an_instructor(story: Story) -> None:
    by_hand = {
        "sum_of_squares_equation",
        "sum_of_squares_application",
        "cell-938593c4a215c6cc",
        "part-a",
        "part-b",
    }
    assert set(story.ours["ada"]) == {*CHECKS, *by_hand}
    # An answer that was not touched has no points, and nobody has to look at it.
    assert story.ours["cyd"]["sum_of_squares_equation"] == (0, False)
    assert story.ours["ada"]["sum_of_squares_equation"] == (None, True)
    assert story.ours["ada"]["sum_of_squares_application"] == (None, True)


def test_files_of_the_exercise_are_there(story: Story) -> None:
    [output] = story.cell("ada", "sum_of_squares_application").outputs
    assert output.text == "b'\\x89PNG'\n"


def test_what_nbgrader_pays_for_is_not_paid_for_here(story: Story) -> None:
    """A check that was emptied, or that did not run, has all points from nbgrader."""
    for name in ("eve", "sam"):
        assert sum(story.theirs[name][check][0] for check in CHECKS) == 3
        assert [story.ours[name][check][0] for check in CHECKS] == [0, 0, 0, 0]
    assert "no longer fails" in story.flags("eve")


def test_a_killed_kernel_is_graded_with_nothing(story: Story) -> None:
    assert story.stock.returncode != 0, "nbgrader gave up on nobody"
    assert [story.ours["gus"][check][0] for check in CHECKS] == [0, 0, 0, 0]
    assert "kernel ended" in story.flags("gus")
    assert "KernelLost" in str(story.cell("gus", "correct_squares").outputs)


def test_feedback_comes_back(story: Story) -> None:
    for name in ("ada", "cyd", "eve"):
        seat = story.seats[name]
        assert seat.page.fetch_feedback(COURSE, "ps1") == {"success": True}
        [page] = seat.exercises.glob("ps1/feedback/*/problem1.html")
        text = page.read_text(encoding="utf-8")
        assert "correct_squares" in text or "Part A" in text
        assert "<script>alert(" not in text
    text = (story.course / "feedback/cyd/ps1/problem1.html").read_text(encoding="utf-8")
    assert "standard error" in text


def test_a_seat_has_both_kernels(engine: DockerClient, attendee_image: str) -> None:
    """Attendees work on such an exercise in their seat; new notebooks speak Puppet."""
    said = engine.containers.run(
        attendee_image, ["python", "-c", IN_A_SEAT], network_mode="none", remove=True
    )
    results, completed, specs = json.loads(said.splitlines()[-1])
    assert results == [{"text/plain": "42"}]
    assert "path" in " ".join(completed)
    assert (specs["default"], set(specs["kernelspecs"])) == (
        "puppet",
        {"puppet", "python3"},
    )
