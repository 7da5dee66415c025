"""The grading step of nbgrader that runs a submission in the camp's sandbox.

Takes the place of nbgrader's own `Execute`, which would run an attendee's code right
where the gradebook lies, and which gives full points to a check that did not run:

    c.Autograde.autograde_preprocessors = [
        "puppetcamp_lab.grading.SandboxExecute", …the others as they are
    ]
"""

from typing import Any

import requests
from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Float, Unicode

from puppetcamp_lab.client import CampClient, ServiceError

VERDICT_MIME = "application/vnd.puppet.verdict+json"
"""The type under which a check's display carries its verdict."""

METADATA_KEY = "puppetcamp_grading"
"""The notebook metadata that keeps the flags and the seconds of a grading."""

_REMEDIES = {
    403: "Sign in as an instructor of the camp.",
    422: "Repair the notebook, then autograde again.",
    503: "Tell the camp's organizer; autograde again when it is repaired.",
    504: "Autograde this submission again later.",
}

_ALLOWED = frozenset({"display_data", "stream", "error"})


class GradingFailed(Exception):
    """Say why a submission has no grade, and what to do about it."""


class SandboxExecute(NbGraderPreprocessor):
    """Run a submission in one throwaway container of the camp and keep its outputs.

    Every error ends the grading of this submission with GradingFailed: it then has no
    new grade, and nbgrader's log holds the sentence. Points are never given for what
    did not run.
    """

    service_url = Unicode(
        help="Address of the camp's service; by default $PUPPETCAMP_SERVICE_URL."
    ).tag(config=True)

    timeout = Float(
        900.0,
        help="Seconds to wait for one notebook, its turn in the queue included.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Replace all outputs by the sandbox's; raise GradingFailed if there are none.

        `resources["nbgrader"]` names student, assignment and notebook.
        """
        names = resources["nbgrader"]
        cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell in cells:
            cell.outputs = []
            cell.execution_count = None
        where = f"{names['assignment']} of {names['student']}"
        graded = self._ask(nb, names["assignment"], names["student"], where)
        _fill(cells, graded, where)
        for flag in graded["flags"]:
            self.log.warning("Grading of %s: %s", where, flag)
        nb.metadata[METADATA_KEY] = from_dict(  # type: ignore[no-untyped-call]
            {"flags": graded["flags"], "seconds": graded["seconds"]}
        )
        return nb, resources

    def _ask(
        self, nb: NotebookNode, exercise: str, attendee: str, where: str
    ) -> dict[str, Any]:
        request = {"exercise": exercise, "attendee": attendee, "notebook": _slim(nb)}
        try:
            answer = CampClient.from_environment(self.service_url).call(
                "POST", "/api/grading/run", json=request, timeout=self.timeout
            )
        except ServiceError as error:
            remedy = _REMEDIES.get(error.status or 0, "")
            message = f"{where} was not graded: {error} {remedy}".rstrip()
            raise GradingFailed(message) from error
        return _graded(answer, where)


def _slim(nb: NotebookNode) -> dict[str, Any]:
    """Return what grading needs: code cells whole, others as empty places."""
    return {
        "nbformat": nb.nbformat,
        "nbformat_minor": nb.nbformat_minor,
        "metadata": {"kernelspec": nb.metadata.get("kernelspec", {})},
        "cells": [
            {
                "cell_type": cell.cell_type,
                "metadata": {"nbgrader": cell.metadata.get("nbgrader", {})},
                "source": cell.source if cell.cell_type == "code" else "",
            }
            for cell in nb.cells
        ],
    }


def _graded(answer: requests.Response, where: str) -> dict[str, Any]:
    """Read the service's answer; raise GradingFailed unless it is a whole grading."""
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not _is_grading(content):
        message = (
            f"{where} was not graded: the camp's service gave an answer that is no "
            "grading. Tell the camp's organizer: lab and service differ in version."
        )
        raise GradingFailed(message)
    grading: dict[str, Any] = content
    return grading


def _is_grading(content: object) -> bool:
    """Tell whether an answer has the form of a grading, down to each output."""
    return (
        isinstance(content, dict)
        and isinstance(content.get("flags"), list)
        and isinstance(content.get("seconds"), int | float)
        and isinstance(content.get("cells"), list)
        and all(
            isinstance(cell, dict)
            and isinstance(cell.get("outputs"), list)
            and all(
                isinstance(output, dict) and output.get("output_type") in _ALLOWED
                for output in cell["outputs"]
            )
            for cell in content["cells"]
        )
    )


def _fill(cells: list[NotebookNode], graded: dict[str, Any], where: str) -> None:
    """Put the outputs into the code cells; a check without a verdict gets an error."""
    if len(cells) != len(graded["cells"]):
        message = (
            f"{where} was not graded: {len(cells)} code cells were sent and "
            f"{len(graded['cells'])} came back. Tell the camp's organizer."
        )
        raise GradingFailed(message)
    for number, (cell, result) in enumerate(
        zip(cells, graded["cells"], strict=True), 1
    ):
        outputs = [_harmless(output) for output in result["outputs"]]
        if is_grade(cell) and not is_solution(cell) and not _has_verdict(outputs):
            outputs.append(
                {
                    "output_type": "error",
                    "ename": "NoVerdict",
                    "evalue": "The check came to no verdict, so it earns nothing.",
                    "traceback": ["NoVerdict: the check came to no verdict"],
                }
            )
        cell.outputs = [
            from_dict(output)  # type: ignore[no-untyped-call]
            for output in outputs
        ]
        cell.execution_count = number


def _harmless(output: dict[str, Any]) -> dict[str, Any]:
    """Keep text off standard error: nbgrader takes points for it."""
    return {**output, "name": "stdout"} if "name" in output else output


def _has_verdict(outputs: list[dict[str, Any]]) -> bool:
    """Tell whether a check passed, or failed with an error that earns nothing."""
    if any(output["output_type"] == "error" for output in outputs):
        return True
    verdicts = [output.get("data", {}).get(VERDICT_MIME) for output in outputs]
    return any(
        isinstance(verdict, dict) and verdict.get("passed") is True
        for verdict in verdicts
    )
