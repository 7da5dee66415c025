"""Release the camp's exercises when it opens.

nbgrader makes the attendees' versions in a throwaway container of the same image that
instructors work in, on the course volume that they share; the result goes straight
into the exchange. What instructors changed in the course is never overwritten.
"""

import hashlib
import io
import logging
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import docker
from docker.errors import ContainerError

from puppetcamp.deployment import ATTENDEE_HOME, COURSE_ROOT, Deployment
from puppetcamp.errors import SetupError
from puppetcamp.exchange.store import ExchangeStore

SHIPPED = Path("/usr/share/puppetcamp/exercises")
"""Where the hub's image keeps the exercises that the project ships."""

ATTENDEE_UID = 1000

_GENERATE = """
import sys
from nbgrader.apps import NbGrader, NbGraderAPI
grader = NbGrader()
grader.initialize([])
api = NbGraderAPI(config=grader.config)
for name in sys.argv[1:]:
    done = api.generate_assignment(name, force=True)
    if not done["success"]:
        sys.exit(done["log"])
"""
"""One nbgrader for all exercises: it takes longer to start than to make a release."""

log = logging.getLogger(__name__)


def release_exercises(
    client: docker.DockerClient,
    deployment: Deployment,
    course: str,
    store: ExchangeStore,
    stamps: Path,
    now: datetime,
) -> list[str]:
    """Put shipped exercises into the course and release those that changed.

    `stamps` is a folder that remembers what was released, one file an exercise.
    Returns the names of the exercises that were released now. Raises SetupError if
    nbgrader refuses one, with nbgrader's own words.
    """
    shipped = _copy_new(SHIPPED / "source", COURSE_ROOT / "source")
    pending = [name for name in shipped if _stamp(stamps, name) != _digest(name)]
    if not pending:
        return []
    _generate(client, deployment, course, pending)
    for name in pending:
        folder = COURSE_ROOT / "release" / name
        # The instructor's due date stays: nobody has asked for another one.
        due_at = store.due_at(course, name)
        store.release(course, name, io.BytesIO(_packed(folder)), now, due_at)
        stamps.mkdir(exist_ok=True)
        (stamps / name).write_text(_digest(name))
    return pending


def _copy_new(shipped: Path, course: Path) -> list[str]:
    """Copy exercises that the course does not have; return the shipped names."""
    course.mkdir(parents=True, exist_ok=True)
    names = sorted(path.name for path in shipped.iterdir() if path.is_dir())
    for name in names:
        if not (course / name).exists():
            shutil.copytree(shipped / name, course / name)
    for path in (COURSE_ROOT, *COURSE_ROOT.rglob("*")):
        if path.stat().st_uid != ATTENDEE_UID:
            shutil.chown(path, ATTENDEE_UID, ATTENDEE_UID)
    return names


def _digest(name: str) -> str:
    """Digest an exercise's source, so that it is released once, not at every start."""
    total = hashlib.sha256()
    source = COURSE_ROOT / "source" / name
    for path in sorted(source.rglob("*")):
        if path.is_file():
            total.update(str(path.relative_to(source)).encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()


def _stamp(stamps: Path, name: str) -> str | None:
    """Read the digest of what was released last."""
    stamp = stamps / name
    return stamp.read_text() if stamp.is_file() else None


def _generate(
    client: docker.DockerClient, deployment: Deployment, course: str, names: list[str]
) -> None:
    """Let nbgrader make the release versions and enter them into the gradebook."""
    folder = f"{ATTENDEE_HOME}/course"
    try:
        client.containers.run(
            deployment.attendee_image,
            ["python", "-c", _GENERATE, *names],
            remove=True,
            network_mode="none",
            working_dir=folder,
            volumes={deployment.course_volume: {"bind": folder, "mode": "rw"}},
            environment={
                "PUPPETCAMP_ROLE": "instructor",
                "PUPPETCAMP_COURSE": course,
                "PUPPETCAMP_COURSE_ROOT": folder,
            },
            labels=deployment.labels,
            stderr=True,
        )
    except ContainerError as error:
        words = error.stderr or ""
        said = (words if isinstance(words, str) else words.decode()).splitlines()
        message = (
            f"nbgrader cannot make the release of {', '.join(names)}: "
            + "\n".join(said[-8:])
            + "\nMend the exercise under exercises/source/, then run: make camp"
        )
        raise SetupError(message) from error


def _packed(folder: Path) -> bytes:
    """Pack a release as the exchange takes it: plain files under relative names."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.add(path, arcname=str(path.relative_to(folder)))
    return buffer.getvalue()
