"""What seats take of the machine, as the Docker Engine counts it."""

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException

from puppetcamp.deployment import Deployment
from puppetcamp.rehearsal.figures import Machine

EVERY_SECONDS = 2.0
AT_ONCE = 4


@dataclass(frozen=True)
class Use:
    """Hold what a seat has in memory, in bytes, and its CPU seconds so far."""

    memory: int = 0
    cpu: float = 0.0


def look_at_machine(disk: Path) -> Machine:
    """Describe this machine as it is now; `disk` lies where seats' files will lie."""
    memory: dict[str, int] = {}
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        memory[name] = int(value.split()[0]) * 1024
    return Machine(
        cores=os.cpu_count() or 1,
        memory=memory["MemTotal"],
        memory_free=memory["MemAvailable"],
        disk_free=shutil.disk_usage(disk).free,
    )


class Meter:
    """Watch the seats of one camp; `peaks` is each one's highest memory so far."""

    def __init__(self, client: docker.DockerClient, deployment: Deployment) -> None:
        self._client = client
        self._deployment = deployment
        self.peaks: dict[str, int] = {}

    def read(self, names: list[str]) -> dict[str, Use]:
        """Read all seats now; one that is gone uses nothing."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = dict(zip(names, pool.map(self._one, names), strict=True))
        for name, use in found.items():
            self.peaks[name] = max(self.peaks.get(name, 0), use.memory)
        return found

    @contextmanager
    def watching(self, names: list[str]) -> Iterator[None]:
        """Go on reading, for the peaks, in a thread of its own."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(EVERY_SECONDS):
                self.read(names)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _one(self, name: str) -> Use:
        try:
            container = self._client.containers.get(
                self._deployment.seat_container(name)
            )
            found: Any = container.stats(stream=False, one_shot=True)
            used = found["memory_stats"]
            # Engines on control groups of version 1 and 2 name the same differently.
            details = used["stats"]
            cache = details.get("total_inactive_file", details.get("inactive_file", 0))
            cpu = found["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
            return Use(int(used["usage"] - cache), cpu)
        except (DockerException, KeyError):
            return Use()


def others_at_work(client: docker.DockerClient, deployment: Deployment) -> list[str]:
    """Name the seats of a camp that run at present."""
    found = client.containers.list(
        filters={"label": [deployment.label, "puppetcamp.seat"]}
    )
    return sorted(str(container.labels["puppetcamp.seat"]) for container in found)
