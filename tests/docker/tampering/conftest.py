"""Attacks of a module run beside each other, and beside an honest submission."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import docker
import pytest
from docker import DockerClient

from puppetcamp.grading.runner import Graded, Runner
from tests.docker.tampering.attack import HONEST, Attack
from tests.unit.grading.notebooks import notebook

Strike = Callable[[Attack], Graded]

AT_ONCE = 2
"""Sandboxes at a time; a module whose attacks mostly wait has an AT_ONCE of its own."""


@pytest.fixture(scope="module")
def labels(engine: DockerClient) -> Iterator[dict[str, str]]:
    """Give a module's own labels; no container with them may be left behind."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield {"puppetcamp.instance": name}
    label = {"label": f"puppetcamp.instance={name}"}
    left = engine.containers.list(all=True, filters=label, ignore_removed=True)
    for container in left:
        container.remove(force=True, v=True)
    assert not left, f"containers were left behind: {[box.name for box in left]}"


@pytest.fixture(scope="module")
def strike(
    request: pytest.FixtureRequest, attendee_image: str, labels: dict[str, str]
) -> Iterator[Strike]:
    """Give a function that returns the grading of an attack.

    All attacks that this module's tests ask for are under way from the beginning, and
    an honest submission among them.
    """
    connect = docker.from_env

    def run(attack: Attack) -> Graded:
        runner = Runner(connect, attendee_image, labels, limits=attack.limits)
        submission = notebook(*attack.submission)
        return runner.run(submission, exercise="test", attendee="eve")

    with ThreadPoolExecutor(getattr(request.module, "AT_ONCE", AT_ONCE)) as pool:
        under_way: dict[str, Future[Graded]] = {
            attack.name: pool.submit(run, attack)
            for attack in [*_asked_for(request), HONEST]
        }
        yield lambda attack: under_way[attack.name].result()


def _asked_for(request: pytest.FixtureRequest) -> list[Attack]:
    found = {
        value.name: value
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.module is request.module
        if hasattr(item, "callspec")
        for value in item.callspec.params.values()
        if isinstance(value, Attack)
    }
    return list(found.values())
