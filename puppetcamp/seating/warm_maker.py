"""Make and remove the containers of warm seats."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import docker
from docker.errors import APIError, NotFound

from puppetcamp.deployment import Deployment
from puppetcamp.seating import container as description
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.warm_store import Kept, WarmStore

log = logging.getLogger(__name__)

SECRET = "PUPPETCAMP_CLAIM_SECRET"  # noqa: S105 -- the name of a variable
LABEL = "puppetcamp.warm"
"""Marks the container of a seat that was warm once, with the seat's id."""


@dataclass(frozen=True)
class SeatKind:
    """Say what all warm seats of a camp have in common."""

    deployment: Deployment
    limits: description.Limits
    variables: Mapping[str, str]
    hub_api: str


class Maker:
    """Speak to the Docker Engine; every method waits for it: call them in threads."""

    def __init__(
        self,
        kind: SeatKind,
        store: WarmStore,
        homes: Homes,
        connect: Callable[[], docker.DockerClient],
    ) -> None:
        self._kind = kind
        self._store = store
        self._homes = homes
        self._connect = connect
        self._client: docker.DockerClient | None = None

    def begin(self, attendee: str | None, now: datetime) -> Kept:
        """Remember a seat that is going to be made."""
        id = secrets.token_hex(8)
        volume = (
            self._kind.deployment.walk_in_volume(id)
            if attendee is None
            else self._homes.volume_of(attendee)
        )
        return self._store.add(id, attendee, volume, now)

    def start(self, seat: Kept) -> tuple[str, str]:
        """Start a seat's container; return its id and its address."""
        deployment = self._kind.deployment
        engine = self.engine
        engine.volumes.create(seat.volume, labels=deployment.labels)
        volumes = description.seat_volumes(seat.volume)
        made = engine.containers.create(
            deployment.attendee_image,
            list(description.COMMAND),
            name=deployment.warm_container(seat.id),
            environment=self._environment(seat),
            volumes={
                name: {"bind": where, "mode": "rw"} for name, where in volumes.items()
            },
            network=deployment.network,
            **description.create_options(deployment, {LABEL: seat.id}),
            **self._kind.limits.of_docker(),
            **description.host_options(
                self._kind.limits.memory, self._kind.limits.processes
            ),
        )
        made.start()
        made.reload()
        networks = made.attrs["NetworkSettings"]["Networks"]
        return str(made.id), str(networks[deployment.network]["IPAddress"])

    def remove(self, seat: Kept) -> None:
        """Remove a seat that nobody has claimed, and what was made for it alone."""
        self._remove_container(seat.container or self.name(seat))
        mine = self._kind.deployment.walk_in_volume(seat.id)
        # A claim that failed has made the volume somebody's home all the same.
        if seat.volume == mine and seat.claimed is None:
            self._remove_volume(mine)
        self._store.forget(seat.id)

    def name(self, seat: Kept) -> str:
        """Name a seat's container as it is called until somebody claims it."""
        return self._kind.deployment.warm_container(seat.id)

    def present(self, running: Mapping[str, str]) -> frozenset[str]:
        """Name whose seats are among these running containers."""
        start = self._kind.deployment.seat_container("")
        return frozenset(
            name.removeprefix(start)
            for name in running.values()
            if name.startswith(start)
        )

    def running(self) -> dict[str, str]:
        """List the camp's running containers: names by id."""
        label = {"label": self._kind.deployment.label}
        found = self.engine.api.containers(filters=label)
        return {one["Id"]: one["Names"][0].lstrip("/") for one in found}

    def strays(self, seats: list[Kept]) -> None:
        """Remove containers of warm seats that no row knows: a crash left them."""
        known = {self.name(seat) for seat in seats}
        label = {"label": [self._kind.deployment.label, LABEL]}
        for one in self.engine.api.containers(all=True, filters=label):
            name = one["Names"][0].lstrip("/")
            unclaimed = name.startswith(self._kind.deployment.warm_container(""))
            if unclaimed and name not in known:
                log.warning("removing the warm seat %s, which nobody knows", name)
                self._remove_container(one["Id"])

    @property
    def engine(self) -> docker.DockerClient:
        """Reach the Docker Engine; raises SetupError."""
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _environment(self, seat: Kept) -> dict[str, str]:
        """Give what the hub would give, with a stand-in for the owner."""
        kind = self._kind
        return {
            **kind.variables,
            SECRET: seat.secret,
            "JUPYTERHUB_API_TOKEN": f"warm-{seat.id}",
            "JUPYTERHUB_CLIENT_ID": f"warm-{seat.id}",
            "JUPYTERHUB_API_URL": kind.hub_api,
            "JUPYTERHUB_SERVICE_PREFIX": seat.prefix,
            "JUPYTERHUB_SERVICE_URL": (
                f"http://0.0.0.0:{description.PORT}{seat.prefix}"
            ),
            "JUPYTERHUB_DEFAULT_URL": description.FIRST_PAGE,
        }

    def _remove_container(self, name: str) -> None:
        try:
            self.engine.api.remove_container(name, force=True, v=True)
        except NotFound:
            pass
        except APIError as error:
            if error.status_code != 409:  # it is being removed already
                raise

    def _remove_volume(self, name: str) -> None:
        try:
            self.engine.api.remove_volume(name)
        except NotFound:
            pass
        except APIError as error:
            log.warning("the volume %s stays: %s", name, error.explanation)
