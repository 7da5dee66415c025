"""Run lessons in a fresh seat without network, with the kernel that learners have.

A lesson runs as it is shipped, from top to bottom. In the same kernel its learner then
finishes it: the folded answers replace the cells that they solve, and the checks are
run again. So one seat shows both.
"""

import contextlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
from docker import DockerClient

from puppetcamp.course.lessons import Lesson, folded_answers, mended
from puppetcamp.course.pages import Cell
from puppetcamp.course.ran import Run
from puppetcamp.errors import CourseError
from puppetcamp.grading.errors import DOCKER_FAILURES

TIME_LIMIT = 300.0
"""Seconds for one lesson in a seat; a lesson needs about a tenth of it."""

_DRIVER = Path(__file__).with_name("seat_driver.py")
_ASKED = "asked.json"
_CPUS = 10**9
"""One processor, as a camp's seat has by default: what is measured is what they see."""


def run(
    client: DockerClient,
    image: str,
    labels: Mapping[str, str],
    lessons: Sequence[Lesson],
    *,
    finish: bool = True,
) -> list[Run]:
    """Run lessons one after the other in one seat, each with a kernel of its own.

    Raises CourseError with the seat's last words if they cannot be run.
    """
    asked = [
        {
            "notebook": lesson.page.content,
            "answers": folded_answers(lesson.page.cells) if finish else {},
            "checks": [cell["id"] for cell in lesson.checks],
            "mended": mended(lesson.page.cells) if finish else [],
        }
        for lesson in lessons
    ]
    answer = _ask(client, image, labels, asked, TIME_LIMIT * len(lessons))
    return [
        Run(
            lesson,
            [_cell(cell) for cell in told["shipped"]],
            [_cell(cell) for cell in told["mended"]],
            [_cell(cell) for cell in told["finished"]],
            told["seconds"],
            told["more"],
        )
        for lesson, told in zip(lessons, answer, strict=True)
    ]


def _ask(
    client: DockerClient,
    image: str,
    labels: Mapping[str, str],
    asked: object,
    seconds: float,
) -> list[dict[str, Any]]:
    try:
        container = client.containers.create(
            image,
            ["python", "-c", _DRIVER.read_text(encoding="utf-8"), f"/srv/{_ASKED}"],
            labels=dict(labels),
            network_mode="none",
            hostname="camp",
            extra_hosts={"camp": "127.0.1.1"},
            nano_cpus=_CPUS,
        )
    except DOCKER_FAILURES as error:
        message = f"No seat can be made from {image}: {error}"
        raise CourseError(message) from error
    try:
        container.put_archive("/srv", _archive(json.dumps(asked).encode()))
        container.start()
        status = container.wait(timeout=seconds)["StatusCode"]
        told = container.logs(stdout=True, stderr=False)
        if status != 0:
            words = container.logs(stdout=False, stderr=True)[-4000:]
            message = f"The lessons did not run: {words.decode('utf-8', 'replace')}"
            raise CourseError(message)
        answer: list[dict[str, Any]] = json.loads(told)
    except (requests.Timeout, *DOCKER_FAILURES) as error:
        message = f"The lessons did not end within {seconds:.0f} s, or: {error}"
        raise CourseError(message) from error
    finally:
        with contextlib.suppress(*DOCKER_FAILURES):
            container.remove(force=True, v=True)
    return answer


def _archive(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(_ASKED)
        entry.size, entry.mode = len(data), 0o644
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _cell(cell: Cell) -> Cell:
    return {**cell, "source": "".join(cell["source"])}
