"""The grading step of nbgrader that runs a submission in the camp's sandbox.

Takes the place of nbgrader's own `Execute`, which would run an attendee's code right
where the gradebook lies, and which gives full points to a check that did not run:

    c.Autograde.autograde_preprocessors = [
        "puppetcamp_lab.grading.SandboxExecute", …the others as they are
    ]
"""

import time
from dataclasses import dataclass, field
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

ORDER_KEY = "puppetcamp_order"
"""The key in nbconvert's resources of an `Order`, if there is one."""

MAX_FLAG = 1000
"""Characters of one flag."""

MAX_FLAGS = 50
"""Flags of one notebook that are shown."""

PATIENCE = 120.0
"""Seconds without an answer that a batch under way survives: the service restarts."""

_REMEDIES = {
    403: "Sign in as an instructor of the camp.",
    503: "Tell the camp's organizer; autograde again when it is repaired.",
    504: "Autograde this submission again later.",
}

_ALLOWED = frozenset({"display_data", "stream", "error", "execute_result"})


def flags_of(metadata: Any) -> list[str]:
    """Read the flags from a graded notebook's metadata."""
    kept = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    flags = kept.get("flags") if isinstance(kept, dict) else None
    if not isinstance(flags, list):
        return []
    return [str(flag) for flag in flags[:MAX_FLAGS]]


class GradingFailed(Exception):
    """Say why a submission has no grade, and what to do about it."""


@dataclass(frozen=True)
class Order:
    """Say how a notebook is to be graded.

    `refused` is the reason why it can't be, which is the attendee's fault. `batch` is
    known to the service already; `again` refuses results from outside of the batch.
    """

    batch: str | None = None
    again: bool = False
    submission: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    refused: str | None = None


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
        order = resources.get(ORDER_KEY) or Order()
        cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell in cells:
            cell.outputs = []
            cell.execution_count = None
        where = f"{names['assignment']} of {names['student']}"
        graded = self._graded(nb, names["assignment"], names["student"], order, where)
        if graded["refused"]:
            _refuse(cells, graded["refused"])
        else:
            _fill(cells, graded, where)
        restored = nb.metadata.get(METADATA_KEY, {}).get("flags", [])
        graded["flags"] = [visible(flag) for flag in graded["flags"]]
        for flag in graded["flags"]:
            self.log.warning("Grading of %s: %s", where, flag)
        nb.metadata[METADATA_KEY] = from_dict(  # type: ignore[no-untyped-call]
            {
                "flags": list(dict.fromkeys([*restored, *graded["flags"]])),
                "seconds": graded["seconds"],
                "refused": graded["refused"],
            }
        )
        return nb, resources

    def _graded(
        self, nb: NotebookNode, exercise: str, attendee: str, order: Order, where: str
    ) -> dict[str, Any]:
        if order.refused:
            flags = [f"not graded, no points: {order.refused}"]
            return {
                "cells": [],
                "flags": flags,
                "seconds": 0.0,
                "refused": order.refused,
            }
        request = submission(nb, exercise, attendee, order)
        request["again"] = order.again
        if order.batch:
            request["batch"] = order.batch
        try:
            answer = self._ask(request, order)
        except ServiceError as error:
            remedy = _REMEDIES.get(error.status or 0, "")
            message = visible(f"{where} was not graded: {error} {remedy}".rstrip())
            self.log.error(message)
            raise GradingFailed(message) from error
        return _graded(answer, where)

    def _ask(self, request: dict[str, Any], order: Order) -> requests.Response:
        """Wait for a grading; a batch outlives a service that is started again."""
        client = CampClient.from_environment(self.service_url)
        silent_since: float | None = None
        while True:
            try:
                return client.call(
                    "POST", "/api/grading/run", json=request, timeout=self.timeout
                )
            except ServiceError as error:
                now = time.monotonic()
                silent_since = silent_since or now
                if error.status or not order.batch or now - silent_since > PATIENCE:
                    raise
            self.log.info("The camp's service does not answer; trying again.")
            time.sleep(2)


def visible(text: object) -> str:
    """Show control characters as what they are: terminals and logs would obey them."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in str(text)[:MAX_FLAG]
    )


def submission(
    nb: NotebookNode, exercise: str, attendee: str, order: Order
) -> dict[str, Any]:
    """Return what the camp's service is told of a submission."""
    request: dict[str, Any] = {
        "exercise": exercise,
        "attendee": attendee,
        "notebook": _slim(nb),
    }
    if order.submission:
        request["submission"] = order.submission
    if order.files:
        request["files"] = order.files
    return request


def _slim(nb: NotebookNode) -> dict[str, Any]:
    """Return what grading needs: code cells whole, others as empty places."""
    kernel = nb.metadata.get("kernelspec", {})
    # An attendee may write anything as language; the gradebook knows the kernel.
    language = kernel.get("language") or nb.metadata.get("language_info", {}).get(
        "name"
    )
    return {
        "nbformat": nb.nbformat,
        "nbformat_minor": nb.nbformat_minor,
        "metadata": {"kernelspec": kernel, "language_info": {"name": language or ""}},
        "cells": [
            {
                "cell_type": cell.cell_type,
                "metadata": {"nbgrader": cell.metadata.get("nbgrader", {})},
                "source": cell.source if cell.cell_type == "code" else "",
            }
            for cell in nb.cells
        ],
    }


def _refuse(cells: list[NotebookNode], reason: str) -> None:
    """Say in every check why it earns nothing."""
    reason = visible(reason)
    for cell in cells:
        if is_grade(cell) and not is_solution(cell):
            output = {
                "output_type": "error",
                "ename": "NotGraded",
                "evalue": reason,
                "traceback": [f"NotGraded: {reason}"],
            }
            cell.outputs = [from_dict(output)]  # type: ignore[no-untyped-call]


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
        and isinstance(content.get("refused"), str | None)
        and "refused" in content
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
