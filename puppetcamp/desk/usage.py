"""What seats use: memory and processors, as the Docker Engine counts them.

Asked for a part of the seats at a time, in threads of its own: the Engine takes its
time, and neither the desk nor a start must wait for it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import docker
from docker.errors import DockerException

from puppetcamp.deployment import Deployment
from puppetcamp.desk.snapshot import Usage

log = logging.getLogger(__name__)

AT_ONCE = 4
"""How many containers are asked about at the same time."""

ROUND = 60
"""How many containers are asked about in one round."""

EVERY = 5.0
"""Seconds between two rounds."""


class Usages:
    """Measure the seats of one camp, as long as somebody asks."""

    def __init__(
        self, connect: Callable[[], docker.DockerClient], deployment: Deployment
    ) -> None:
        self._connect = connect
        self._label = deployment.label
        self._prefix = deployment.seat_container("")
        self._client: docker.DockerClient | None = None
        self._usages: dict[str, Usage] = {}
        self._spent: dict[str, tuple[float, int]] = {}
        self._next = 0
        self._measured = -EVERY
        self._rounds = ThreadPoolExecutor(1, "usage")
        self._askers = ThreadPoolExecutor(AT_ONCE, "usage-of")
        self._measuring = False

    def latest(self) -> dict[str, Usage]:
        """Return what was measured last, by name, and measure anew if that is old."""
        if not self._measuring and monotonic() - self._measured >= EVERY:
            self._measuring = True
            self._rounds.submit(self._round)
        return self._usages

    def close(self) -> None:
        """Ask no more."""
        self._rounds.shutdown(wait=False, cancel_futures=True)
        self._askers.shutdown(wait=False, cancel_futures=True)

    def _round(self) -> None:
        try:
            self._measure()
        except Exception as error:
            # No Engine, no figures: they are missing from the desk, and that is all.
            log.info("what seats use cannot be measured: %s", error)
            self._client, self._usages = None, {}
        finally:
            self._measured, self._measuring = monotonic(), False

    def _measure(self) -> None:
        client = self._client = self._client or self._connect()
        listed = client.api.containers(filters={"label": self._label})
        seats = {
            name.removeprefix("/").removeprefix(self._prefix): str(found["Id"])
            for found in listed
            for name in found["Names"]
            if name.removeprefix("/").startswith(self._prefix)
        }
        names = sorted(seats)
        first = self._next if self._next < len(names) else 0
        chosen = names[first : first + ROUND]
        self._next = first + ROUND
        measured = self._askers.map(lambda name: self._ask(client, seats[name]), chosen)
        usages = {name: u for name, u in self._usages.items() if name in seats}
        found = zip(chosen, measured, strict=True)
        usages |= {name: usage for name, usage in found if usage is not None}
        self._usages = usages

    def _ask(self, client: docker.DockerClient, container: str) -> Usage | None:
        try:
            said = client.api.stats(container, stream=False, one_shot=True)
            memory = _memory(said["memory_stats"])
            spent = int(said["cpu_stats"]["cpu_usage"]["total_usage"])
        except (DockerException, KeyError, OSError):
            return None  # it was stopped meanwhile
        now = monotonic()
        before = self._spent.get(container)
        self._spent[container] = now, spent
        if before is None or now <= before[0]:
            return Usage(memory, None)
        cores = (spent - before[1]) / 1e9 / (now - before[0])
        return Usage(memory, max(0.0, round(cores, 2)))


def _memory(stats: dict[str, Any]) -> int:
    """Leave out what the kernel would give back at once, to the nearest MiB."""
    used = int(stats["usage"]) - int(stats.get("stats", {}).get("inactive_file", 0))
    return max(0, used) >> 20 << 20
