"""What a seat's spawner makes of a Docker Engine that refuses, or is away."""

from http import HTTPStatus

import pytest
from docker.errors import APIError, DockerException, NotFound
from dockerspawner import DockerSpawner

from puppetcamp.spawner import CampSpawner, EngineAway


@pytest.fixture
def spawner() -> CampSpawner:
    return CampSpawner()


def ask(
    spawner: CampSpawner, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(DockerSpawner, "_docker", fail)
    spawner._docker("inspect_container", "seat")


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(111, "Connection refused"),
        DockerException("Error while fetching server API version"),
        TimeoutError("the Engine hangs"),
    ],
)
def test_an_engine_that_is_away(
    spawner: CampSpawner, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    with pytest.raises(EngineAway) as raised:
        ask(spawner, monkeypatch, failure)
    assert raised.value.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "files and your time are kept" in raised.value.jupyterhub_message


@pytest.mark.parametrize("failure", [NotFound("no such container"), APIError("no")])
def test_an_engine_that_refuses(
    spawner: CampSpawner, monkeypatch: pytest.MonkeyPatch, failure: APIError
) -> None:
    with pytest.raises(APIError) as raised:
        ask(spawner, monkeypatch, failure)
    assert raised.value is failure
