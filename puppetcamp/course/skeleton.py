"""Write a new lesson and its exercise: small, sound, to be rewritten piece by piece.

What is written passes every check of the course as it is: an author changes one thing
at a time and sees at once what no longer holds.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat

from puppetcamp.course import skeleton_texts as texts
from puppetcamp.course.pages import Cell
from puppetcamp.errors import CourseError

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_NUMBERED = re.compile(r"(\d\d)_.*\.ipynb")

_PUPPET = {
    "kernelspec": {"display_name": "Puppet", "language": "puppet", "name": "puppet"},
    "language_info": {
        "codemirror_mode": "puppet",
        "file_extension": ".pp",
        "mimetype": "text/x-puppet",
        "name": "puppet",
    },
}


def write(name: str, lessons: Path, course: Path) -> list[Path]:
    """Write a lesson, an exercise and wrong answers; return the files.

    The lesson becomes the last one. Raises CourseError if the name can't be used, or
    if something of this name is there already: nothing is written over.
    """
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} can't name a lesson: use lower-case words joined by single "
            "underscores, such as my_lesson."
        )
        raise CourseError(message)
    exercise = course / "source" / name
    wrong = course / "wrong" / name
    taken = [*lessons.glob(f"[0-9][0-9]_{name}.ipynb"), *(exercise.parent.glob(name))]
    if taken:
        message = f"{taken[0]} is there already; choose another name, or remove it."
        raise CourseError(message)
    files = {
        lessons / f"{_next(lessons):02}_{name}.ipynb": _lesson(name),
        exercise / f"{name}.ipynb": _exercise(name),
    }
    files |= {
        wrong / file.format(name=name): texts.filled(text, name)
        for file, text in texts.WRONG.items()
    }
    for path, text in files.items():
        _store(path, text)
    return list(files)


def _next(lessons: Path) -> int:
    found = [_NUMBERED.fullmatch(path.name) for path in lessons.glob("*.ipynb")]
    return max((int(match[1]) for match in found if match), default=-1) + 1


def _store(path: Path, text: str) -> None:
    """Write a file for whoever owns the folder that is there: this may be root."""
    new = [path]
    while not new[-1].parent.exists():
        new.append(new[-1].parent)
    owner = new[-1].parent.stat()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if os.geteuid() == 0:
        for one in new:
            os.chown(one, owner.st_uid, owner.st_gid)


def _lesson(name: str) -> str:
    told = {"minutes": 15, "teaches": texts.TEACHES, "exercise": name}
    cells = [
        _cell(kind, cell_id, texts.filled(text, name), texts.renamed(metadata, name))
        for kind, cell_id, text, metadata in texts.LESSON
    ]
    return _notebook(cells, {**_PUPPET, "puppetcamp": told})


def _exercise(name: str) -> str:
    cells = []
    for part, points, text in texts.EXERCISE:
        kind = "markdown" if part in ("task", "hints", "checks") else "code"
        answer = part == "answer"
        role = {
            "cell_type": kind,
            "grade": points > 0,
            "grade_id": f"{name}_{part}",
            "locked": not answer,
            "schema_version": 3,
            "solution": answer,
            "task": False,
        }
        if points:
            role["points"] = points
        source = texts.filled(text, name)
        cells.append(_cell(kind, f"{name}_{part}", source, {"nbgrader": role}))
    return _notebook(cells, _PUPPET)


def _cell(kind: str, cell_id: str, source: str, metadata: Mapping[str, object]) -> Cell:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _notebook(cells: list[Cell], metadata: Mapping[str, object]) -> str:
    content = {
        "cells": cells,
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    written: str = nbformat.writes(nbformat.from_dict(content))  # type: ignore[no-untyped-call]
    return f"{written}\n"
