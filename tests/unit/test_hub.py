"""What JupyterHub is told follows from camp.toml and the camp's place alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from traitlets.config import Config

from puppetcamp import database, hub
from puppetcamp.deployment import Deployment
from puppetcamp.opening import secrets
from puppetcamp.place import Place
from puppetcamp.sessions.gate import SpawnHook
from puppetcamp.settings import CampSettings, parse

ALLOWED = {
    "camp-service": {
        "list:users",
        "read:servers",
        "start:servers",
        "delete:servers",
        "shares",
    },
    "camp-organizer": {"custom:camp:watch", "custom:camp:help", "custom:camp:steer"},
    "camp-instructor": {"custom:camp:watch", "custom:camp:help"},
    "idle-culler": {
        "list:users",
        "read:users:activity",
        "read:servers",
        "delete:servers",
    },
    "user": {"self", "access:services!service=camp"},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Give a place with its secrets; databases are closed again."""
    opened: list[Engine] = []

    def open_engine(url: str) -> Engine:
        opened.append(database.open_engine(url))
        return opened[-1]

    monkeypatch.setattr(hub, "open_engine", open_engine)
    place = Place(Deployment("unit"), "172.30.0.1", tmp_path)
    secrets.ensure(place)
    yield place
    for engine in opened:
        engine.dispose()


def settings(more: str = "") -> CampSettings:
    return parse(f'[camp]\nname = "Unit"\n{more}'.encode())


def configured(place: Place, more: str = "") -> Config:
    config = Config()
    hub.configure(config, settings(more), place)
    return config


def test_seats_come_from_the_settings(place: Place) -> None:
    seats = '[seats]\nmemory = "2G"\ncpus = 0.5\nprocesses = 99\n'
    spawner = configured(place, seats).CampSpawner
    assert (spawner.mem_limit, spawner.cpu_limit) == (2 * 2**30, 0.5)
    assert spawner.processes == 99
    assert spawner.network_name == "unit"
    assert isinstance(spawner.pre_spawn_hook, SpawnHook)


def test_nobody_is_refused_for_coming_in_a_crowd(place: Place) -> None:
    config = configured(place)
    assert config.JupyterHub.concurrent_spawn_limit == 0
    # Waiting in line is no failure: only the start itself has a limit.
    assert config.CampSpawner.start_timeout > timedelta(days=1).total_seconds()


def test_only_the_proxy_listens_for_people(place: Place) -> None:
    config = configured(place, '[server]\naddress = "127.0.0.1"\nport = 8123\n')
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8123"
    assert config.JupyterHub.hub_bind_url == "http://172.30.0.1:18002"
    assert config.ConfigurableHTTPProxy.api_url == "http://127.0.0.1:18001"
    assert config.ConfigurableHTTPProxy.should_start is False
    assert config.JupyterHub.cleanup_servers is False


def test_tokens_have_the_least_scopes(place: Place) -> None:
    config = configured(place)
    given = {role["name"]: set(role["scopes"]) for role in config.JupyterHub.load_roles}
    assert given == ALLOWED
    assert set(config.CampSpawner.server_token_scopes) == {
        "users:activity!user",
        "access:servers!server",
        "access:services!service=camp",
    }


def test_no_secret_is_handed_to_a_service(place: Place) -> None:
    config = configured(place)
    told = repr(config.JupyterHub.services)
    for path in (place.proxy_token, place.cookie_secret, place.join_code):
        assert path.read_text().strip() not in told


@pytest.mark.parametrize("idle", ["1m", "5m", "45m", "24h"])
def test_activity_is_heard_of_well_before_the_idle_timeout(
    place: Place, idle: str
) -> None:
    more = f'[session]\nidle_timeout = "{idle}"\n'
    config = configured(place, more)
    interval = timedelta(seconds=config.JupyterHub.last_activity_interval)
    assert interval * 3 < settings(more).session.idle_timeout


def test_two_configurations_do_not_leak_into_each_other(place: Place) -> None:
    first, second = configured(place), configured(place)
    assert len(first.JupyterHub.services) == len(second.JupyterHub.services) == 2
    assert first.JupyterHub.services is not second.JupyterHub.services
