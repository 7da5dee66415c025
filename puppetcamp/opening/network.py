"""The camp's network: attendees' containers reach the host's hub and nobody else."""

from contextlib import ExitStack

import docker
from docker.models.networks import Network

from puppetcamp.deployment import Deployment
from puppetcamp.errors import SetupError
from puppetcamp.opening.undo import uninterrupted


def ensure(client: docker.DockerClient, deployment: Deployment, undo: ExitStack) -> str:
    """Make the camp's bridge unless it exists; return the host's address on it.

    `undo` learns how to take a new bridge back.

    Containers on it cannot talk to each other (no inter-container communication) nor
    to the outside (internal). Raises SetupError if another network has the name.
    """
    for network in client.networks.list(names=[deployment.network]):
        if network.name == deployment.network:
            _require_ours(network, deployment)
            return _gateway(network)
    with uninterrupted():
        network = client.networks.create(
            deployment.network,
            driver="bridge",
            internal=True,
            options={
                "com.docker.network.bridge.enable_icc": "false",
                "com.docker.network.bridge.name": deployment.bridge,
            },
            labels=deployment.labels,
        )
        undo.callback(network.remove)
    network.reload()
    return _gateway(network)


def _require_ours(network: Network, deployment: Deployment) -> None:
    """Refuse a network of the same name that somebody made for something else."""
    attributes = network.attrs or {}
    ours = deployment.labels.items() <= (attributes.get("Labels") or {}).items()
    icc = (attributes.get("Options") or {}).get("com.docker.network.bridge.enable_icc")
    if not (ours and icc == "false" and attributes.get("Internal")):
        message = (
            f"There is a Docker network {deployment.network} that was not made for "
            "this camp. Remove it (docker network rm "
            f"{deployment.network}) or choose another name: make camp INSTANCE=other"
        )
        raise SetupError(message)


def _gateway(network: Network) -> str:
    address: str = network.attrs["IPAM"]["Config"][0]["Gateway"]
    return address.split("/")[0]
