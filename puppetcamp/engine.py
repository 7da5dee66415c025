"""This machine's Docker Engine."""

import docker
from docker.errors import DockerException

from puppetcamp.errors import SetupError

EngineFailure = DockerException
"""What a Docker Engine that refuses something raises, whatever was asked of it."""


def connect() -> docker.DockerClient:
    """Reach this machine's Docker Engine; raise SetupError if none answers."""
    try:
        client = docker.DockerClient.from_env(timeout=120)
        client.ping()
    except DockerException as error:
        message = (
            f"The Docker Engine does not answer: {error}. "
            "See whether it runs (docker info), then run: make camp"
        )
        raise SetupError(message) from error
    return client
