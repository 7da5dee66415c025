"""A seat: one container for one person, behind the camp's gate and its line."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from docker.errors import APIError, DockerException
from dockerspawner import DockerSpawner
from traitlets import Instance, Integer, Unicode

from puppetcamp.deployment import Deployment
from puppetcamp.seating import container
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.queued import ATTENDEE, QueuedSpawner
from puppetcamp.seating.warm import WarmPool
from puppetcamp.sessions import wording
from puppetcamp.sessions.gate import Refused

DOCKER_THREADS = 32
"""How many calls to the Docker Engine may be under way: a class is stopped at once."""

ALIVE_SECONDS = 1.0
"""How often a container that does not listen yet is looked at: it may have ended."""


_AWAY = wording.Notice(
    "The camp cannot start machines at this moment",
    ("Your files and your time are kept.", "Try again in a minute."),
)


class EngineAway(Refused):
    """Report that no Docker Engine answers; it may be restarting."""

    def __init__(self) -> None:
        super().__init__(_AWAY, "engine", 503)


class CampSpawner(QueuedSpawner, DockerSpawner):  # type: ignore[misc]  # no types
    """Start a seat in a container of its own, if the gate says there is time left."""

    deployment = Instance(Deployment, help="The names of this camp in Docker.").tag(
        config=True
    )
    homes = Instance(Homes, help="Whose home lies in which volume.").tag(config=True)
    warm = Instance(
        WarmPool, allow_none=True, help="Seats that run already, for who arrives."
    ).tag(config=True)
    processes = Integer(
        512, min=16, help="How many processes a seat may have at a time."
    ).tag(config=True)
    service_url = Unicode(help="The camp's service, as seen from a seat.").tag(
        config=True
    )
    course = Unicode(help="The course's id, as nbgrader knows it.").tag(config=True)

    _abandoned: ClassVar[dict[str, asyncio.Task[None]]] = {}
    _threads: ClassVar[ThreadPoolExecutor | None] = None
    _begun = False
    _runs = False

    @property
    def executor(self) -> ThreadPoolExecutor:
        """Run Docker calls side by side; DockerSpawner has one thread for them all."""
        if CampSpawner._threads is None:
            CampSpawner._threads = ThreadPoolExecutor(DOCKER_THREADS, "docker")
        return CampSpawner._threads

    def _docker(self, method: str, *args: Any, **options: Any) -> Any:
        """Call the Docker Engine; raises EngineAway, or APIError if it refuses."""
        try:
            return super()._docker(method, *args, **options)
        except APIError:
            raise
        except (DockerException, OSError) as error:
            raise EngineAway from error

    async def start_seat(self) -> Any:
        """Put up the container and wait until JupyterLab listens in it.

        Returns its address and port. Raises RuntimeError with the container's last
        words if it ends instead.
        """
        self._begun, self._runs = True, False
        await self._cleared()
        await self._prepare()
        address, port = await self._whole(DockerSpawner.start(self))
        self._runs = True
        await self._until_listening(address, port)
        return address, port

    async def claim_seat(self) -> Any:
        """Take a warm seat; None if there is none for this attendee."""
        if self.warm is None:
            return None
        await self._cleared()
        claimed = await self._whole(self.warm.claim(self.user.name, self.get_env()))
        if claimed is None:
            return None
        self._begun = self._runs = True
        self.object_id = claimed.container_id
        return claimed.address, claimed.port

    async def poll(self) -> Any:
        """Ask whether the container runs, as `Spawner.poll` says.

        A container whose start was under way when the hub ended is nobody's: nothing
        is known of it, and waiting for it would keep its owner from a new one.
        """
        state = self.orm_spawner.state or {}
        if not self._begun and not state.get("object_id"):
            await self._remove()
            return 0
        return await super().poll()

    def starting(self) -> dict[str, object]:
        """Tell when the container runs."""
        if not self._runs:
            return {}
        return {"progress": 70, "message": "It runs. Starting JupyterLab on it …"}

    async def _whole(self, making: Coroutine[Any, Any, Any]) -> Any:
        """Make the person's container, all of it or nothing.

        Docker cannot be interrupted: what it makes after somebody has left the line,
        or after the time for a start is over, is removed when it is there.
        """
        made = asyncio.ensure_future(making)
        try:
            return await asyncio.shield(made)
        except asyncio.CancelledError:
            clearing = asyncio.create_task(self._clear_away(made))
            self._abandoned[self.user.name] = clearing
            clearing.add_done_callback(
                lambda _: self._abandoned.pop(self.user.name, None)
            )
            raise

    async def _clear_away(self, made: "asyncio.Future[Any]") -> None:
        await asyncio.gather(made, return_exceptions=True)
        await self._remove()

    async def _cleared(self) -> None:
        """Wait until what an earlier start left is gone: it has the same name."""
        if (clearing := self._abandoned.get(self.user.name)) is not None:
            await asyncio.wait([clearing])

    async def _remove(self) -> None:
        with contextlib.suppress(APIError, EngineAway):  # gone, going, or later
            name = self.container_name
            await self.docker("remove_container", name, force=True, v=True)

    async def _until_listening(self, address: str, port: int) -> None:
        """Wait for the server's port; `seat_timeout` bounds the wait."""
        looked = time.monotonic()
        while not await _listens(address, port):
            if time.monotonic() - looked < ALIVE_SECONDS:
                continue
            looked = time.monotonic()
            if await self.poll() is not None:
                raise RuntimeError(await self._last_words())

    async def _last_words(self) -> str:
        """Say that the container ended, and what it said if it is still there."""
        try:
            said: bytes = await self.docker("logs", self.container_name, tail=10)
        except APIError:
            return "the seat ended at once and without a word"
        return f"the seat ended at once; it said: {said.decode(errors='replace')}"

    async def _prepare(self) -> None:
        """Describe the container: its volumes, its limits, nothing inherited."""
        name = self.user.name
        home = await asyncio.to_thread(
            self.homes.enter, name, self.gate.timekeeper.now()
        )
        await self.docker("create_volume", home, labels=self.deployment.labels)
        staff = self.camp_role != ATTENDEE
        course = self.deployment.course_volume if staff else None
        self.volumes = container.seat_volumes(home, course)
        self.extra_create_kwargs = container.create_options(
            self.deployment, {"puppetcamp.seat": name}
        )
        self.extra_host_config = container.host_options(self.mem_limit, self.processes)

    def get_env(self) -> dict[str, str]:
        """Add what the seat must know of the camp to JupyterHub's variables."""
        environment: dict[str, str] = super().get_env()
        return environment | container.camp_variables(
            self.camp_role, self.service_url, self.course
        )


async def _listens(address: str, port: int, pause: float = 0.1) -> bool:
    """Try to connect; pause before a "no", so that callers may ask in a loop."""
    try:
        async with asyncio.timeout(ALIVE_SECONDS):
            _, writer = await asyncio.open_connection(address, port)
    except OSError:
        await asyncio.sleep(pause)
        return False
    writer.close()
    return True
