"""The camp's service as a process of its own, beside a real hub that knows the tokens.

There is no Docker Engine for it, so gradings are refused; everything else is real.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from puppetcamp.deployment import Deployment
from puppetcamp.identity import ACCESS_SCOPE
from puppetcamp.place import SERVICE_PREFIX, Place
from tests.hub.support.camp import ROOT, HubCamp, until


class RunningService:
    """Start, kill and restart one camp's service; its state outlives the process."""

    def __init__(
        self,
        hub: HubCamp,
        root: Path,
        more: str = "",
        first_on_path: Path | None = None,
    ) -> None:
        self._hub = hub
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None
        root.mkdir(exist_ok=True)
        (root / "camp.toml").write_text(f'[camp]\nname = "Test camp"\n{more}')
        address = hub.service_url
        self.url = address + SERVICE_PREFIX
        self.place = Place(Deployment("test-service"), "127.0.0.1", root)
        self._environment = os.environ | {
            **self.place.environment(),
            "JUPYTERHUB_SERVICE_URL": address,
            "JUPYTERHUB_SERVICE_PREFIX": SERVICE_PREFIX,
            "JUPYTERHUB_API_URL": hub.hub_api,
            "JUPYTERHUB_API_TOKEN": hub.token,
            "JUPYTERHUB_CLIENT_ID": "service-camp",
            "DOCKER_HOST": f"unix://{root}/no-docker",
            "PYTHONPATH": os.pathsep.join(
                str(folder)
                for folder in (first_on_path, ROOT, ROOT / "kernel")
                if folder is not None
            ),
        }

    def start(self) -> None:
        """Start it as the hub does and return when it answers."""
        with (self._root / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "puppetcamp.service"],
                env=self._environment,
                cwd=self._root,
                stdout=log,
                stderr=log,
            )
        until(self._answers, "the camp's service")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process; SIGKILL gives it no chance to finish anything."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(30)

    def log(self) -> str:
        """Return what the service logged."""
        return (self._root / "log").read_text(errors="replace")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the service ended:\n{self.log()}"
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/health").status_code == 200
        return False


@contextlib.contextmanager
def running_service(
    hub: HubCamp, root: Path, more: str = "", first_on_path: Path | None = None
) -> Iterator[RunningService]:
    """Run the service of a camp, and end it however the test ends.

    It shares the hub's database if `root` is the hub's folder; `more` goes into its
    camp.toml, and `first_on_path` is where its Python looks for modules first.
    """
    service = RunningService(hub, root, more, first_on_path)
    service.start()
    try:
        yield service
    finally:
        service.end()


def enrol(
    hub: HubCamp, names: Iterable[str], scopes: Iterable[str] = ()
) -> dict[str, str]:
    """Make accounts where there is none; return each one's token for the service."""
    with httpx.Client(
        base_url=hub.hub_api,
        headers={"Authorization": f"token {hub.registrar}"},
        timeout=60,
    ) as http:

        def token(name: str) -> str:
            asked = {"scopes": [ACCESS_SCOPE, *scopes], "note": "test"}
            answer = http.post(f"/users/{name}/tokens", json=asked)
            answer.raise_for_status()
            return str(answer.json()["token"])

        names = list(names)
        made = http.post("/users", json={"usernames": names})
        assert made.status_code in {201, 409}, made.text  # 409: they were here before
        with ThreadPoolExecutor(4) as at_once:
            return dict(zip(names, at_once.map(token, names), strict=True))
