"""Mark an answer on the path of real grading: a throwaway sandbox, and verdicts."""

import copy
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import docker

from puppetcamp.deployment import Deployment
from puppetcamp.grading.runner import Graded, Runner
from puppetcamp.grading.verdicts import passed

from . import pages
from .pages import Cell, Page

SECOND_RUN = "second_run"


@dataclass(frozen=True)
class Marks:
    """Hold which checks passed, and why the others did not (check -> its output)."""

    passed: tuple[str, ...]
    failed: dict[str, str]
    trouble: tuple[str, ...]
    """What went wrong beside the checks: answers that failed, flags of the grader."""


def mark(page: Page, answers: Mapping[str, str], *, twice: bool = False) -> Marks:
    """Grade `page` with `answers` (cell id -> manifest) filled in.

    With `twice`, a last check named ``second_run`` asks for all answers together: it
    passes if running them once more would change nothing.
    """
    notebook = copy.deepcopy(page.content)
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    if twice:
        notebook["cells"].append(_second_run("\n".join(answers.values())))
    graded = _runner().run(notebook, exercise=page.path.stem, attendee="course-test")
    return _marks(notebook, graded)


@functools.cache
def _runner() -> Runner:
    # One for all: it looks into the image only once.
    camp = Deployment("course-test")
    return Runner(docker.from_env, camp.attendee_image, camp.labels, at_once=1)


def _marks(notebook: dict[str, Any], graded: Graded) -> Marks:
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    good: list[str] = []
    bad: dict[str, str] = {}
    trouble = list(graded.flags)
    for cell, outputs in zip(code, graded.cells, strict=True):
        name = pages.grading(cell).get("grade_id", cell["id"])
        if pages.grading(cell).get("grade"):
            if passed(outputs):
                good.append(name)
            else:
                bad[name] = f"{name}: {_reason(outputs)}"
        elif any(output["output_type"] == "error" for output in outputs):
            trouble.append(f"{name}: {_reason(outputs)}")
    return Marks(tuple(good), bad, tuple(trouble))


def _reason(outputs: list[dict[str, Any]]) -> str:
    errors = [o for o in outputs if o["output_type"] == "error"]
    words = [line for o in errors for line in (o["evalue"], *o["traceback"])]
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(words)) or str(outputs)


def _second_run(manifest: str) -> Cell:
    grading = {"grade": True, "solution": False, "grade_id": SECOND_RUN, "points": 1}
    return {
        "cell_type": "code",
        "id": SECOND_RUN,
        "metadata": {"nbgrader": grading},
        "source": f"%%expect {SECOND_RUN}\n{manifest}",
        "outputs": [],
        "execution_count": None,
    }
