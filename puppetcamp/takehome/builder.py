"""Make a bundle in a throwaway container: nobody reads a stranger's home out here.

The home is mounted read-only beside a fresh attendee image without network. What the
container writes to its standard output is the bundle, as far as the bounds go.
"""

import contextlib
import io
import logging
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker.errors
import requests.exceptions
import urllib3.exceptions
from docker import DockerClient
from docker.types import Ulimit

from puppetcamp.engine import connect
from puppetcamp.errors import SetupError, TakeHomeError
from puppetcamp.takehome.shelf import MAX_BUNDLE, Bounded

log = logging.getLogger(__name__)

LABEL = "puppetcamp.take-home"
"""The label key of every container that makes a bundle."""

DOCKER_FAILURES = (
    docker.errors.DockerException,
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
)

_HOME = "/srv/home"
_TASK = "take-home.json"
_KILLED = frozenset({124, 137, 152})
"""How it ends at its limits: by `timeout`, for want of memory, for want of time."""
_SAID = 4000
"""Bytes of the last words that are kept for the log."""


class Unavailable(TakeHomeError):
    """Report that no container can be had; it is no fault of the home."""


class HomeRefused(TakeHomeError):
    """Report a home that could not be made a bundle of as it was asked for."""


class NoHome(TakeHomeError):
    """Report that there is no home to take anything from."""


@dataclass(frozen=True)
class Limits:
    """Bound one container; times in seconds, sizes in bytes.

    `seconds` is long: a bundle comes after everybody's work, however much that is.
    """

    seconds: int = 600
    working: int = 60
    """Seconds of a processor that one of its processes may take."""
    memory: int = 640 * 2**20
    processes: int = 128
    cpus: float = 1.0
    file: int = 256 * 2**20


@dataclass(frozen=True)
class Builder:
    """Make bundles of homes; `labels` mark what it makes as this camp's."""

    image: str
    labels: dict[str, str]
    limits: Limits = Limits()

    def build(self, volume: str, task: bytes, target: Path) -> int:
        """Write the bundle of the home in `volume` to `target`; return its size.

        Raises NoHome, HomeRefused, Unavailable, and NoRoom if the disk is full.
        """
        try:
            with contextlib.closing(connect()) as client:
                _require_home(client, volume)
                return self._build(client, volume, task, target)
        except (SetupError, *DOCKER_FAILURES) as error:
            message = f"Docker could not make the bundle: {error}"
            raise Unavailable(message) from error

    def _build(
        self, client: DockerClient, volume: str, task: bytes, target: Path
    ) -> int:
        container = client.containers.create(**self._settings(volume))
        try:
            container.put_archive("/tmp", _packed(task))  # noqa: S108 -- its own
            with target.open("xb") as file:
                bounded = Bounded(file)
                said = self._run(client, container, bounded)
            code = int(container.wait()["StatusCode"])
        finally:
            remove(container)
        if bounded.written > MAX_BUNDLE:
            message = f"The bundle would be larger than {MAX_BUNDLE // 2**20} MiB."
            raise HomeRefused(message)
        if code != 0 or not bounded.written:
            log.info("making a bundle ended with %d: %s", code, said)
            raise HomeRefused(_why(code))
        return bounded.written

    def _run(self, client: DockerClient, container: Any, bounded: Bounded) -> str:
        """Start the container and take what it writes, until it ends or is too much."""
        output = client.api.attach(
            container.id, stdout=True, stderr=True, stream=True, demux=True
        )
        container.start()
        said = b""
        for out, err in output:
            said = (said + (err or b""))[-_SAID:]
            if out and not bounded.write(out):
                with contextlib.suppress(*DOCKER_FAILURES):
                    container.kill()
                break
        return said.decode(errors="replace")

    def _settings(self, volume: str) -> dict[str, Any]:
        limits = self.limits
        # The program itself is trusted, what it reads is not: root reads files that
        # belong to others, and may do nothing else that root can.
        return {
            "image": self.image,
            "entrypoint": ["timeout", "--signal=KILL", str(limits.seconds)],
            "command": [
                *("/opt/puppetcamp/bin/python", "-I", "-m", "puppetcamp_lab.takehome"),
                *(_HOME, f"/tmp/{_TASK}"),  # noqa: S108 -- its own
            ],
            "user": "root",
            "working_dir": "/",
            # Nothing in the home is read as anybody's settings.
            "environment": {"HOME": "/tmp", "LANG": "C.UTF-8"},  # noqa: S108
            "volumes": [f"{volume}:{_HOME}:ro,nocopy"],
            "labels": {**self.labels, LABEL: str(int(time.time()))},
            "network_mode": "none",
            "cap_drop": ["ALL"],
            "cap_add": ["DAC_OVERRIDE"],
            "security_opt": ["no-new-privileges"],
            "mem_limit": limits.memory,
            "memswap_limit": limits.memory,
            "pids_limit": limits.processes,
            "nano_cpus": int(limits.cpus * 1e9),
            # Whoever arrives or works comes first.
            "cpu_shares": 512,
            "ulimits": [
                Ulimit(name="fsize", soft=limits.file, hard=limits.file),
                Ulimit(name="core", soft=0, hard=0),
                Ulimit(name="cpu", soft=limits.working, hard=limits.working),
            ],
            "log_config": {"Type": "none"},
        }


def runs(name: str) -> bool:
    """Tell whether a container of this name runs; raises Unavailable."""
    try:
        with contextlib.closing(connect()) as client:
            return bool(client.containers.get(name).status == "running")
    except docker.errors.NotFound:
        return False
    except (SetupError, *DOCKER_FAILURES) as error:
        message = f"Docker does not say whether {name} runs: {error}"
        raise Unavailable(message) from error


def sweep(label: str) -> int:
    """Remove containers that an earlier service left behind; raises Unavailable.

    `label` is the camp's own (`key=value`).
    """
    try:
        with contextlib.closing(connect()) as client:
            left = client.containers.list(
                all=True, filters={"label": [label, LABEL]}, ignore_removed=True
            )
            for container in left:
                remove(container)
            return len(left)
    except (SetupError, *DOCKER_FAILURES) as error:
        message = f"Docker cannot list the containers of old bundles: {error}"
        raise Unavailable(message) from error


def remove(container: Any) -> None:
    """Remove a container; log what cannot be helped."""
    try:
        container.remove(force=True, v=True)
    except docker.errors.NotFound:
        return
    except DOCKER_FAILURES as error:
        log.warning("a container that made a bundle could not be removed: %s", error)


def _require_home(client: DockerClient, volume: str) -> None:
    """Look for the volume: Docker would make one that is missing."""
    try:
        client.volumes.get(volume)
    except docker.errors.NotFound as error:
        message = "There is no home yet: you have not worked in this camp."
        raise NoHome(message) from error


def _packed(task: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(_TASK)
        member.size = len(task)
        archive.addfile(member, io.BytesIO(task))
    return packed.getvalue()


def _why(code: int) -> str:
    if code in _KILLED:
        return "Something in your home takes too long or too much memory to pack."
    return "Something in your home could not be packed."
