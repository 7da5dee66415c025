"""Mark an answer on the path of real grading: a throwaway sandbox, and verdicts."""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puppetcamp.course import pages
from puppetcamp.course.pages import Cell, Page
from puppetcamp.errors import GradingError
from puppetcamp.grading.errors import SandboxUnavailable
from puppetcamp.grading.runner import Runner
from puppetcamp.grading.verdicts import passed

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_MOST_WORDS = 600

Outputs = list[dict[str, Any]]


@dataclass(frozen=True)
class Marks:
    """Hold which checks passed, which failed and why, and what else went wrong.

    `trouble` holds (cell or nothing, what): answers that failed, flags of the grader.
    """

    passed: tuple[str, ...]
    failed: Mapping[str, str]
    trouble: tuple[tuple[str, str], ...]
    points: float = 0.0
    seconds: float = 0.0


def mark(
    runner: Runner,
    page: Page,
    answers: Mapping[str, str],
    *,
    exercise: str,
    more: Sequence[tuple[int, Cell]] = (),
) -> Marks:
    """Grade a notebook with `answers` (answer cell's name -> manifest) filled in.

    Answer cells that are not named keep the reference. `more` are further cells, each
    with the place in the notebook before which it stands. Raises SandboxUnavailable;
    a submission that cannot be graded for another reason has that as its trouble.
    """
    notebook = copy.deepcopy(page.content)
    for cell in notebook["cells"]:
        if pages.grading(cell).get("solution"):
            cell["source"] = answers.get(pages.name(cell), cell["source"])
    for place, cell in sorted(more, key=lambda pair: pair[0], reverse=True):
        notebook["cells"].insert(place, cell)
    try:
        graded = runner.run(notebook, exercise=exercise, attendee="proof")
    except SandboxUnavailable:
        raise
    except GradingError as error:
        return Marks((), {}, (("", f"it could not be graded: {error}"),))
    return _marks(notebook, graded.cells, graded.flags, graded.seconds)


def added(name: str, source: str, points: float = 0.0) -> Cell:
    """Make a check to add to a notebook."""
    grading = {"grade": True, "solution": False, "grade_id": name, "points": points}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": grading},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _marks(
    notebook: Mapping[str, Any],
    outputs: Sequence[Outputs],
    flags: Sequence[str],
    seconds: float,
) -> Marks:
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    good: list[str] = []
    bad: dict[str, str] = {}
    trouble = [("", flag) for flag in flags]
    points = 0.0
    for cell, found in zip(code, outputs, strict=True):
        name = pages.name(cell)
        if pages.is_check(cell):
            if passed(found):
                good.append(name)
                points += pages.points(cell)
            else:
                bad[name] = _reason(found)
        elif pages.meant_to_fail(cell):
            if not _failed(found):
                trouble.append((name, "it is meant to fail, and did not"))
        elif _failed(found):
            trouble.append((name, _reason(found)))
    return Marks(tuple(good), bad, tuple(trouble), points, seconds)


def _failed(outputs: Outputs) -> bool:
    return any(output["output_type"] == "error" for output in outputs)


def _reason(outputs: Outputs) -> str:
    """Give what an output says of a failure, in one bounded line."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    words = " ".join(str(output.get("evalue", "")) for output in errors)
    told = " ".join(_COLOURS.sub("", words).split())
    return told[:_MOST_WORDS] or "it came to no verdict"
