"""The verbs of an organizer: open, stop, clean, status.

Opening checks everything that can be checked before it touches anything, and takes back
what it made if a later step fails: nothing is left half started, and a camp that was
open before is open again.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import docker
from docker.models.containers import Container

from puppetcamp import firewall
from puppetcamp.clock import utc_now
from puppetcamp.database import create_tables, open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.errors import SetupError
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.opening import announce, containers, machine, network, release, secrets
from puppetcamp.opening.undo import all_or_nothing
from puppetcamp.passwords import ensure_staff
from puppetcamp.place import SERVICE_PREFIX, Place
from puppetcamp.settings import CampSettings, check_files, load

PATIENCE = 90.0
"""Seconds that the hub may take until it answers."""

Say = Callable[[str], None]


def open_camp(
    client: docker.DockerClient,
    deployment: Deployment,
    camp_toml: Path,
    handout: Path,
    say: Say,
) -> str:
    """Open the camp that `camp_toml` describes, or bring an open one up to date.

    `handout` is a folder on the host for the staff's new passwords. Returns what the
    organizer reads at the end. Raises SettingsError or SetupError.
    """
    settings = load(camp_toml)
    check_files(settings, camp_toml.parent)
    _require_ports(client, deployment, settings)
    with all_or_nothing() as undo:
        say("Preparing network, volumes and secrets")
        gateway = network.ensure(client, deployment, undo)
        place = Place(deployment, gateway)
        # Learned first, undone last: a hub that comes back reads its old state.
        undo.callback(containers.put_back, client, deployment)
        _write_state(settings, camp_toml, place, undo)
        handed_out = _hand_out(settings, place, handout)
        # A hub that is put back after this sets its rules again.
        undo.callback(firewall.open_host, deployment)
        say("Starting proxy and hub")
        containers.ensure_proxy(client, settings, place, undo)
        containers.ensure_hub(client, settings, place, undo)
        say("Releasing the exercises")
        _release(client, settings, place, say)
        say("Waiting for the hub to answer")
        _await_hub(client, settings, place)
    containers.forget_aside(client, deployment)
    seats_stay = bool(client.info().get("LiveRestoreEnabled"))
    return announce.announce(settings, place, handed_out, seats_stay)


def stop_camp(client: docker.DockerClient, deployment: Deployment, say: Say) -> None:
    """Stop everything of the camp and keep all data; others' containers stay."""
    # The hub goes first, or it would start what is being stopped. What it had begun to
    # start, a warm seat or a take-home bundle, is there to be seen only after its end.
    first = (deployment.hub_container, deployment.proxy_container)
    own = {str(c.name) for c in _containers(client, deployment)}
    for name in first:
        if name in own:
            containers.remove(client, name)
    for name in [str(c.name) for c in _containers(client, deployment)]:
        say(f"Stopping {name}")
        containers.remove(client, name)
    firewall.open_host(deployment)


def clean_camp(client: docker.DockerClient, deployment: Deployment, say: Say) -> None:
    """Remove the camp and all of its data from this machine; images stay."""
    stop_camp(client, deployment, say)
    for volume in client.volumes.list(filters={"label": deployment.label}):
        say(f"Removing {volume.name}")
        volume.remove(force=True)
    for found in client.networks.list(filters={"label": deployment.label}):
        found.remove()


def status(client: docker.DockerClient, deployment: Deployment) -> str:
    """Describe what of the camp runs on this machine."""
    lines = [f"{c.name:40} {c.status}" for c in _containers(client, deployment)]
    volumes = client.volumes.list(filters={"label": deployment.label})
    kinds = (deployment.home_volume(""), deployment.walk_in_volume(""))
    homes = [v for v in volumes if v.name.startswith(kinds)]
    if not lines:
        lines = ["The camp is not running. Open it: make camp"]
    return "\n".join([*lines, f"{len(homes)} homes are kept."])


def _containers(client: docker.DockerClient, deployment: Deployment) -> list[Container]:
    """List the camp's containers, running or not."""
    return client.containers.list(all=True, filters={"label": deployment.label})


def _require_ports(
    client: docker.DockerClient, deployment: Deployment, settings: CampSettings
) -> None:
    """Check the ports that the camp does not hold itself already."""
    server = settings.server
    held = containers.held_ports(client, deployment)
    inside = "[server] internal_port"
    for address, port, key in (
        (server.address, server.port, "[server] port"),
        ("127.0.0.1", server.internal_port, inside),
        ("0.0.0.0", server.internal_port + 1, inside),  # noqa: S104 -- any address
        ("0.0.0.0", server.internal_port + 2, inside),  # noqa: S104 -- any address
    ):
        # Port 0 is always free: the address is looked at all the same.
        machine.require_free(address, 0 if port in held else port, key)


def _write_state(
    settings: CampSettings, camp_toml: Path, place: Place, undo: ExitStack
) -> None:
    """Keep what the hub reads: the accepted camp.toml, secrets, certificate."""
    secrets.ensure(place)
    _replace(place.settings_file, camp_toml.read_text(encoding="utf-8-sig"), undo)
    if settings.server.https:
        folder = camp_toml.parent
        for source, copy in (
            (settings.server.certificate, place.certificate),
            (settings.server.key, place.certificate_key),
        ):
            _replace(copy, (folder / source).read_text(), undo)


def _replace(path: Path, value: str, undo: ExitStack) -> None:
    """Write a file of the state; `undo` learns what it held before."""
    if path.exists():
        undo.callback(secrets.write, path, path.read_text())
    secrets.write(path, value)


def _hand_out(settings: CampSettings, place: Place, handout: Path) -> Path | None:
    """Write new staff passwords to a file that only root can read.

    Returns the file until the organizer has deleted it.
    """
    made = ensure_staff(place.staff_passwords, sorted(settings.staff_names))
    path = handout / f"{place.deployment.instance}-passwords.txt"
    if not made:
        return path if path.exists() else None
    lines = [f"{name:32} {password}" for name, password in made.items()]
    secrets.write(path, "\n".join([f"# {settings.camp.name}", *lines, ""]))
    return path


def _release(
    client: docker.DockerClient, settings: CampSettings, place: Place, say: Say
) -> None:
    engine = open_engine(place.camp_database)
    create_tables(engine)
    store = ExchangeStore(engine, place.exchange_root)
    released = release.release_exercises(
        client,
        place.deployment,
        settings.camp.course,
        store,
        place.released,
        utc_now(),
    )
    engine.dispose()
    for name in released:
        say(f"Released {name}")


def _await_hub(
    client: docker.DockerClient, settings: CampSettings, place: Place
) -> None:
    """Wait for hub, service and the way to it; raise SetupError with the last words."""
    # Hub and service answer before the hub has told the proxy where the service is.
    token = {"Authorization": f"token {place.proxy_token.read_text().strip()}"}
    pages: tuple[tuple[str, dict[str, str]], ...] = (
        (f"{place.hub_api(settings)}/hub/health", {}),
        (f"{place.service(settings)}{SERVICE_PREFIX}/health", {}),
        (f"{place.proxy_api(settings)}/api/routes{SERVICE_PREFIX}", token),
    )
    until = time.monotonic() + PATIENCE
    for page, headers in pages:
        while not _answers(page, headers):
            name = place.deployment.hub_container
            if time.monotonic() > until or containers.has_failed(client, name):
                message = (
                    f"The hub does not answer at {page}. "
                    f"Its last words:\n{containers.last_words(client, name)}"
                )
                raise SetupError(message)
            time.sleep(0.3)


def _answers(url: str, headers: dict[str, str]) -> bool:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- http
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 -- http
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
