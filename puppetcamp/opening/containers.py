"""The camp's two long-lived containers: the proxy, and the hub with its service."""

import contextlib
import hashlib
import json
from contextlib import ExitStack
from http.client import CONFLICT
from typing import Any

import docker
from docker.errors import APIError, NotFound
from docker.models.containers import Container
from docker.types import LogConfig, Mount

from puppetcamp.deployment import ENGINE_FOLDER, STATE_ROOT, Deployment
from puppetcamp.errors import SetupError
from puppetcamp.opening.undo import uninterrupted
from puppetcamp.place import Place
from puppetcamp.settings import CampSettings

SOCKET_FOLDER = "/var/run"
"""Where the Docker Engine's socket lies on the machine."""

_FINGERPRINT = "puppetcamp.fingerprint"
_PORTS = "puppetcamp.ports"
_ASIDE = "before"
# The camp comes back by itself after a crash or a reboot of the machine.
_ALWAYS: Any = {"Name": "always"}
_NEVER: Any = {"Name": "no"}
_LOGS = LogConfig(type="json-file", config={"max-size": "10m", "max-file": "3"})


def ensure_proxy(
    client: docker.DockerClient, settings: CampSettings, place: Place, undo: ExitStack
) -> None:
    """Run the proxy as camp.toml says; `undo` learns how to take a new one back.

    A proxy that already runs so is left alone: open pages hang on it.
    """
    server = settings.server
    command = [
        "puppetcamp-proxy",
        f"--ip={server.address}",
        f"--port={server.port}",
        "--api-ip=127.0.0.1",
        f"--api-port={server.internal_port}",
        f"--default-target={place.hub_api(settings)}",
        "--error-target=" + place.hub_api(settings) + "/hub/error",
    ]
    if server.https:
        command += [
            f"--ssl-cert={place.certificate}",
            f"--ssl-key={place.certificate_key}",
        ]
    _ensure(
        client,
        place.deployment,
        place.deployment.proxy_container,
        command,
        undo,
        ports=(server.port, server.internal_port),
        volumes={
            place.deployment.state_volume: {"bind": str(STATE_ROOT), "mode": "ro"}
        },
        # A new image alone does not restart the proxy: every open page hangs on it.
        changes=[_digest_of(place, settings)],
    )


def ensure_hub(
    client: docker.DockerClient, settings: CampSettings, place: Place, undo: ExitStack
) -> None:
    """Run the hub as camp.toml says; `undo` learns how to take a new one back."""
    first = settings.server.internal_port
    _ensure(
        client,
        place.deployment,
        place.deployment.hub_container,
        ["puppetcamp-hub"],
        undo,
        # The hub's container sets the host's rules for the camp's bridge.
        capabilities=["NET_ADMIN"],
        ports=(first + 1, first + 2),
        volumes={
            place.deployment.state_volume: {"bind": str(STATE_ROOT), "mode": "rw"},
        },
        folders={str(ENGINE_FOLDER): SOCKET_FOLDER},
        environment=place.environment(),
        changes=[
            str(client.images.get(place.deployment.hub_image).id),
            settings.model_dump_json(),
            _digest_of(place, settings),
        ],
    )


def held_ports(client: docker.DockerClient, deployment: Deployment) -> frozenset[int]:
    """Tell the ports at which the camp's own proxy and hub listen now."""
    ports: set[int] = set()
    for name in (deployment.proxy_container, deployment.hub_container):
        container = _find(client, deployment, name)
        if container is not None and container.status == "running":
            ports |= {int(port) for port in container.labels.get(_PORTS, "").split()}
    return frozenset(ports)


def put_back(client: docker.DockerClient, deployment: Deployment) -> None:
    """Start those containers again that were set aside for new ones.

    The proxy comes first, since the hub looks for it when it starts.
    """
    for name in (deployment.proxy_container, deployment.hub_container):
        aside = _find(client, deployment, f"{name}-{_ASIDE}")
        if aside is not None:
            remove(client, name)
            aside.rename(name)
            aside.update(restart_policy=_ALWAYS)
            aside.start()


def forget_aside(client: docker.DockerClient, deployment: Deployment) -> None:
    """Remove what was set aside: the new containers do their work."""
    for name in (deployment.proxy_container, deployment.hub_container):
        remove(client, f"{name}-{_ASIDE}")


def remove(client: docker.DockerClient, name: str, grace: int = 10) -> None:
    """Stop and remove a container, if there is one of this name."""
    try:
        container = client.containers.get(name)
        container.stop(timeout=grace)
        container.remove(force=True)
    except NotFound:
        return
    except APIError as error:
        if error.status_code != CONFLICT:
            raise
        # Docker removes it already, as it does a seat that ends.
        with contextlib.suppress(NotFound):
            container.wait(condition="removed", timeout=60)


def has_failed(client: docker.DockerClient, name: str) -> bool:
    """Tell whether a container is gone, has ended, or ended and is tried again."""
    try:
        container = client.containers.get(name)
    except NotFound:
        return True
    restarts: int = container.attrs["RestartCount"]
    return container.status != "running" or restarts > 0


def last_words(client: docker.DockerClient, name: str, lines: int = 15) -> str:
    """Give the end of a container's log, for a message about its failure."""
    try:
        said: bytes = client.containers.get(name).logs(tail=lines)
    except NotFound:
        return f"there is no container {name}"
    return said.decode(errors="replace").strip()


def _ensure(
    client: docker.DockerClient,
    deployment: Deployment,
    name: str,
    command: list[str],
    undo: ExitStack,
    *,
    ports: tuple[int, int],
    volumes: dict[str, dict[str, str]],
    changes: list[str],
    folders: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
    capabilities: list[str] | None = None,
) -> None:
    """Run a container unless it runs with the same command and `changes`."""
    known = [command, volumes, folders, environment, changes, capabilities]
    fingerprint = hashlib.sha256(json.dumps(known).encode()).hexdigest()
    running = _find(client, deployment, name)
    if running is not None:
        same = running.labels.get(_FINGERPRINT) == fingerprint
        if same and running.status == "running":
            return
    with uninterrupted():
        if running is not None:
            _set_aside(client, running)
        # Learned before the start: what cannot start is there all the same.
        undo.callback(remove, client, name)
        client.containers.run(
            deployment.hub_image,
            command,
            name=name,
            detach=True,
            network_mode="host",
            volumes=volumes,
            mounts=[_folder(*found) for found in (folders or {}).items()],
            environment=environment or {},
            cap_add=capabilities or [],
            labels={
                **deployment.labels,
                _FINGERPRINT: fingerprint,
                _PORTS: " ".join(map(str, ports)),
            },
            restart_policy=_ALWAYS,
            log_config=_LOGS,
        )


def _folder(target: str, source: str) -> Mount:
    """Show a folder of the machine, whatever file lies in it when it is looked for.

    The Engine makes its socket anew whenever it starts. A hub that outlives the Engine
    would hold the old one, if it had been given the file.
    """
    mount = Mount(target, source, type="bind", read_only=True)
    # Of itself alone: what is mounted below is not held back when it goes.
    mount["BindOptions"] = {"NonRecursive": True}
    return mount


def _set_aside(client: docker.DockerClient, container: Container) -> None:
    """Stop a container and keep it, in case the one that replaces it does not work."""
    remove(client, f"{container.name}-{_ASIDE}")
    # Whatever happens next, a reboot must not start it beside its successor.
    container.update(restart_policy=_NEVER)
    container.stop()
    container.rename(f"{container.name}-{_ASIDE}")


def _find(
    client: docker.DockerClient, deployment: Deployment, name: str
) -> Container | None:
    try:
        container = client.containers.get(name)
    except NotFound:
        return None
    if not deployment.labels.items() <= container.labels.items():
        message = (
            f"There is a container {name} that was not made by this camp. "
            f"Rename it (docker rename {name} other) or choose another name for the "
            "camp: make camp INSTANCE=other"
        )
        raise SetupError(message)
    return container


def _digest_of(place: Place, settings: CampSettings) -> str:
    """Give what changes when the certificate does."""
    if not settings.server.https:
        return ""
    return hashlib.sha256(place.certificate.read_bytes()).hexdigest()
