"""Two hubs to compare: a plain DockerSpawner, and a camp's."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import requests

from puppetcamp.deployment import Deployment
from puppetcamp.opening import network
from puppetcamp.opening import secrets as camp_secrets
from puppetcamp.place import Place
from puppetcamp.settings import load

HERE = Path(__file__).parent
ROOT = HERE.parent
PATIENCE = 120.0


@dataclass(frozen=True)
class Hub:
    """Speak to a running hub as its administrator."""

    name: str
    api: str
    public: str
    token: str
    code: str = ""
    """What the sign-in form asks for beside a name and a password."""
    database: str = ""
    """The camp's own database; a plain hub has none."""

    def add(self, *names: str) -> None:
        """Make users."""
        self._ask("POST", "/users", json={"usernames": names})

    def running(self) -> list[str]:
        """Name those whose servers are ready."""
        users, offset = [], 0
        while True:
            path = f"/users?state=ready&limit=200&offset={offset}"
            page = self._ask("GET", path).json()
            users += [user["name"] for user in page]
            offset += len(page)
            if len(page) < 200:
                return users

    def start(self, name: str) -> None:
        """Click on "start"."""
        self._ask("POST", f"/users/{name}/server")

    def until_usable(self, name: str) -> None:
        """Wait until the user's own server answers through the proxy."""
        address = f"{self.public}/user/{name}/api/status"
        until = time.monotonic() + PATIENCE
        while True:
            answer = requests.get(
                address, headers=self.headers, timeout=10, allow_redirects=False
            )
            if answer.status_code == 200 and "started" in answer.text:
                return
            if time.monotonic() > until:
                message = f"{address} answers {answer.status_code}: {answer.text[:200]}"
                raise TimeoutError(message)
            time.sleep(0.02)

    def stop(self, name: str) -> None:
        """Stop the user's server and wait until it is gone."""
        self._ask("DELETE", f"/users/{name}/server")
        while self._ask("GET", f"/users/{name}").json()["servers"]:
            time.sleep(0.1)

    @property
    def headers(self) -> dict[str, str]:
        """Give what says to the hub who asks."""
        return {"Authorization": f"token {self.token}"}

    def _ask(self, method: str, path: str, json: object = None) -> requests.Response:
        answer = requests.request(
            method, self.api + path, headers=self.headers, json=json, timeout=60
        )
        answer.raise_for_status()
        return answer


@contextlib.contextmanager
def plain_hub() -> Iterator[Hub]:
    """Run JupyterHub with DockerSpawner as its documentation says, longer time-outs."""
    client = docker.from_env()
    name = f"bench-{secrets.token_hex(3)}"
    bridge = client.networks.create(name, driver="bridge")
    bridge.reload()
    ports, token = _free_ports(3), secrets.token_hex(16)
    environment = {
        "BENCH_NETWORK": name,
        "BENCH_GATEWAY": bridge.attrs["IPAM"]["Config"][0]["Gateway"],
        "BENCH_PORTS": " ".join(map(str, ports)),
        "BENCH_TOKEN": token,
    }
    try:
        with _running(HERE / "plain_config.py", environment) as log:
            hub = Hub(
                "plain",
                f"http://127.0.0.1:{ports[0]}/hub/api",
                f"http://127.0.0.1:{ports[0]}",
                token,
            )
            _until_up(hub, log)
            yield hub
    finally:
        _remove_containers(client, f"{name}-")
        bridge.remove()
        client.close()


@contextlib.contextmanager
def camp_hub(
    more: str = "", config: str = "camp_config.py", **environment: str
) -> Iterator[Hub]:
    """Run a camp's hub on its real configuration, with a network of its own.

    `more` is appended to its camp.toml; `config` is a file beside this one.
    """
    client = docker.from_env()
    deployment = Deployment(f"bench-{secrets.token_hex(3)}")
    port = _free_ports(1)[0]
    token = secrets.token_hex(16)
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.callback(_remove_all, client, deployment)
        with contextlib.ExitStack() as undo:
            place = Place(deployment, network.ensure(client, deployment, undo), root)
            undo.pop_all()
        camp_secrets.ensure(place)
        place.settings_file.write_text(
            '[camp]\nname = "Bench"\n[server]\naddress = "127.0.0.1"\n'
            f"port = {port}\ninternal_port = {_free_row(3)}\n{more}"
        )
        settings = load(place.settings_file)
        environment |= {**place.environment(), "BENCH_TOKEN": token}
        stack.enter_context(_proxy(place, port))
        log = stack.enter_context(_running(HERE / config, environment))
        hub = Hub(
            "camp",
            f"{place.hub_api(settings)}/hub/api",
            f"http://127.0.0.1:{port}",
            token,
            place.join_code.read_text().strip(),
            place.camp_database,
        )
        _until_up(hub, log)
        yield hub
    client.close()


@contextlib.contextmanager
def _running(config: Path, environment: dict[str, str]) -> Iterator[Path]:
    """Run a hub in a folder of its own; give its log."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", str(config)],
                cwd=folder,
                env={**os.environ, **environment, "PYTHONPATH": _python_path()},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            yield log
        finally:
            process.terminate()
            process.wait(30)


@contextlib.contextmanager
def _proxy(place: Place, port: int) -> Iterator[None]:
    settings = load(place.settings_file)
    process = subprocess.Popen(
        [
            "configurable-http-proxy",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--api-ip=127.0.0.1",
            f"--api-port={settings.server.internal_port}",
            f"--default-target={place.hub_api(settings)}",
        ],
        env={
            **os.environ,
            "CONFIGPROXY_AUTH_TOKEN": place.proxy_token.read_text().strip(),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _python_path() -> str:
    return os.pathsep.join(str(ROOT / name) for name in (".", "kernel", "lab"))


def _until_up(hub: Hub, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{hub.api}/", timeout=5).ok:
                return
        if time.monotonic() > until:
            message = f"the {hub.name} hub does not answer:\n{log.read_text()[-2000:]}"
            raise TimeoutError(message)
        time.sleep(0.2)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _free_row(count: int) -> int:
    """Find the first of several free ports in a row."""
    while True:
        first = _free_ports(1)[0]
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for offset in range(count):
                probe = stack.enter_context(socket.socket())
                probe.bind(("0.0.0.0", first + offset))  # noqa: S104 -- as the hub does
            return first


def _remove_containers(client: docker.DockerClient, prefix: str) -> None:
    for container in client.containers.list(all=True, ignore_removed=True):
        if str(container.name).startswith(prefix):
            container.remove(force=True)


def _remove_all(client: docker.DockerClient, deployment: Deployment) -> None:
    _remove_containers(client, f"{deployment.instance}-")
    for volume in client.volumes.list(filters={"label": deployment.label}):
        volume.remove(force=True)
    for found in client.networks.list(filters={"label": deployment.label}):
        found.remove()
