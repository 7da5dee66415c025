"""A container with both kinds of Puppet, one for each process that runs tests."""

import shutil
from collections.abc import Iterator

import pytest
from docker import DockerClient

from tests.docker.conftest import attendee_image, engine
from tests.kernel.differential.nodes import Nodes, nodes
from tests.requirements import need

__all__ = ["attendee_image", "engine"]


@pytest.fixture(scope="package")
def both(engine: DockerClient, attendee_image: str) -> Iterator[Nodes]:
    """Give nodes for stock Puppet and for one worker that serves all cases."""
    need(shutil.which("docker"), "Docker's command line must be on the PATH")
    with nodes(attendee_image, {}) as made:
        yield made
