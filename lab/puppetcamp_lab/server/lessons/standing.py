"""How far an attendee is in the course.

Pure: what was done and when the node began are arguments.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from puppetcamp_lab.server.lessons.course import Lesson
from puppetcamp_lab.server.lessons.record import Done

Json = dict[str, Any]

NEW, BEGUN, DONE = "new", "begun", "done"


def standing(
    lessons: Sequence[Lesson], record: Mapping[str, Done], node_began: datetime
) -> Json:
    """Say how far each lesson is, and in which one to go on.

    `next` is the name of a lesson, or None if all of them are done.
    """
    done = [record.get(lesson.name, Done()) for lesson in lessons]
    entries = [
        _entry(lesson, its, node_began)
        for lesson, its in zip(lessons, done, strict=True)
    ]
    return {"lessons": entries, "next": _next(entries, done)}


def _entry(lesson: Lesson, done: Done, node_began: datetime) -> Json:
    run, passed = done.cells & lesson.code, done.checks & lesson.checks
    # Who passes the checks has learned what is taught: no cell must be run for its own
    # sake.
    complete = passed == lesson.checks if lesson.checks else run == lesson.code
    state = NEW if not run else DONE if complete else BEGUN
    before = done.last is not None and done.last < node_began
    return {
        "lesson": lesson.name,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "teaches": lesson.teaches,
        "exercise": lesson.exercise,
        "cells": len(lesson.code),
        "cells_run": len(run),
        "checks": len(lesson.checks),
        "checks_passed": len(passed),
        "state": state,
        "go_on_at": _go_on_at(lesson, run) if state == BEGUN else None,
        "node_is_new": state == BEGUN and before,
    }


def _go_on_at(lesson: Lesson, run: set[str]) -> str | None:
    """Name the cell below the furthest one that was run."""
    furthest = max(number for number, id in enumerate(lesson.cells) if id in run)
    return next(iter(lesson.cells[furthest + 1 :]), None)


def _next(entries: Sequence[Json], done: Sequence[Done]) -> str | None:
    """Choose where one was last, or what comes next after that."""
    moments = [(its.last, number) for number, its in enumerate(done) if its.last]
    latest = max(moments)[1] if moments else 0
    for entry in (*entries[latest:], *entries[:latest]):
        if entry["state"] != DONE:
            return str(entry["lesson"])
    return None
