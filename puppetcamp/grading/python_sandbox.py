"""A throwaway container with one Python kernel, and a driver that speaks with it.

The attendee's code runs as the attendee of a seat, without sudo: no program in this
container can gain a privilege. The driver is root's, holds the guard, and was loaded
before the first cell. The container's disk is read-only; what the attendee writes goes
into memory that counts as theirs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker import DockerClient

from puppet_kernel.worker import Worker
from puppetcamp.grading.errors import NotebookRefused
from puppetcamp.grading.inside import Inside
from puppetcamp.grading.throwaway import GUARD, Limits, Throwaway

DRIVER_PY = Path(__file__).with_name("python_driver.py")

CAPABILITIES = ("DAC_OVERRIDE", "KILL", "SETGID", "SETPCAP", "SETUID")
"""What the driver needs to start a kernel as somebody else and to speak with it."""

UID = GID = 1000

NET = 15.0
"""Seconds after a cell's own limit in which the driver must have said how it went."""

_KERNEL = ("python", "-m", "ipykernel_launcher", "--HistoryManager.hist_file=:memory:")

_DROP_ALL = (
    "setpriv",
    f"--reuid={UID}",
    f"--regid={GID}",
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set=-all",
    "--inh-caps=-all",
    "--",
)


@dataclass(frozen=True)
class Ran:
    """Hold what became of a cell.

    `state` is ok, error, timeout (stopped, and the kernel lives), incomplete (its last
    outputs are missing) or lost (the kernel is gone). `ename` and `evalue` are the
    error that the kernel answered with, `outputs` what it showed: hostile data, and not
    all of it if it was `cut`.
    """

    state: str
    outputs: tuple[Mapping[str, Any], ...]
    ename: str
    evalue: str
    cut: bool


class PythonSandbox(Throwaway):
    """Make a container with a Python kernel for one submission, and remove it.

    `files` are put beside the notebook, by relative path in base64. Raises what
    Throwaway does, and NotebookRefused if the files can't be laid out.
    """

    def __init__(
        self,
        client: DockerClient,
        image: str,
        inside: Inside,
        *,
        files: Mapping[str, str],
        labels: dict[str, str],
        limits: Limits | None = None,
    ) -> None:
        super().__init__(client, image, labels=labels, limits=limits)
        self._inside = inside
        self._files = files

    def run(self, source: str, timeout: float, *, check: bool, history: bool) -> Ran:
        """Run a cell for at most `timeout` seconds; with `history` it is in `In`.

        Raises WorkerDied or WorkerTimeout if the driver does not say how it went.
        """
        events = self._driver.request(
            "run",
            source=source,
            check=check,
            history=history,
            # The driver has its own clock; this side's is the net below it.
            seconds=timeout,
            timeout=timeout + NET,
        )
        done = events[-1]
        outputs = (event.get("output") for event in events[:-1])
        return Ran(
            state=str(done.get("state")),
            outputs=tuple(output for output in outputs if isinstance(output, Mapping)),
            ename=str(done.get("ename", "")),
            evalue=str(done.get("evalue", "")),
            cut=done.get("cut") is True,
        )

    @property
    def faults(self) -> list[str]:
        """Say in sentences which limits were reached, and who broke which rules."""
        cut = [f"the driver was cut off: {c.fault}" for c in self._channels if c.fault]
        return cut + super().faults[len(cut) :]

    def _start_inside(self) -> None:
        argv = ["python", "-I", "-c", DRIVER_PY.read_text(encoding="utf-8")]
        configuration = json.dumps(self._configuration())
        environment = {"LANG": "C.UTF-8"}
        channel = self._channel([*argv, configuration], environment)
        self._driver = Worker(channel, ready_timeout=self.limits.ready)
        self._driver.wait_ready()
        if self._files:
            limit = self.limits.ready
            done = self._driver.request("files", files=self._files, timeout=limit)[-1]
            if said := done.get("evalue"):
                message = f"The files beside the notebook can't be laid out: {said}"
                raise NotebookRefused(message)

    def _configuration(self) -> dict[str, Any]:
        home = self._inside.home
        return {
            "uid": UID,
            "gid": GID,
            "drop": _DROP_ALL,
            "kernel": _KERNEL,
            "folder": f"{home}/exercise",
            "sockets": "/tmp/kernel",  # noqa: S108 (a path in the container)
            "environment": {
                "HOME": home,
                "USER": self._inside.user,
                "LOGNAME": self._inside.user,
                "SHELL": "/bin/bash",
                "LANG": "C.UTF-8",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            "ready": self.limits.ready,
            # Bytes: one message of the kernel, one cell's outputs, all outputs.
            "message": 16 * 2**20,
            "cell": self.limits.channel.line // 2,
            "total": self.limits.channel.total * 3 // 4,
        }

    def _settings(self) -> dict[str, Any]:
        owner = f"uid={UID},gid={GID},nosuid,nodev,nr_inodes=20k"
        return {
            **super()._settings(),
            "cap_add": [*CAPABILITIES, GUARD],
            "security_opt": ["no-new-privileges:true"],
            "read_only": True,
            "tmpfs": {
                self._inside.home: f"size=256m,mode=0700,exec,{owner}",
                "/tmp": "size=256m,mode=1777,exec,nosuid,nodev,nr_inodes=20k",  # noqa: S108
            },
        }
