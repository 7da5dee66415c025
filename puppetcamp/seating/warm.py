"""Give somebody who arrives a seat that runs already.

A warm seat is a container in which JupyterLab runs and waits for its owner. The hub
has no route to it and nobody may enter it; its owner comes by one request with the
seat's own secret, which carries what a seat's environment otherwise holds.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
import docker
from docker.errors import NotFound
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from puppetcamp.clock import Clock
from puppetcamp.deployment import Deployment
from puppetcamp.engine import EngineFailure
from puppetcamp.errors import CampError
from puppetcamp.seating.container import PORT
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.warm_store import Counts, Kept, WarmStore

log = logging.getLogger(__name__)

CLAIM_PATH = "puppetcamp/claim"
PATIENCE = aiohttp.ClientTimeout(total=10, connect=3)
"""How long a claim may take before its owner is better off with a cold start."""

THREADS = 16


class ClaimRefused(CampError):
    """Report a warm seat that did not take its owner."""


@dataclass(frozen=True)
class Claimed:
    """Say where the seat is that somebody has got."""

    container_id: str
    address: str
    port: int


class WarmPool:
    """Hand out warm seats, in the hub; `connect` reaches the Docker Engine.

    Only people without a role get one: staff's seats hold the course.
    """

    def __init__(
        self,
        engine: Engine,
        deployment: Deployment,
        clock: Clock,
        connect: Callable[[], docker.DockerClient],
    ) -> None:
        self._store = WarmStore(engine)
        self._homes = Homes(engine, deployment)
        self._deployment = deployment
        self._clock = clock
        self._connect = connect
        self._client: docker.DockerClient | None = None
        self._threads = ThreadPoolExecutor(THREADS, "warm")

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one: traitlets copies configuration, and all spawners share the pool."""
        return self

    async def claim(self, name: str, environment: Mapping[str, str]) -> Claimed | None:
        """Make a warm seat somebody's own, named as a seat of theirs would be.

        `environment` is what the hub gives to their server. Returns None if there is
        no seat for them, and never raises: then they get one as everybody does.
        """
        try:
            seat = await self._in_thread(self._take, name)
            if seat is None:
                return None
        except (OSError, SQLAlchemyError, EngineFailure, CampError) as error:
            log.warning("no warm seat for %s: %s", name, error)
            return None
        try:
            await asyncio.gather(
                self._in_thread(self._rename, seat, name),
                give(seat, environment),
            )
        except (OSError, aiohttp.ClientError, EngineFailure, CampError) as error:
            log.warning("%s's warm seat failed, they get another: %s", name, error)
            await self._in_thread(self._give_up, seat)
            return None
        except asyncio.CancelledError:
            self._threads.submit(self._give_up, seat)
            raise
        return Claimed(seat.container, seat.address, PORT)

    def target(self, walk_ins: int, roster: list[str]) -> None:
        """Say how many seats shall be warm for whoever comes, and for whom besides."""
        self._store.aim(walk_ins, roster, self._clock())

    def counts(self) -> Counts:
        """Count the seats that are ready, that are being made, and that are wanted."""
        return self._store.counts()

    def _take(self, name: str) -> Kept | None:
        """Find a seat in the table; a home of an earlier camp is looked for, too."""
        walk_in = (
            self._store.counts().ready > 0
            and self._homes.known(name) is None
            and not self._has_volume(name)
        )
        return self._store.claim(name, self._clock(), walk_in)

    def _has_volume(self, name: str) -> bool:
        try:
            self._docker.volumes.get(self._deployment.home_volume(name))
        except NotFound:
            return False
        return True

    def _rename(self, seat: Kept, name: str) -> None:
        self._docker.api.rename(seat.container, self._deployment.seat_container(name))

    def _give_up(self, seat: Kept) -> None:
        """Remove the container, so that it does not hold the home that it was given."""
        try:
            self._store.failed(seat.id)
            self._docker.api.remove_container(seat.container, force=True, v=True)
        except (OSError, SQLAlchemyError, EngineFailure, CampError) as error:
            log.warning("warm seat %s is left to the sweep: %s", seat.id, error)

    @property
    def _docker(self) -> docker.DockerClient:
        if self._client is None:
            self._client = self._connect()
        return self._client

    async def _in_thread(self, do: Callable[..., Any], *args: object) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, do, *args)


async def give(seat: Kept, environment: Mapping[str, str]) -> None:
    """Tell a warm seat whose it is; raises ClaimRefused, ClientError or OSError."""
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as http,
        http.post(
            claim_address(seat),
            json={"environment": dict(environment)},
            headers=claim_headers(seat),
        ) as answer,
    ):
        if answer.status != 200:
            message = f"it answered {answer.status}: {(await answer.text())[:200]}"
            raise ClaimRefused(message)


def claim_address(seat: Kept) -> str:
    """Give the URL of a warm seat's claim."""
    return f"http://{seat.address}:{PORT}{seat.prefix}{CLAIM_PATH}"


def claim_headers(seat: Kept) -> dict[str, str]:
    """Show a warm seat its own secret."""
    return {"Authorization": f"claim {seat.secret}"}
