"""A camp of a test's own: `make camp` opens it, visitors come, all of it is removed."""

import re
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from docker import DockerClient
from docker.errors import APIError, NotFound
from docker.models.containers import Container

from puppetcamp.deployment import Deployment

ROOT = Path(__file__).parents[1]
PASSWORD = "correct horse battery"  # noqa: S105 -- of people who live for a minute


class Camp:
    """One instance on this machine's engine; its camp.toml lies in a folder of its own.

    The folder is below the checkout, since Docker must find it under the same path.
    """

    def __init__(self, engine: DockerClient) -> None:
        self.engine = engine
        self.deployment = Deployment(f"t-{secrets.token_hex(4)}")
        self.folder = ROOT / ".build" / self.instance
        self.folder.mkdir(parents=True)
        self.port, self.internal_port = free_ports(4), 0
        self.internal_port = self.port + 1
        self.scheme = "http"
        self.said = ""
        self._visitors: list[Visitor] = []

    @property
    def instance(self) -> str:
        """Name the instance, as in `make camp INSTANCE=…`."""
        return self.deployment.instance

    @property
    def camp_toml(self) -> Path:
        """Find the camp's settings."""
        return self.folder / "camp.toml"

    @property
    def handout(self) -> Path:
        """Find the file of the staff's passwords."""
        return ROOT / ".camp" / f"{self.instance}-passwords.txt"

    @property
    def url(self) -> str:
        """Give the address of the camp."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def write(self, more: str = "", server: str = "", **changes: object) -> None:
        """Write a camp.toml; `server` lines go below [server], `more` at the end."""
        values = {"port": self.port, "internal_port": self.internal_port} | changes
        name = values.pop("name", "A camp under test")
        ports = "\n".join(f"{key} = {value}" for key, value in values.items())
        self.camp_toml.write_text(
            f'[camp]\nname = "{name}"\n{more}\n'
            f'[server]\naddress = "127.0.0.1"\n{ports}\n{server}\n'
        )

    def command(self, verb: str) -> list[str]:
        """Give the command line of one of the Makefile's verbs for this camp."""
        return [
            *("make", "--no-print-directory", verb),
            *(f"INSTANCE={self.instance}", f"CAMP={self.camp_toml}"),
        ]

    def make(self, verb: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the Makefile's verbs for this camp, `words` on standard input."""
        return subprocess.run(
            self.command(verb),
            cwd=ROOT,
            input=words,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def open(self) -> str:
        """Open the camp or bring it up to date; return what `make camp` says."""
        done = self.make("camp")
        assert done.returncode == 0, done.stdout + done.stderr
        self.said = done.stdout
        return self.said

    def refused(self) -> str:
        """Run a `make camp` that must fail; return its words on standard error."""
        done = self.make("camp")
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done.stderr

    def passwords(self) -> dict[str, str]:
        """Read the staff's passwords where `make camp` says they lie."""
        assert stat.S_IMODE(self.handout.stat().st_mode) == 0o600
        lines = self.handout.read_text().splitlines()
        return dict(line.split() for line in lines if line and line[0] != "#")

    @property
    def link(self) -> str:
        """Read the link that carries the join code."""
        found = re.search(r"Link +(\S+)", self.said)
        assert found, self.said
        return found[1]

    @property
    def join_code(self) -> str:
        """Read the join code from what `make camp` said."""
        found = re.search(r"Join code +(\S+)", self.said)
        assert found, self.said
        return found[1]

    def started(self) -> list[str]:
        """List the camp's containers, networks and firewall rules."""
        own = {"label": self.deployment.label}
        return sorted(
            [str(c.name) for c in self.containers()]
            + [f"network {n.name}" for n in self.engine.networks.list(filters=own)]
            + ["firewall"] * self.is_guarded()
        )

    def is_guarded(self) -> bool:
        """Tell whether the host's firewall knows the camp's bridge."""
        listed: bytes = self.engine.containers.run(
            self.deployment.hub_image,
            ["/usr/sbin/iptables", "-S", "INPUT"],
            remove=True,
            network_mode="host",
            cap_add=["NET_ADMIN"],
        )
        return self.deployment.bridge in listed.decode()

    def containers(self) -> list[Container]:
        """List the camp's containers, running or not."""
        own = {"label": self.deployment.label}
        found: list[Container] = self.engine.containers.list(
            all=True, filters=own, ignore_removed=True
        )
        return found

    def volumes(self) -> list[str]:
        """List the camp's volumes."""
        own = {"label": self.deployment.label}
        return sorted(v.name for v in self.engine.volumes.list(filters=own))

    def identities(self) -> dict[str, tuple[str, str]]:
        """Tell which container runs under each name, and since when."""
        return {
            str(c.name): (str(c.id), c.attrs["State"]["StartedAt"])
            for c in self.containers()
            if c.status == "running"
        }

    def container(self, name: str) -> Container:
        """Get one of the camp's containers by its full name."""
        return self.engine.containers.get(name)

    def hub(self, script: str) -> str:
        """Run a shell script in the hub's container; return its output."""
        return run(self.container(self.deployment.hub_container), "sh", "-c", script)

    def on_volumes(self, script: str) -> None:
        """Run a shell script where state and course lie, as the opening does."""
        self.engine.containers.run(
            self.deployment.hub_image,
            ["sh", "-ec", script],
            remove=True,
            network_mode="none",
            volumes={
                self.deployment.state_volume: {"bind": "/srv/camp", "mode": "rw"},
                self.deployment.course_volume: {"bind": "/srv/course", "mode": "rw"},
            },
        )

    def seat(self, name: str) -> Container:
        """Get somebody's running seat."""
        return self.container(self.deployment.seat_container(name))

    def visit(self, name: str) -> "Visitor":
        """Sign somebody in."""
        visitor = Visitor(self, name)
        self._visitors.append(visitor)
        visitor.sign_in(self.join_code)
        return visitor

    def arrive(self, name: str) -> "Visitor":
        """Sign somebody in and start their seat."""
        visitor = self.visit(name)
        visitor.start()
        return visitor

    def leftovers(self) -> list[str]:
        """List what of the camp is still on this machine."""
        return self.started() + self.volumes()

    def remove(self) -> None:
        """Remove all of it through Docker, whatever state a test left it in."""
        for visitor in self._visitors:
            visitor.http.close()
        # The hub first: its service starts containers as long as it lives.
        hub = self.deployment.hub_container
        for _ in range(3):
            for container in sorted(self.containers(), key=lambda one: one.name != hub):
                with suppress(NotFound, APIError):
                    container.remove(force=True, v=True)
        own = {"label": self.deployment.label}
        for volume in self.engine.volumes.list(filters=own):
            volume.remove(force=True)
        for network in self.engine.networks.list(filters=own):
            network.remove()
        script = (
            "from puppetcamp import deployment, firewall\n"
            f"firewall.open_host(deployment.Deployment({self.instance!r}))"
        )
        self.engine.containers.run(
            self.deployment.hub_image,
            ["python", "-c", script],
            remove=True,
            network_mode="host",
            cap_add=["NET_ADMIN"],
        )
        shutil.rmtree(self.folder, ignore_errors=True)
        self.handout.unlink(missing_ok=True)


class Visitor:
    """Somebody with a browser: cookies and forms, no JavaScript."""

    def __init__(self, camp: Camp, name: str) -> None:
        self.camp = camp
        self.name = name
        self.http = httpx.Client(
            base_url=camp.url,
            follow_redirects=True,
            timeout=60,
            verify=False,  # noqa: S501 -- a certificate of the test's own
        )

    def sign_in(self, code: str) -> None:
        """Fill in the sign-in form and send it."""
        page = self.http.get("/hub/login", params={"code": code})
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        assert xsrf, page.text
        form = {"username": self.name, "password": PASSWORD, "code": code}
        answer = self.http.post(
            "/hub/login", data=form | {"_xsrf": xsrf[1]}, follow_redirects=False
        )
        assert answer.status_code == 302, answer.text

    def ask_to_start(self) -> None:
        """Click on the start button, and do not wait."""
        self._server("POST", {201, 202})

    def start(self) -> None:
        """Start one's seat and wait until JupyterLab answers."""
        self.ask_to_start()
        until(self.is_at_work, f"the seat of {self.name}", 90)

    def stop(self) -> None:
        """Stop one's seat and wait until its container is gone."""
        self._server("DELETE", {202, 204})
        name = self.camp.deployment.seat_container(self.name)
        until(
            lambda: name not in {c.name for c in self.camp.containers()},
            f"the end of {name}",
        )
        path = f"/hub/api/users/{self.name}"
        until(lambda: not self.http.get(path).json()["servers"], "the hub's word")

    def is_at_work(self) -> bool:
        """Tell whether one's JupyterLab answers through the proxy."""
        answer = self.http.get(f"/user/{self.name}/lab")
        return answer.status_code == 200 and "jupyter-config-data" in answer.text

    def _server(self, method: str, expected: set[int]) -> None:
        xsrf = self.http.cookies.get("_xsrf", path="/hub/") or ""
        answer = self.http.request(
            method,
            f"/hub/api/users/{self.name}/server",
            headers={"X-XSRFToken": xsrf},
        )
        assert answer.status_code in expected, answer.text


@contextmanager
def a_camp(engine: DockerClient) -> Iterator[Camp]:
    """Give a camp that is not open yet; remove all of it however the test ends."""
    camp = Camp(engine)
    try:
        yield camp
    finally:
        camp.remove()


def run(container: Container, *words: str, user: str = "root", code: int = 0) -> str:
    """Run a command in a container, which must end with `code`; return its output."""
    ended, said = container.exec_run(list(words), user=user)
    text: str = said.decode(errors="replace")
    assert ended == code, f"{' '.join(words)}: {ended}\n{text}"
    return text


def until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until a condition holds; fail after a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def free_ports(count: int) -> int:
    """Find the first of several ports in a row that nobody uses.

    They lie below those that the kernel gives to outgoing connections.
    """
    for _ in range(200):
        first = 20000 + secrets.randbelow(12000)
        with suppress(OSError):
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("0.0.0.0", port))  # noqa: S104 -- as the camp does
            return first
    message = "no free ports in a row"
    raise AssertionError(message)
