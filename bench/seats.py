"""Run programs in a container of the attendees' image, without a network."""

import contextlib
import json
import secrets
from collections.abc import Iterator
from typing import Any

import docker
from docker.models.containers import Container

from puppetcamp.deployment import Deployment


@contextlib.contextmanager
def seat() -> Iterator[Container]:
    """Start a container that does nothing, and remove it in the end."""
    client = docker.from_env()
    deployment = Deployment(f"bench-{secrets.token_hex(3)}")
    container = client.containers.run(
        deployment.attendee_image,
        ["sleep", "infinity"],
        detach=True,
        init=True,
        network_mode="none",
        hostname="camp",
        extra_hosts={"camp": "127.0.1.1"},
        labels=deployment.labels,
    )
    try:
        yield container
    finally:
        container.remove(force=True, v=True)
        client.close()


def ask(container: Container, argv: list[str], user: str = "root") -> Any:
    """Run a program in a seat and return the JSON that it prints last."""
    done = container.exec_run(argv, user=user, demux=True, workdir="/tmp")  # noqa: S108
    out, err = (part or b"" for part in done.output)
    if done.exit_code != 0:
        message = f"{argv[0]} failed in the seat: {(err or out).decode()[-2000:]}"
        raise RuntimeError(message)
    return json.loads(out.decode().strip().splitlines()[-1])


def percentile(values: list[float], part: float) -> float:
    """Return the value that `part` of all values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def verdict(value: float, limit: float) -> str:
    """Say whether a promise is kept: a value that is to be at most the limit."""
    return f"{value:.3f} of at most {limit:g}: {'kept' if value <= limit else 'BROKEN'}"
