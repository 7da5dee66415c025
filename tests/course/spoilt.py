"""Write courses whose exercises are at fault, each in a known way."""

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]

PUPPET = {"display_name": "Puppet", "language": "puppet", "name": "puppet"}


def task(text: str, **more: Any) -> Cell:
    """Make a locked text cell."""
    return _cell("markdown", text, _role("task", locked=True), more)


def answer(name: str, reference: str) -> Cell:
    """Make an answer cell with its reference between the marks."""
    source = f"### BEGIN SOLUTION\n{reference}\n### END SOLUTION"
    return bare_answer(name, source)


def bare_answer(name: str, source: str) -> Cell:
    """Make an answer cell of exactly this text."""
    return _cell("code", source, _role(name, solution=True))


def check(name: str, body: str, *, magic: str = "", **grading: Any) -> Cell:
    """Make a check; `grading` overrides nbgrader's metadata."""
    source = f"{magic or f'%%expect {name}'}\n{body}"
    role = _role(name, grade=True, locked=True, points=1)
    return _cell("code", source, {**role, **grading})


def exercise(
    course: Path, name: str, cells: list[Cell], wrong: dict[str, str] | None = None
) -> None:
    """Write an exercise of one notebook, and wrong answers by their files' names."""
    notebook = {
        "cells": [
            {"id": f"{name}-{number}", **cell} for number, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": PUPPET},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    folder = course / "source" / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for file, text in (wrong or {}).items():
        path = course / "wrong" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _role(name: str, **more: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"grade_id": name, "schema_version": 3, **plain, **more}


def _cell(
    kind: str, source: str, grading: dict[str, Any], more: dict[str, Any] | None = None
) -> Cell:
    cell: Cell = {
        "cell_type": kind,
        "source": source,
        "metadata": {"nbgrader": {"cell_type": kind, **grading}},
    }
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    more = dict(more or {})
    cell["metadata"] |= more.pop("metadata", {})
    return cell | more
