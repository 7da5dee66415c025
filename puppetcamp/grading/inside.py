"""Where the kernel's worker and the attendee live inside the attendee image."""

import json
import threading
from dataclasses import dataclass

from docker import DockerClient
from docker.errors import ImageNotFound

from puppetcamp.grading.errors import DOCKER_FAILURES, SandboxUnavailable

_PROBE = """
import json, pwd
from puppet_kernel.worker import WORKER_RB
user = pwd.getpwuid(1000)
print(json.dumps([str(WORKER_RB), user.pw_name, user.pw_dir]))
"""

# Debian has no `python`; the image's own environment puts one on the path.
_PYTHON = 'exec "$(command -v python || command -v python3)" -c "$0"'


@dataclass(frozen=True)
class Inside:
    """Name the worker's file, the attendee's account and their home."""

    worker: str
    user: str
    home: str


class Insides:
    """Ask each image once, by its id: a rebuilt image is another image."""

    def __init__(self) -> None:
        self._known: dict[str, Inside] = {}
        self._lock = threading.Lock()

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
        except (*DOCKER_FAILURES, ValueError, TypeError) as error:
            message = (
                f"The image {image} for grading can't be used: {error} Check that "
                "Docker answers, and run `make camp` to rebuild the image."
            )
            raise SandboxUnavailable(message) from error


def _look(client: DockerClient, image: str, labels: dict[str, str]) -> Inside:
    container = client.containers.create(
        image,
        [_PROBE],
        entrypoint=["sh", "-c", _PYTHON],
        user="root",
        network_mode="none",
        labels=labels,
    )
    try:
        container.start()
        container.wait(timeout=60)
        answer = container.logs(stdout=True, stderr=False)
        worker, user, home = json.loads(answer)
    finally:
        container.remove(force=True, v=True)
    return Inside(worker, user, home)
