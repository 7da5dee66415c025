"""One throwaway container per submission, with two Puppet workers inside.

The *attendee's worker* runs the attendee's cells, as root like in their seat. The
*checker* runs the checks. It is loaded before the first cell of the attendee runs, and
it holds one capability (CAP_WAKE_ALARM, harmless by itself) that everything else in the
container has dropped: the kernel then keeps /proc/PID of the checker closed to the
attendee's root. Checks reach it over standard input and never lie in a file.
"""

import contextlib
import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docker import DockerClient
from docker.errors import ImageNotFound, NotFound
from docker.types import Ulimit

from puppet_kernel.errors import PuppetKernelError, WorkerTimeout
from puppet_kernel.session import Session
from puppet_kernel.worker import Worker
from puppetcamp.grading.channel import ChannelLimits, DockerExecChannel
from puppetcamp.grading.errors import (
    DOCKER_FAILURES,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.grading.inside import Inside
from puppetcamp.node import CAPABILITIES

logger = logging.getLogger(__name__)

SANDBOX_LABEL = "puppetcamp.grading"
"""The label key of every sandbox; its value is the time of its making."""

CHECKER_RB = Path(__file__).with_name("checker.rb")

_DROP_GUARD = ("setpriv", "--bounding-set=-wake_alarm", "--inh-caps=-wake_alarm")

GUARD = "WAKE_ALARM"
"""The checker's guard: a capability that everything else in the sandbox drops."""


@dataclass(frozen=True)
class Limits:
    """Bound one submission; times in seconds, sizes in bytes."""

    memory: int = 2**30
    processes: int = 512
    cpus: float = 2.0
    file: int = 2**30
    ready: float = 60.0
    cell: float = 60.0
    check: float = 60.0
    checks_reserve: float = 60.0
    """Kept for checks: attendee cells can't use up the whole submission's time."""
    submission: float = 300.0
    channel: ChannelLimits = field(default_factory=ChannelLimits)


class Sandbox:
    """Make a container for one submission, and remove it whatever happens.

    A context manager. Entering starts both workers and raises SandboxUnavailable if
    Docker, the image or Puppet can't be used, and SandboxTimeout if they are not ready
    after `limits.ready` seconds. `limits.submission` seconds later a watchdog removes
    the container under whoever still uses it, and `expired` is true.
    """

    def __init__(
        self,
        client: DockerClient,
        image: str,
        inside: Inside,
        *,
        labels: dict[str, str],
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.expired = False
        self._client = client
        self._image = image
        self._inside = inside
        self._labels = labels
        self._container: Any = None
        self._deadline = 0.0
        self._watchdog: threading.Timer | None = None
        self._channels: list[DockerExecChannel] = []
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException as error:
            self._remove()
            if isinstance(error, WorkerTimeout):
                message = (
                    f"Puppet was not ready in the grading container after "
                    f"{self.limits.ready:g} s. The machine is overloaded: try again."
                )
                raise SandboxTimeout(message) from error
            if isinstance(error, (*DOCKER_FAILURES, PuppetKernelError)):
                message = self._why_unavailable(error)
                raise SandboxUnavailable(message) from error
            raise
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
        """Say which workers broke the rules of their channel, in sentences."""
        names = ("checker", "attendee's worker")
        return [
            f"the {name} was cut off: {channel.fault}"
            for name, channel in zip(names, self._channels, strict=False)
            if channel.fault
        ]

    def _start(self) -> None:
        self._container = self._client.containers.create(**self._settings())
        self._container.start()
        environment = {"LANG": "C.UTF-8"}
        program = CHECKER_RB.read_text(encoding="utf-8")
        # Both load at the same time; no cell runs before both are ready.
        checker = self._worker(
            ["ruby", "-e", program, self._inside.worker], environment
        )
        attendee = self._worker(
            [*_DROP_GUARD, "ruby", self._inside.worker], environment
        )
        checker.wait_ready()
        # An empty check waits for the checker's facts: they are of a fresh node.
        checker.request("apply", code="#", check=True, timeout=self.limits.ready)
        attendee.wait_ready()
        self.checker = Session(checker, cwd="/")
        self.attendee = Session(attendee, cwd=self._inside.home, user=self._inside.user)
        # A slow start is not the attendee's fault: their time begins now.
        self._deadline = time.monotonic() + self.limits.submission
        self._watchdog = threading.Timer(self.limits.submission, self._expire)
        self._watchdog.daemon = True
        self._watchdog.start()

    def _settings(self) -> dict[str, Any]:
        limits = self.limits
        return {
            "image": self._image,
            # Init and everything below it has dropped the guard. The container ends
            # by itself even if the service that made it does not come back.
            "entrypoint": [*_DROP_GUARD, "tini", "--"],
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
            # Read-only mounts over Ruby, Puppet and the worker belong here.
            "mounts": [],
            "log_config": {"Type": "none"},
        }

    def _worker(self, argv: list[str], environment: dict[str, str]) -> Worker:
        channel = DockerExecChannel(
            self._client.api,
            self._container.id,
            argv,
            environment=environment,
            limits=self.limits.channel,
        )
        self._channels.append(channel)
        worker = Worker(channel, ready_timeout=self.limits.ready)
        self._workers.append(worker)
        return worker

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

    def _expire(self) -> None:
        self.expired = True
        logger.warning("a sandbox reached its time limit and is removed")
        _remove_container(self._container)

    def _remove(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        for worker in self._workers:
            with contextlib.suppress(PuppetKernelError, OSError):
                worker.close()
        for channel in self._channels:
            channel.close()
        if self._container is not None:
            _remove_container(self._container)


def sweep(client: DockerClient, label: str) -> int:
    """Remove sandboxes that an earlier service left behind; return their number.

    `label` is the instance's own (`key=value`): another camp's sandboxes stay. Raises
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
