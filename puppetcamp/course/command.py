"""Prove a course from the command line: progress while it runs, then the report.

Exercises are graded, lessons are run, and new ones of both are written.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

from docker import DockerClient

from puppetcamp.course import lesson_report, lessons, proof, ran, seat, skeleton
from puppetcamp.course.folder import Course
from puppetcamp.course.lesson_report import Told
from puppetcamp.course.lessons import Lesson
from puppetcamp.course.report import report
from puppetcamp.deployment import Deployment
from puppetcamp.errors import CourseError
from puppetcamp.grading.runner import Runner

_LABELS = {"puppetcamp.instance": "exercises"}
# No camp's own: its service removes sandboxes of its own instance when it starts.


def prove(
    root: Path,
    only: Sequence[str],
    connect: Callable[[], DockerClient],
    deployment: Deployment,
    out: TextIO,
) -> bool:
    """Prove a course's exercises and write the report; tell whether all are sound.

    Raises CourseError if there is nothing to prove, SandboxUnavailable if Docker or
    the attendees' image cannot be used.
    """
    started = time.monotonic()
    at_once = os.cpu_count() or 1
    runner = Runner(connect, deployment.attendee_image, _LABELS, at_once=at_once)
    progress = _Progress(out)
    course = Course(root.resolve())
    found = proof.look(course, only, tell=progress.tell)
    found = proof.grade(found, runner, at_once=at_once, tell=progress.tell)
    progress.end()
    out.write(report(found, time.monotonic() - started, Path.cwd()))
    out.flush()
    return not any(proved.faults for proved in found)


def take(
    folder: Path,
    exercises: Path,
    only: Sequence[str],
    connect: Callable[[], DockerClient],
    deployment: Deployment,
    out: TextIO,
) -> bool:
    """Run a course's lessons, say what they take, and whether all are sound.

    Each runs in a seat as a camp gives it by default, as many at a time as the machine
    has processors. Raises CourseError if there is no lesson, or none of a name in
    `only`, or if no seat can be had.
    """
    started = time.monotonic()
    found = _named(lessons.read_all(folder), only)
    names = Course(exercises.resolve()).names
    progress = _Progress(out)

    def learn(lesson: Lesson) -> Told:
        client = connect()
        try:
            (run,) = seat.run(client, deployment.attendee_image, _LABELS, [lesson])
        finally:
            client.close()
        faults = [*lesson.faults(names), *ran.faults(run)]
        return Told(
            lesson.name,
            len(lesson.page.code),
            len(lesson.checks),
            lesson.minutes,
            run.seconds + run.more,
            lesson.exercise,
            faults,
        )

    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        told = []
        for number, one in enumerate(pool.map(learn, found), 1):
            told.append(one)
            progress.tell(one.lesson, "run", number, len(found))
    finally:
        pool.shutdown(cancel_futures=True)
    progress.end()
    out.write(lesson_report.report(told, time.monotonic() - started, Path.cwd()))
    out.flush()
    return not any(one.faults for one in told)


def begin(name: str, folder: Path, exercises: Path, out: TextIO) -> None:
    """Write a new lesson with its exercise; raises CourseError if that can't be."""
    for path in skeleton.write(name, folder, exercises):
        out.write(f"  {path}\n")
    out.write(
        "\nRewrite them piece by piece. The lesson is the last one: rename its file to "
        f"move it.\nThen: make course ONLY={name}, and make exercises ONLY={name}\n"
    )


def _named(found: list[Lesson], only: Sequence[str]) -> list[Lesson]:
    """Pick lessons by their names, with or without their numbers."""
    for name in only:
        if not any(name in _names(lesson) for lesson in found):
            known = ", ".join(lesson.name for lesson in found)
            message = f"The course has no lesson {name!r}. It has: {known}"
            raise CourseError(message)
    return [
        lesson for lesson in found if not only or not _names(lesson).isdisjoint(only)
    ]


def _names(lesson: Lesson) -> set[str]:
    number, _, words = lesson.name.partition("_")
    return {lesson.name, number, words}


class _Progress:
    """Tell how far it is: one line that is written over, or a line for each step."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()

    def tell(self, exercise: str, what: str, done: int, of: int) -> None:
        line = f"  {done:>{len(str(of))}}/{of}  {exercise}: {what}"
        self._out.write(f"\r\x1b[K{line[:78]}" if self._live else f"{line}\n")
        self._out.flush()

    def end(self) -> None:
        self._out.write("\r\x1b[K" if self._live else "\n")
