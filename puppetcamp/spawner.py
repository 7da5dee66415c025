"""A seat: one container for one person, behind the camp's gate."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from dockerspawner import DockerSpawner
from traitlets import Dict, Instance, Integer, Unicode

from puppetcamp.clock import utc_now
from puppetcamp.deployment import ATTENDEE_HOME, Deployment
from puppetcamp.node import CAPABILITIES
from puppetcamp.sessions.gate import Gate

ATTENDEE = "attendee"

NO_NAME_SERVER = "192.0.2.53"
"""An address that is nobody's (RFC 5737)."""


class CampSpawner(DockerSpawner):  # type: ignore[misc]  # dockerspawner has no types
    """Start a seat in a container of its own, if the gate says there is time left."""

    deployment = Instance(Deployment, help="The names of this camp in Docker.").tag(
        config=True
    )
    gate = Instance(
        Gate, help="Where a camp session begins; it was asked before the start."
    ).tag(config=True)
    staff = Dict(
        help="Names of staff with their role; who is not named is an attendee."
    ).tag(config=True)
    processes = Integer(
        512, min=16, help="How many processes a seat may have at a time."
    ).tag(config=True)
    service_url = Unicode(help="The camp's service, as seen from a seat.").tag(
        config=True
    )
    course = Unicode(help="The course's id, as nbgrader knows it.").tag(config=True)

    _runs = False

    @property
    def camp_role(self) -> str:
        """Name this person's role in the camp."""
        return str(self.staff.get(self.user.name, ATTENDEE))

    async def start(self) -> Any:
        """Start the seat and, as soon as it can be used, the person's camp session.

        Returns the address and port of the server. Raises RuntimeError with the
        container's last words if it ends instead.
        """
        self._runs = False
        await self._prepare()
        address, port = await super().start()
        self._runs = True
        await self._until_listening(address, port)
        # The clock starts with JupyterLab, not with the click: waiting in a crowd
        # costs an attendee nothing.
        self.gate.entered(self.user.name, utc_now())
        return address, port

    async def _until_listening(self, address: str, port: int) -> None:
        """Wait for the server's port; the hub's start_timeout bounds the wait."""
        while not await _listens(address, port):
            if await self.poll() is not None:
                said = await self.docker("logs", self.object_id, tail=10)
                message = f"the seat ended at once; it said: {said.decode()}"
                raise RuntimeError(message)

    async def _prepare(self) -> None:
        """Describe the container: its volumes, its limits, nothing inherited."""
        name = self.user.name
        home = self.deployment.home_volume(name)
        await self.docker("create_volume", home, labels=self.deployment.labels)
        self.volumes = {home: ATTENDEE_HOME}
        if self.camp_role != ATTENDEE:
            self.volumes[self.deployment.course_volume] = f"{ATTENDEE_HOME}/course"
        self.extra_create_kwargs = {
            "labels": {**self.deployment.labels, "puppetcamp.seat": name},
            "hostname": "camp",
        }
        self.extra_host_config = {
            "cap_drop": ["ALL"],
            "cap_add": list(CAPABILITIES),
            "pids_limit": self.processes,
            # Swap would turn the memory limit into a suggestion.
            "memswap_limit": self.mem_limit,
            # Names outside are not a seat's to ask for. Some Engines' resolvers answer
            # from the host's side, past the wall, if the host's own name server lies
            # on loopback; with a server named here they ask from inside, in vain.
            "dns": [NO_NAME_SERVER],
            # The wall drops packets in silence: without this, a mistyped name in a
            # manifest costs ten seconds.
            "dns_opt": ["timeout:1", "attempts:1"],
        }

    async def progress(self) -> AsyncIterator[dict[str, object]]:
        """Tell the waiting page in plain words what is happening."""
        yield {"progress": 20, "message": "Putting up your own Debian machine …"}
        while not self._runs:
            await asyncio.sleep(0.2)
        yield {"progress": 60, "message": "It runs. Starting JupyterLab on it …"}

    def get_env(self) -> dict[str, str]:
        """Add what the seat must know of the camp to JupyterHub's variables."""
        environment: dict[str, str] = super().get_env()
        environment["PUPPETCAMP_ROLE"] = self.camp_role
        environment["PUPPETCAMP_SERVICE_URL"] = self.service_url
        environment["PUPPETCAMP_COURSE"] = self.course
        return environment


async def _listens(address: str, port: int, pause: float = 0.1) -> bool:
    """Try to connect; pause before a "no", so that callers may ask in a loop."""
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        await asyncio.sleep(pause)
        return False
    writer.close()
    return True
