"""A real hub and a real proxy for one test, and a browser of sorts to visit them."""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from puppetcamp import passwords
from puppetcamp.database import open_engine
from tests.requirements import need

CONFIG = Path(__file__).with_name("jupyterhub_config.py")
ROOT = Path(__file__).parents[3]
QUICK = 4  # bcrypt's lowest cost
PATIENCE = 60.0


def until(
    met: Callable[[], object],
    what: str,
    patience: float = PATIENCE,
    every: float = 0.05,
) -> Any:
    """Poll until `met` returns something true, and return that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := met():
            return answer
        time.sleep(every)
    message = f"waited {patience} s in vain for {what}"
    raise AssertionError(message)


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@dataclass
class HubCamp:
    """One camp's hub and proxy as processes of their own, all in one folder.

    `length` is in seconds; `opens` and `closes` are aware moments. `with_service` tells
    the hub where the camp's service will be, which somebody else starts.
    """

    place: Path
    length: float = 3600
    seats: int = 25
    starts_at_once: int = 4
    opens: datetime | None = None
    closes: datetime | None = None
    staff: tuple[str, ...] = ("organizer", "instructor")
    name: str = "Test camp"
    with_service: bool = False
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    registrar: str = field(default_factory=lambda: secrets.token_hex(16))
    join_code: str = field(default_factory=passwords.generate_join_code)

    def __post_init__(self) -> None:
        public, hub, api, service = free_ports(4)
        self.service_url = f"http://127.0.0.1:{service}"
        self.url = f"http://127.0.0.1:{public}"
        self.hub_url = f"http://127.0.0.1:{hub}"
        self.proxy_api = f"http://127.0.0.1:{api}"
        self.hub_api = f"{self.hub_url}/hub/api"
        self.proxy_token = secrets.token_hex(16)
        self.staff_passwords: dict[str, str] = {}
        self._hub: subprocess.Popen[bytes] | None = None
        self._proxy: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Lay out the folder: settings, join code, staff's passwords."""
        (self.place / "pids").mkdir(parents=True)
        (self.place / "join_code").write_text(f"{self.join_code}\n")
        self.staff_passwords = passwords.ensure_staff(
            self.place / "staff", self.staff, QUICK
        )
        self.write()

    def write(self) -> None:
        """Write what the hub reads when it starts."""
        asked = {
            "url": self.url,
            "hub_url": self.hub_url,
            "proxy_api": self.proxy_api,
            "proxy_token": self.proxy_token,
            "token": self.token,
            "service_url": self.service_url if self.with_service else None,
            "registrar": self.registrar,
            "name": self.name,
            "staff": self.staff,
            "length": self.length,
            "seats": self.seats,
            "starts_at_once": self.starts_at_once,
            "opens": self.opens and self.opens.isoformat(),
            "closes": self.closes and self.closes.isoformat(),
        }
        (self.place / "asked.json").write_text(json.dumps(asked))

    def start(self) -> None:
        """Start the proxy, unless it runs, and the hub; return when both answer."""
        if self._proxy is None:
            self._proxy = self._run("proxy", self._proxy_command())
        self._hub = self._run(
            "hub", [sys.executable, "-m", "jupyterhub", "--config", str(CONFIG)]
        )
        until(self._is_up, "the hub")

    def stop_hub(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the hub; proxy and servers go on."""
        if self._hub is not None:
            _end(self._hub, how)
            self._hub = None

    def restart_hub(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the hub and start it again on the same databases."""
        self.stop_hub(how)
        self.start()

    def close(self) -> None:
        """End everything, servers included."""
        self.stop_hub()
        if self._proxy is not None:
            _end(self._proxy, signal.SIGTERM)
        for note in (self.place / "pids").iterdir():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(note.name), signal.SIGTERM)

    def servers(self) -> set[str]:
        """Return whose servers run, by their processes and not by the hub's word."""
        running = set()
        for note in (self.place / "pids").iterdir():
            with contextlib.suppress(OSError):
                owner = note.read_text()
                os.kill(int(note.name), 0)
                running.add(owner)
        return running

    def hold_starts(self, held: bool = True) -> None:
        """Make attendees' starts take for ever, or let them go on."""
        slow = self.place / "slow"
        slow.touch() if held else slow.unlink(missing_ok=True)

    def starts(self) -> list[str]:
        """List whose starts began, in their order, whether they succeeded or not."""
        noted = self.place / "starts"
        return noted.read_text().split() if noted.exists() else []

    def log(self) -> str:
        """Return what the hub logged."""
        return (self.place / "hub.log").read_text(errors="replace")

    def ledger_engine(self) -> Engine:
        """Open the camp's database; the caller disposes of it."""
        return open_engine(f"sqlite:///{self.place / 'camp.sqlite'}")

    def _is_up(self) -> bool:
        assert self._hub is not None
        assert self._hub.poll() is None, f"the hub ended:\n{self.log()[-4000:]}"
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/hub/health").status_code == 200
        return False

    def _proxy_command(self) -> list[str]:
        command = shutil.which("configurable-http-proxy")
        need(command, "configurable-http-proxy (npm) is not on the path")
        public, hub, api = (u.rsplit(":")[-1] for u in self._urls())
        return [
            str(command),
            *("--ip", "127.0.0.1", "--port", public),
            *("--api-ip", "127.0.0.1", "--api-port", api),
            *("--default-target", f"http://127.0.0.1:{hub}"),
            *("--error-target", f"http://127.0.0.1:{hub}/hub/error"),
            *("--log-level", "warn"),
        ]

    def _urls(self) -> tuple[str, str, str]:
        return self.url, self.hub_url, self.proxy_api

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "CAMP_PLACE": str(self.place),
            "CONFIGPROXY_AUTH_TOKEN": self.proxy_token,
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("PYTHONWARNINGS", None)
        with (self.place / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.place, env=environment, stdout=log, stderr=log
            )


class Visitor:
    """Somebody with a browser: cookies, forms, redirects, no JavaScript."""

    def __init__(self, camp: HubCamp, **headers: str) -> None:
        self.camp = camp
        self.http = httpx.Client(
            base_url=camp.url, headers=headers, follow_redirects=True, timeout=60
        )

    def sign_in(self, name: str, password: str, code: str = "") -> httpx.Response:
        """Fill in the sign-in form and send it; follow it no further than one step."""
        page = self.http.get("/hub/login")
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        assert xsrf, page.text
        form = {"username": name, "password": password, "code": code, "_xsrf": xsrf[1]}
        return self.http.post("/hub/login", data=form, follow_redirects=False)

    def arrive(self, name: str, password: str = "correct horse") -> "Visitor":  # noqa: S107
        """Sign in with the join code, successfully."""
        answer = self.sign_in(name, password, self.camp.join_code)
        assert answer.status_code == 302, said(answer)
        return self

    def spawn(self) -> httpx.Response:
        """Click on the start button."""
        return self.http.get("/hub/spawn")

    def work(self, name: str) -> "Visitor":
        """Start a server and wait until it answers."""
        answer = self.spawn()
        assert answer.status_code == 200, said(answer)
        until(lambda: self.is_at_work(name), f"the server of {name}")
        return self

    def is_at_work(self, name: str) -> bool:
        """Tell whether one's server answers through the proxy."""
        return self.http.get(f"/user/{name}/lab").text == f"server of {name}"

    def stop(self, name: str) -> None:
        """Click on the stop button and wait until the server is gone."""
        xsrf = self.http.cookies.get("_xsrf", path="/hub/") or ""
        answer = self.http.delete(
            f"/hub/api/users/{name}/server", headers={"X-XSRFToken": xsrf}
        )
        assert answer.status_code in {202, 204}, answer.text
        until(lambda: name not in self.camp.servers(), f"the end of {name}'s server")

    def close(self) -> None:
        """Close the browser."""
        self.http.close()


def said(page: httpx.Response) -> str:
    """Return a page's words, without markup, scripts and styles."""
    text = re.sub(r"(?s)<(script|style|noscript|nav).*?</\1>", " ", page.text)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@contextlib.contextmanager
def hub_camp(place: Path, **options: Any) -> Iterator[HubCamp]:
    """Open a camp, and close it however the test ends."""
    camp = HubCamp(place, **options)
    camp.prepare()
    try:
        camp.start()
        yield camp
    finally:
        camp.close()


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
