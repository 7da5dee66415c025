"""One throwaway container per submission: made, limited, watched and removed."""

import contextlib
import logging
import os
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from docker import DockerClient
from docker.errors import ImageNotFound, NotFound
from docker.types import Ulimit

from puppet_kernel.errors import PuppetKernelError, WorkerTimeout
from puppetcamp.grading.channel import ChannelLimits, DockerExecChannel
from puppetcamp.grading.errors import (
    DOCKER_FAILURES,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.node import CAPABILITIES, GUARD

logger = logging.getLogger(__name__)

__all__ = ["DROP_GUARD", "GUARD", "SANDBOX_LABEL", "Limits", "Throwaway", "sweep"]

SANDBOX_LABEL = "puppetcamp.grading"
"""The label key of every sandbox; its value is the time of its making."""

DROP_GUARD = ("setpriv", "--bounding-set=-wake_alarm", "--inh-caps=-wake_alarm")
"""What comes before a command that shall not hold the guard."""

_WATCH = 0.25
"""Seconds between two looks at the clock and at the disk."""

_MEASURE = 10.0
"""Seconds between two measurements of a container that seems to write little."""


@dataclass(frozen=True)
class Limits:
    """Bound one submission; times in seconds, sizes in bytes."""

    memory: int = 2**30
    processes: int = 512
    cpus: float = 2.0
    file: int = 2**30
    disk: int = 2 * 2**30
    """What the container may write in all."""
    ready: float = 60.0
    cell: float = 60.0
    check: float = 60.0
    checks_reserve: float = 60.0
    """Kept for checks: attendee cells can't use up the whole submission's time."""
    submission: float = 300.0
    channel: ChannelLimits = field(default_factory=ChannelLimits)


class Throwaway:
    """Make a container for one submission, and remove it whatever happens.

    A context manager. Entering starts the container and then what a subclass needs
    inside (`_start_inside`); it raises SandboxUnavailable if Docker, the image or that
    can't be used, and SandboxTimeout if it is not ready after `limits.ready` seconds.
    From then on a watch removes the container under whoever still uses it: after
    `limits.submission` seconds (`expired` is true), or when it has written more than
    `limits.disk` bytes (`disk_full` is true).
    """

    def __init__(
        self,
        client: DockerClient,
        image: str,
        *,
        labels: dict[str, str],
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.expired = False
        self.disk_full = False
        self._client = client
        self._image = image
        self._labels = labels
        self._container: Any = None
        self._deadline = 0.0
        self._over = threading.Event()
        self._watch: threading.Thread | None = None
        self._channels: list[DockerExecChannel] = []

    def __enter__(self) -> Self:
        try:
            self._container = self._client.containers.create(**self._settings())
            self._container.start()
            self._start_inside()
        except BaseException as error:
            self._remove()
            if isinstance(error, WorkerTimeout):
                message = (
                    f"The grading container was not ready after "
                    f"{self.limits.ready:g} s. The machine is overloaded: try again."
                )
                raise SandboxTimeout(message) from error
            if isinstance(error, (*DOCKER_FAILURES, PuppetKernelError)):
                message = self._why_unavailable(error)
                raise SandboxUnavailable(message) from error
            raise
        # A slow start is not the attendee's fault: their time begins now.
        self._deadline = time.monotonic() + self.limits.submission
        self._watch = threading.Thread(
            target=self._keep_watch, name="sandbox-watch", daemon=True
        )
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    @property
    def remaining(self) -> float:
        """Return the seconds left for the submission, never negative."""
        return max(self._deadline - time.monotonic(), 0.0)

    @property
    def faults(self) -> list[str]:
        """Say in sentences which limits were reached, and who broke which rules."""
        found = [f"{c.fault}" for c in self._channels if c.fault]
        if self.expired:
            limit = f"{self.limits.submission:g} s"
            found.append(f"the submission was stopped at its time limit of {limit}")
        if self.disk_full:
            limit = f"{self.limits.disk // 2**20} MiB"
            found.append(
                f"the submission was stopped because it wrote more than {limit} to disk"
            )
        return found

    def _start_inside(self) -> None:
        """Start what the submission needs; part of what `limits.ready` bounds."""

    def _settings(self) -> dict[str, Any]:
        limits = self.limits
        return {
            "image": self._image,
            # Init and everything below it has dropped the guard. The container ends
            # by itself even if the service that made it does not come back.
            "entrypoint": [*DROP_GUARD, "tini", "--"],
            "command": ["sleep", str(int(limits.submission + 3 * limits.ready))],
            "auto_remove": True,
            "user": "root",
            "working_dir": "/",
            "labels": {**self._labels, SANDBOX_LABEL: str(int(time.time()))},
            "network_mode": "none",
            # Without a network the node still needs a name that it can look up.
            "hostname": "camp",
            "extra_hosts": {"camp": "127.0.1.1"},
            "mem_limit": limits.memory,
            "memswap_limit": limits.memory,
            "pids_limit": limits.processes,
            "nano_cpus": int(limits.cpus * 1e9),
            "ulimits": [
                Ulimit(name="fsize", soft=limits.file, hard=limits.file),
                Ulimit(name="core", soft=0, hard=0),
            ],
            "cap_drop": ["ALL"],
            "cap_add": [*CAPABILITIES, GUARD],
            "log_config": {"Type": "none"},
        }

    def _channel(
        self, argv: list[str], environment: dict[str, str]
    ) -> DockerExecChannel:
        """Start a command with a channel that is closed with the container."""
        channel = DockerExecChannel(
            self._client.api,
            self._container.id,
            argv,
            environment=environment,
            limits=self.limits.channel,
        )
        self._channels.append(channel)
        return channel

    def _why_unavailable(self, error: Exception) -> str:
        if isinstance(error, ImageNotFound):
            return (
                f"The image {self._image} for grading is not on this machine. "
                "Run `make camp` to build it."
            )
        return (
            f"No grading container could be started: {error}. Check that Docker "
            "answers and that its disk is not full, then grade again."
        )

    def _keep_watch(self) -> None:
        disk = _Disk(self._container, self.limits.disk)
        while not self._over.wait(_WATCH):
            if self.remaining <= 0:
                self.expired = True
                logger.warning("a sandbox reached its time limit and is removed")
            elif disk.full():
                self.disk_full = True
                logger.warning("a sandbox reached its disk limit and is removed")
            else:
                continue
            _remove_container(self._container)
            return

    def _remove(self) -> None:
        self._over.set()
        for channel in self._channels:
            channel.close()
        if self._watch is not None:
            self._watch.join()
        if self._container is not None:
            _remove_container(self._container)


class _Disk:
    """Tell when a container has written too much, without asking Docker too often.

    Docker has to walk through all that was written to answer. So it is asked when the
    disk has lost space that could be this container's, and otherwise now and then.
    """

    def __init__(self, container: Any, limit: int) -> None:
        self._container = container
        self._limit = limit
        self._measured = time.monotonic()
        self._free = _free()

    def full(self) -> bool:
        now = time.monotonic()
        free = _free()
        lost = self._free - free
        if lost < self._limit // 2 and now - self._measured < _MEASURE:
            return False
        self._measured = now
        with contextlib.suppress(*DOCKER_FAILURES, AttributeError, KeyError):
            api = self._container.client.api
            url = api._url("/containers/{0}/json", self._container.id)
            found = api._result(api._get(url, params={"size": True}), True)
            written = int(found.get("SizeRw") or 0)
            # What others wrote meanwhile is no reason to ask again at once.
            self._free = free + written
            return written > self._limit
        return False


def _free() -> int:
    # The service's own root lies on the same disk as the containers.
    stat = os.statvfs("/")
    return stat.f_bavail * stat.f_frsize


def sweep(client: DockerClient, label: str, *, made_before: float | None = None) -> int:
    """Remove sandboxes that an earlier service left behind; return their number.

    `label` is the instance's own (`key=value`): another camp's sandboxes stay, and so
    do those that were asked for after `made_before` (seconds since the epoch). Raises
    SandboxUnavailable if Docker can't be asked.
    """
    filters: dict[str, str | list[str] | bool] = {"label": [label, SANDBOX_LABEL]}
    try:
        leftovers = client.containers.list(
            all=True, filters=filters, ignore_removed=True
        )
    except DOCKER_FAILURES as error:
        message = (
            f"Docker can't list old grading containers: {error}. Those labelled "
            f"{SANDBOX_LABEL} can be removed by hand."
        )
        raise SandboxUnavailable(message) from error
    if made_before is not None:
        leftovers = [
            container
            for container in leftovers
            if int(container.labels[SANDBOX_LABEL]) < int(made_before)
        ]
    for container in leftovers:
        _remove_container(container)
    return len(leftovers)


def _remove_container(container: Any) -> None:
    """Remove a container and wait until it is gone; log what can't be helped."""
    try:
        container.remove(force=True, v=True)
    except NotFound:
        return
    except DOCKER_FAILURES as error:
        # Docker answers 409 while its own removal is under way.
        logger.info("removing a sandbox: %s", error)
    _await_removal(container)


def _await_removal(container: Any, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    with contextlib.suppress(*DOCKER_FAILURES):
        while time.monotonic() < deadline:
            container.reload()
            time.sleep(0.05)
        logger.warning("sandbox %s could not be removed", container.short_id)
