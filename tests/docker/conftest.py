"""What docker tests need: an engine, the attendee image, and nothing left behind."""

import os
import uuid
from collections.abc import Iterator

import docker
import pytest
from docker import DockerClient
from docker.errors import DockerException, ImageNotFound

from tests.requirements import need

# It kills the Docker Engine of a machine that `make faults` makes for it.
collect_ignore = [] if os.environ.get("FAULTS") else ["test_daemon.py"]

ATTENDEE_IMAGE = os.environ.get("PUPPETCAMP_ATTENDEE_IMAGE", "puppetcamp/attendee")


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerClient]:
    """Give a client of this machine's Docker Engine."""
    client = None
    try:
        client = docker.from_env()
        client.ping()
    except (DockerException, OSError) as error:
        need(False, f"no Docker Engine answers: {error}")
    assert client is not None
    yield client
    client.close()


@pytest.fixture(scope="session")
def attendee_image(engine: DockerClient) -> str:
    """Name the attendee image, which is there."""
    try:
        engine.images.get(ATTENDEE_IMAGE)
    except ImageNotFound:
        need(False, f"the image {ATTENDEE_IMAGE} is not built: run make camp")
    return ATTENDEE_IMAGE


@pytest.fixture
def instance_labels(engine: DockerClient) -> Iterator[dict[str, str]]:
    """Give labels of a camp that is this test's own; it must leave no container."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    label = f"puppetcamp.instance={name}"
    yield {"puppetcamp.instance": name}
    left = engine.containers.list(
        all=True, filters={"label": label}, ignore_removed=True
    )
    for container in left:
        container.remove(force=True, v=True)
    assert not left, f"containers were left behind: {[box.name for box in left]}"
