"""Make the release version of exercises with nbgrader, in a copy of the course."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import pages


def generate(exercise: str, folder: Path) -> Path:
    """Generate an exercise's release under `folder`; return the released folder.

    Raises AssertionError with nbgrader's own log if it refuses.
    """
    course = folder / "course"
    if not course.exists():
        shutil.copytree(pages.EXERCISES, course / "source")
        shutil.copy(pages.EXERCISES.parent / "nbgrader_config.py", course)
    # nbgrader calls alembic by its bare name: it has to be on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "nbgrader", "generate_assignment"]
    done = subprocess.run(
        [*command, exercise, f"--CourseDirectory.root={course}"],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return course / "release" / exercise
