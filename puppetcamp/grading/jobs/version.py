"""Name everything that decides about a grading: the image, and the code that grades."""

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from docker import DockerClient
from docker.errors import ImageNotFound

import puppet_kernel
import puppetcamp.grading
from puppetcamp.errors import CampError
from puppetcamp.grading.errors import DOCKER_FAILURES, SandboxUnavailable

_SECONDS = 10.0
"""How long the answer on an image is believed."""


class GraderVersion:
    """Give one string that changes when a grading may come out differently."""

    def __init__(self, connect: Callable[[], DockerClient], image: str) -> None:
        self._connect = connect
        self._image = image
        self._code = _digest_of_code()
        self._lock = threading.Lock()
        self._known: tuple[float, str] | None = None

    def __call__(self) -> str:
        """Ask Docker for the image; raise SandboxUnavailable if it can't be used."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _SECONDS:
                self._known = (time.monotonic(), f"{self._ask()} {self._code}")
            return self._known[1]

    def _ask(self) -> str:
        try:
            with contextlib.closing(self._connect()) as client:
                return str(client.images.get(self._image).id)
        except ImageNotFound as error:
            message = (
                f"The image {self._image} for grading is not on this machine. "
                "Run `make camp` to build it."
            )
            raise SandboxUnavailable(message) from error
        except (CampError, *DOCKER_FAILURES) as error:
            message = f"Docker can't be reached: {error}. Start it, then grade again."
            raise SandboxUnavailable(message) from error


def _digest_of_code() -> str:
    """Digest the sources of the grader and of the kernel's core that it drives."""
    digest = hashlib.sha256()
    for package in (puppetcamp.grading, puppet_kernel):
        root = Path(package.__path__[0])
        for path in sorted((*root.rglob("*.py"), *root.rglob("*.rb"))):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
