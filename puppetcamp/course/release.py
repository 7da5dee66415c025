"""Make the releases of exercises with nbgrader itself, in a copy of the course."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from puppetcamp.course.folder import Course, Exercise

TIME_LIMIT = 600.0
"""Seconds for all exercises; nbgrader needs two, and a quarter of one for each."""

_CONFIG = """
c = get_config()
c.ClearSolutions.code_stub = {"puppet": "# write your manifest here"}
"""
# A course without a config gets what it would get in a camp's seat.

# One process for all exercises: most of its time goes into loading nbgrader.
_DRIVER = """
import json, sys
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI
app = NbGraderApp()
app.initialize([])
app.config.CourseDirectory.root = sys.argv[1]
api = NbGraderAPI(config=app.config)
for name in sys.argv[2:]:
    made = api.generate_assignment(name)
    print(json.dumps([name, made["success"], made.get("log") or ""]), flush=True)
"""

_ERROR = re.compile(r"^\[(?:\w+ \| )?ERROR\] (.*?)(?: Cell contents are: *)?$", re.M)
_RAISED = re.compile(r"^ {0,4}(?:\w+\.)*\w+(?:Error|Exception): (.*)", re.M)
_NOISE = ("There was an error processing", "Please see", "Traceback")


@dataclass(frozen=True)
class Made:
    """Hold what nbgrader made of an exercise: a folder, or the reason for none."""

    exercise: Exercise
    folder: Path
    refused: str = ""


def generate(
    course: Course, exercises: Sequence[Exercise], folder: Path
) -> Iterator[Made]:
    """Generate releases below `folder`, one after the other, whatever one does."""
    for exercise in exercises:
        shutil.copytree(exercise.folder, folder / "source" / exercise.name)
    config = course.root / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8") if config.is_file() else _CONFIG
    (folder / config.name).write_text(text, encoding="utf-8")
    by_name = {exercise.name: exercise for exercise in exercises}
    with (folder / "log").open("w+", encoding="utf-8", errors="replace") as log:
        for name, success, words in _answers(list(by_name), folder, log.fileno()):
            release = folder / "release" / name
            yield Made(by_name.pop(name), release, "" if success else _words(words))
        log.seek(0)
        reason = _words(log.read()) if by_name else ""
    for exercise in by_name.values():
        yield Made(exercise, folder, reason)


def _answers(
    names: list[str], folder: Path, log: int
) -> Iterator[tuple[str, bool, str]]:
    """Run nbgrader; give (exercise, success, log) for those that it gets to."""
    # nbgrader calls alembic by its bare name: it has to be on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(  # noqa: S603  # a fixed program; folders' names
        [sys.executable, "-c", _DRIVER, str(folder), *names],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    ) as process:
        watchdog = threading.Timer(TIME_LIMIT, process.kill)
        watchdog.start()
        try:
            for line in process.stdout or ():
                if line.startswith('["'):
                    name, success, words = json.loads(line)
                    yield name, success, words
        finally:
            watchdog.cancel()
            process.kill()


def _words(log: str) -> str:
    """Pick nbgrader's reasons out of its log, each told once."""
    told: list[str] = []
    for line in (*_RAISED.findall(log), *_ERROR.findall(log)):
        reason = line.strip().rstrip(".")
        known = any(reason.casefold() in one.casefold() for one in told)
        if not known and not line.startswith(_NOISE):
            told.append(reason)
    return "; ".join(told[:4]) or log.strip()[-500:] or "it gave no reason"
