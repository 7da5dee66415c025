"""What an attendee handed in and what it scored, as a page and as a table. Pure."""

import csv
import io

from puppetcamp_lab.takehome.page import render
from puppetcamp_lab.takehome.task import Task, Version

_COLUMNS = ("exercise", "version", "handed in", "late", "score", "of")


def scores_csv(task: Task) -> str:
    """Return a line for each version; an exercise without one has one line."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for exercise in task.exercises:
        name = _cell(exercise.exercise)
        if not exercise.versions:
            writer.writerow([name, "", "", "", "", ""])
        for number, version in enumerate(exercise.versions, start=1):
            late = "yes" if version.late else "no"
            points = ["" if p is None else f"{p:g}" for p in _points(version)]
            writer.writerow([name, number, version.submitted, late, *points])
    return table.getvalue()


def scores_page(task: Task) -> str:
    """Return the same as a page."""
    return render(
        "scores.html.j2",
        attendee=task.attendee,
        camp=task.camp,
        made=task.made,
        exercises=task.exercises,
    )


def _points(version: Version) -> tuple[float | None, float | None]:
    return version.score, version.max_score


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
