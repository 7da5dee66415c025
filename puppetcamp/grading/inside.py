"""What the attendee image holds while nobody has used it: asked once per image."""

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from docker import DockerClient
from docker.errors import ImageNotFound

from puppetcamp.grading.errors import DOCKER_FAILURES, SandboxUnavailable
from puppetcamp.grading.places import FILES, IN_PACKAGES, ROOTS, SKIP, within
from puppetcamp.grading.throwaway import SANDBOX_LABEL

_PROBE = Path(__file__).with_name("image_probe.py")

# Debian has no `python`; the image's own environment puts one on the path.
_PYTHON = 'exec "$(command -v python || command -v python3)" -c "$0" "$1"'


@dataclass(frozen=True)
class Package:
    """Hold what the camp's archive has of a package; `files` are those that matter.

    `needs` names the first alternative of each dependency, `files` maps paths to the
    MD5 of what is there, or to "-> " and the target of a link.
    """

    version: str
    needs: tuple[str, ...]
    files: dict[str, str]


@dataclass(frozen=True)
class Inside:
    """Name the worker's file, the attendee's account and their home; hold a fresh node.

    `fresh` maps paths to what is there: ("file", MD5), ("link", target), ("folder",
    None) or ("other", None). `installed` maps packages to versions, `owners` programs
    to their packages, `archive` packages to what can be installed of them.
    """

    worker: str
    user: str
    home: str
    fresh: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    installed: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    archive: dict[str, Package] = field(default_factory=dict)

    @property
    def ruby(self) -> str:
        """Return the folder of the worker's Ruby."""
        return str(PurePosixPath(self.worker).parent)


class Insides:
    """Ask each image once, by its id: a rebuilt image is another image."""

    # What an image holds never changes, so all of a process share what was seen.
    _known: ClassVar[dict[str, Inside]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def of(self, client: DockerClient, image: str, labels: dict[str, str]) -> Inside:
        """Look into an image; raise SandboxUnavailable if it is not an attendee's."""
        try:
            with self._lock:
                key = client.images.get(image).id or image
                if key not in self._known:
                    self._known[key] = _look(client, key, labels)
                return self._known[key]
        except ImageNotFound as error:
            message = (
                f"The image {image} for grading is not on this machine. "
                "Run `make camp` to build it."
            )
            raise SandboxUnavailable(message) from error
        except (*DOCKER_FAILURES, ValueError, TypeError, KeyError) as error:
            message = (
                f"The image {image} for grading can't be used: {error} Check that "
                "Docker answers, and run `make camp` to rebuild the image."
            )
            raise SandboxUnavailable(message) from error


def _look(client: DockerClient, image: str, labels: dict[str, str]) -> Inside:
    asked = {"roots": ROOTS, "skip": SKIP, "files": FILES, "prefixes": IN_PACKAGES}
    container = client.containers.create(
        image,
        [_PROBE.read_text(encoding="utf-8"), json.dumps(asked)],
        entrypoint=["sh", "-c", _PYTHON],
        user="root",
        network_mode="none",
        # A service that is killed now leaves it behind: the next one sweeps it up.
        labels={**labels, SANDBOX_LABEL: str(int(time.time()))},
    )
    try:
        container.start()
        container.wait(timeout=120)
        answer = json.loads(container.logs(stdout=True, stderr=False))
    finally:
        container.remove(force=True, v=True)
    return _inside(answer)


def _inside(answer: dict[str, Any]) -> Inside:
    return Inside(
        worker=answer["worker"],
        user=answer["user"],
        home=answer["home"],
        fresh={path: (kind, what) for path, (kind, what) in answer["fresh"].items()},
        installed=answer["installed"],
        owners=answer["owners"],
        archive={
            name: Package(version, tuple(needs), _walked(files))
            for name, (version, needs, files) in answer["archive"].items()
        },
    )


def _walked(files: dict[str, str]) -> dict[str, str]:
    return {path: sum_ for path, sum_ in files.items() if not within(path, SKIP)}
