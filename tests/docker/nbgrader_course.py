"""A small nbgrader course in a folder, and an instructor's commands in it."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from puppetcamp_lab.grading import METADATA_KEY

ANSWER = "file { '/srv/answer': content => 'right' }"
CHECK = (
    "%%expect check\nfile { '/srv/answer':\n  ensure => file,\n"
    "  ### BEGIN HIDDEN TESTS\n  content => 'right',\n  ### END HIDDEN TESTS\n}"
)
REPOSITORY = Path(__file__).resolve().parents[2]
SUBMITTED_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)

CONFIG = """
from puppetcamp_lab import nbgrader_defaults
c = get_config()
c.CourseDirectory.course_id = "puppet"
nbgrader_defaults.configure(c)
nbgrader_defaults.configure_instructor(c)
"""

FORMGRADER = """
import json, sys
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI
app = NbGraderApp()
app.initialize([])
print(json.dumps(NbGraderAPI(config=app.config).autograde(*sys.argv[1:])))
"""


class Course:
    """An nbgrader course with one exercise, `first`, of three points."""

    def __init__(self, folder: Path, service: str = "") -> None:
        self.folder = folder
        self.service = service

    @classmethod
    def make(cls, folder: Path) -> "Course":
        """Write the course and generate the exercise."""
        course = cls(folder)
        (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        source = folder / "source" / "first"
        source.mkdir(parents=True)
        nbformat.write(exercise(), source / "first.ipynb")
        course.nbgrader("generate_assignment", "first")
        return course

    def copy(self, folder: Path, service: str) -> "Course":
        """Give a copy in which a service is known."""
        return Course(shutil.copytree(self.folder, folder), service)

    @property
    def environment(self) -> dict[str, str]:
        """Give what the seat of an instructor sets."""
        return {
            **os.environ,
            "PYTHONPATH": ":".join(
                str(REPOSITORY / name) for name in ("", "lab", "kernel")
            ),
            # nbgrader starts alembic by its bare name.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            # Settings of whoever runs the tests are not the course's.
            "HOME": str(self.folder),
            "PUPPETCAMP_SERVICE_URL": self.service,
            "JUPYTERHUB_API_TOKEN": "a token",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start nbgrader's command in the course's folder."""
        return subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def nbgrader(self, *arguments: str, fails: bool = False) -> str:
        """Run nbgrader's command; return what it said."""
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=300)
        assert (process.returncode != 0) == fails, said
        return said

    def python(self, program: str, *arguments: str) -> str:
        """Run a program in the course's folder; return its last line."""
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    def submit(
        self,
        attendee: str,
        answer: str | None = ANSWER,
        submitted_at: datetime = SUBMITTED_AT,
    ) -> Path:
        """Lay a submission where collecting would have put it; return its notebook."""
        folder = self.folder / "submitted" / attendee / "first"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "release" / "first", folder)
        path = folder / "first.ipynb"
        notebook = nbformat.read(path, as_version=4)
        assert "right" not in notebook.cells[2].source, "the hidden part was released"
        if answer is not None:
            notebook.cells[1].source = answer
        # An attendee's own outputs and flags mean nothing.
        told = nbformat.v4.new_output("stream", text="all passed")
        notebook.cells[2].outputs = [told]
        notebook.metadata[METADATA_KEY] = {"flags": [], "seconds": 0}
        nbformat.write(notebook, path)
        (folder / "timestamp.txt").write_text(
            f"{submitted_at:%Y-%m-%d %H:%M:%S.%f} UTC"
        )
        return path

    def table(self) -> dict[str, dict[str, str]]:
        """Export the gradebook as an instructor would."""
        self.nbgrader("export", "--to", "grades.csv")
        path = self.folder / "grades.csv"
        with path.open(encoding="utf-8", newline="") as table:
            return {row["student_id"]: row for row in csv.DictReader(table)}

    def scores(self) -> dict[str, float]:
        """Give everybody's score."""
        return {name: float(row["score"]) for name, row in self.table().items()}

    def autograded(self, attendee: str) -> Any:
        """Read a graded notebook."""
        path = self.folder / "autograded" / attendee / "first" / "first.ipynb"
        return nbformat.read(path, as_version=4)

    def flags(self, attendee: str) -> list[str]:
        """Give what an instructor is told of a graded notebook."""
        flags: list[str] = self.autograded(attendee).metadata[METADATA_KEY]["flags"]
        return flags


def exercise(check: str = CHECK) -> nbformat.NotebookNode:
    """Make the source notebook: a task, an answer, a check of three points."""
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
                check, metadata={"nbgrader": {**common, **checked, "points": 3}}
            ),
        ],
    )
