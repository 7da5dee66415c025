"""The camp's two long-lived containers: the proxy, and the hub with its service."""

import contextlib
import hashlib
import json
from http.client import CONFLICT

import docker
from docker.errors import APIError, NotFound
from docker.models.containers import Container
from docker.types import LogConfig

from puppetcamp.deployment import COURSE_ROOT, STATE_ROOT, Deployment
from puppetcamp.errors import SetupError
from puppetcamp.place import Place
from puppetcamp.settings import CampSettings

SOCKET = "/var/run/docker.sock"
_FINGERPRINT = "puppetcamp.fingerprint"
_LOGS = LogConfig(type="json-file", config={"max-size": "10m", "max-file": "3"})


def ensure_proxy(
    client: docker.DockerClient, settings: CampSettings, place: Place
) -> bool:
    """Run the proxy as camp.toml says; return whether it was started anew.

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
    return _ensure(
        client,
        place.deployment,
        place.deployment.proxy_container,
        command,
        volumes={
            place.deployment.state_volume: {"bind": str(STATE_ROOT), "mode": "ro"}
        },
        # A new image alone does not restart the proxy: every open page hangs on it.
        changes=[_digest_of(place, settings)],
    )


def ensure_hub(
    client: docker.DockerClient, settings: CampSettings, place: Place
) -> bool:
    """Run the hub as camp.toml says; return whether it was started anew."""
    return _ensure(
        client,
        place.deployment,
        place.deployment.hub_container,
        ["jupyterhub", "--config", "/etc/puppetcamp/jupyterhub_config.py"],
        volumes={
            place.deployment.state_volume: {"bind": str(STATE_ROOT), "mode": "rw"},
            place.deployment.course_volume: {"bind": str(COURSE_ROOT), "mode": "rw"},
            SOCKET: {"bind": SOCKET, "mode": "rw"},
        },
        environment=place.environment(),
        changes=[
            str(client.images.get(place.deployment.hub_image).id),
            settings.model_dump_json(),
            _digest_of(place, settings),
        ],
    )


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
    *,
    volumes: dict[str, dict[str, str]],
    changes: list[str],
    environment: dict[str, str] | None = None,
) -> bool:
    """Run a container unless it runs with the same command and `changes`."""
    known = [command, volumes, environment, changes]
    fingerprint = hashlib.sha256(json.dumps(known).encode()).hexdigest()
    running = _find(client, name)
    if running is not None:
        same = running.labels.get(_FINGERPRINT) == fingerprint
        if same and running.status == "running":
            return False
        remove(client, name)
    client.containers.run(
        deployment.hub_image,
        command,
        name=name,
        detach=True,
        network_mode="host",
        volumes=volumes,
        environment=environment or {},
        labels={**deployment.labels, _FINGERPRINT: fingerprint},
        # The camp comes back by itself after a crash or a reboot of the machine.
        restart_policy={"Name": "always"},
        log_config=_LOGS,
    )
    return True


def _find(client: docker.DockerClient, name: str) -> Container | None:
    try:
        container = client.containers.get(name)
    except NotFound:
        return None
    if "puppetcamp.instance" not in container.labels:
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
