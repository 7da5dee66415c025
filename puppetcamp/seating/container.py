"""Describe a seat's container: the same for a seat that starts and for a warm one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puppetcamp.deployment import ATTENDEE_HOME, Deployment
from puppetcamp.node import CAPABILITIES

COMMAND = ("puppetcamp-seat",)
"""What a seat runs."""

PORT = 8888
"""Where a seat's server listens."""

FIRST_PAGE = "/lab/tree/lessons/00_your_node.ipynb"
"""What an attendee sees first, when they come for the first time."""

HOSTNAME = "camp"

NO_NAME_SERVER = "192.0.2.53"
"""An address that is nobody's (RFC 5737)."""


@dataclass(frozen=True)
class Limits:
    """Say what one seat may use: bytes, processors, processes and threads."""

    memory: int
    cpus: float
    processes: int

    def of_docker(self) -> dict[str, Any]:
        """Say the same in the words of Docker's API."""
        period = 100_000
        return {
            "mem_limit": self.memory,
            "cpu_period": period,
            "cpu_quota": int(self.cpus * period),
        }


def host_options(memory: int | str, processes: int) -> dict[str, Any]:
    """Say what a seat may do on its host, beyond the limits that DockerSpawner sets."""
    return {
        "cap_drop": ["ALL"],
        "cap_add": list(CAPABILITIES),
        "pids_limit": processes,
        # Swap would turn the memory limit into a suggestion.
        "memswap_limit": memory,
        # Names outside are not a seat's to ask for. Some Engines' resolvers answer
        # from the host's side, past the wall, if the host's own name server lies
        # on loopback; with a server named here they ask from inside, in vain.
        "dns": [NO_NAME_SERVER],
        # The wall drops packets in silence: without this, a mistyped name in a
        # manifest costs ten seconds.
        "dns_opt": ["timeout:1", "attempts:1"],
    }


def create_options(deployment: Deployment, labels: Mapping[str, str]) -> dict[str, Any]:
    """Say what a seat's container is called inside, and what marks it outside."""
    return {"labels": {**deployment.labels, **labels}, "hostname": HOSTNAME}


def seat_volumes(home: str, course: str | None = None) -> dict[str, str]:
    """Say which volume lies where: the home, and the course for staff."""
    volumes = {home: ATTENDEE_HOME}
    if course is not None:
        volumes[course] = f"{ATTENDEE_HOME}/course"
    return volumes


def camp_variables(role: str, service_url: str, course: str) -> dict[str, str]:
    """Say what a seat must know of the camp, beside the hub's own variables."""
    return {
        "PUPPETCAMP_ROLE": role,
        "PUPPETCAMP_SERVICE_URL": service_url,
        "PUPPETCAMP_COURSE": course,
    }
