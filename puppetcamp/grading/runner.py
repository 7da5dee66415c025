"""Grade one notebook in a throwaway container, whatever its language."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from docker import DockerClient

from puppetcamp.errors import CampError
from puppetcamp.grading import python_run
from puppetcamp.grading.clean import text
from puppetcamp.grading.errors import (
    DOCKER_FAILURES,
    NotebookRefused,
    SandboxUnavailable,
)
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.inside import Insides
from puppetcamp.grading.notebook import CodeCell, code_cells, language
from puppetcamp.grading.puppet_run import grade_cells
from puppetcamp.grading.sandbox import Limits, Sandbox
from puppetcamp.grading.verdicts import Output, failure

logger = logging.getLogger(__name__)

MAX_FLAG = 600
"""Characters of one flag."""

__all__ = ["Graded", "Runner"]


class Runner:
    """Grade submissions in throwaway containers, some at a time.

    `connect` makes a Docker client; every submission uses one of its own, because the
    client is not made for several threads. `labels` go on every container.
    """

    def __init__(
        self,
        connect: Callable[[], DockerClient],
        image: str,
        labels: dict[str, str],
        *,
        limits: Limits | None = None,
        at_once: int | None = None,
    ) -> None:
        self._connect = connect
        self._image = image
        self._labels = labels
        self._limits = limits or Limits()
        self._slots = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)
        self._insides = Insides()

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        exercise: str,
        attendee: str,
        files: Mapping[str, str] | None = None,
    ) -> Graded:
        """Grade a notebook; block until one of the slots is free.

        `exercise` and `attendee` are for the log and the container's labels; `files`
        lie beside a Python notebook, by relative path in base64. A notebook that can't
        be graded as it is earns nothing, for a reason. Raises SandboxUnavailable or
        SandboxTimeout.
        """
        with self._slots:
            started = time.monotonic()
            try:
                graded = self._grade(notebook, exercise, attendee, files)
            except NotebookRefused as error:
                graded = _refused(notebook, str(error))
            seconds = time.monotonic() - started
        logger.info(
            "graded %s of %s in %.1f s, %d flags",
            exercise,
            attendee,
            seconds,
            len(graded.flags),
        )
        # Names of cells, files and programs are an attendee's words.
        flags = tuple(_line(flag) for flag in graded.flags)
        return replace(graded, flags=flags, seconds=round(seconds, 3))

    def _docker(self) -> DockerClient:
        try:
            return self._connect()
        except CampError as error:
            raise SandboxUnavailable(str(error)) from error
        except DOCKER_FAILURES as error:
            message = f"Docker can't be reached: {error}. Start it, then grade again."
            raise SandboxUnavailable(message) from error

    def _grade(
        self,
        notebook: Mapping[str, Any],
        exercise: str,
        attendee: str,
        files: Mapping[str, str] | None,
    ) -> Graded:
        spoken, cells = language(notebook), code_cells(notebook)
        labels = {
            **self._labels,
            "puppetcamp.exercise": exercise,
            "puppetcamp.attendee": attendee,
        }
        client = self._docker()
        try:
            if spoken == "python":
                return self._python(client, cells, labels, files)
            return self._puppet(client, cells, labels)
        finally:
            client.close()

    def _puppet(
        self, client: DockerClient, cells: tuple[CodeCell, ...], labels: dict[str, str]
    ) -> Graded:
        inside = self._insides.of(client, self._image, self._labels)
        with Sandbox(
            client,
            self._image,
            inside,
            labels=labels,
            limits=self._limits,
            sources=[cell.source for cell in cells],
        ) as sandbox:
            return grade_cells(sandbox, inside, cells)

    def _python(
        self,
        client: DockerClient,
        cells: tuple[CodeCell, ...],
        labels: dict[str, str],
        files: Mapping[str, str] | None,
    ) -> Graded:
        inside = self._insides.of(client, self._image, self._labels)
        return python_run.grade(
            client,
            self._image,
            inside,
            cells,
            files=files,
            labels=labels,
            limits=self._limits,
        )


def _line(flag: str) -> str:
    """Return a flag as one line without anything that a terminal obeys."""
    return " ".join(text(flag, MAX_FLAG).replace("\x1b", "").split())


def _refused(notebook: Mapping[str, Any], reason: str) -> Graded:
    """Grade what can't be run: nothing for any check, and the reason in each."""
    cells = notebook.get("cells")
    found = [
        cell
        for cell in (cells if isinstance(cells, list) else [])
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code"
    ]
    outputs: list[list[Output]] = [
        [failure("NotGraded", reason)] if _is_graded(cell) else [] for cell in found
    ]
    return Graded(tuple(outputs), (f"the notebook was not run: {reason}",), 0.0)


def _is_graded(cell: Mapping[str, Any]) -> bool:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return isinstance(nbgrader, Mapping) and nbgrader.get("grade") is True
