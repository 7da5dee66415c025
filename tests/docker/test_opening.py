"""`make camp`, `make stop`, `make clean`: the real verbs, on a real camp."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from docker import DockerClient

from tests.camps import (
    PASSWORD,
    ROOT,
    Camp,
    Visitor,
    a_camp,
    free_ports,
    run,
    until,
)
from tests.requirements import need

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@contextmanager
def another_program(port: int) -> Iterator[None]:
    """Listen at a port, as somebody's other server does."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


class TestRefusals:
    """A camp that cannot be opened: say why, leave nothing started."""

    @pytest.fixture
    def closed(self, engine: DockerClient) -> Iterator[Camp]:
        """Give a camp that was never open."""
        with a_camp(engine) as camp:
            camp.write()
            yield camp

    def test_without_a_camp_toml(self, closed: Camp) -> None:
        closed.camp_toml.unlink()
        said = closed.refused()
        assert f"There is no {closed.camp_toml}" in said
        assert "make camp CAMP=" in said
        assert closed.started() == closed.volumes() == []

    def test_all_faults_of_the_settings_at_once(self, closed: Camp) -> None:
        closed.write(
            "opens = 2026-11-23T17:00:00\ncloses = 2026-11-23T09:00:00",
            'certificate = "camp.pem"\n[session]\nlenght = "3h"\nidle_timeout = "soon"',
        )
        said = closed.refused()
        for words in (
            "[session] lenght: unknown key; did you mean length?",
            "[session] idle_timeout: ",
            "closes: ",
            "certificate is set and key is not; set both or neither",
        ):
            assert words in said
        assert said.count("camp.toml, [") == 4, said
        assert closed.started() == []

    def test_a_port_in_use(self, closed: Camp) -> None:
        with another_program(closed.port):
            said = closed.refused()
        assert f"Port {closed.port} on 127.0.0.1 is in use" in said
        assert "[server] port" in said
        assert f"ss -ltnp 'sport = :{closed.port}'" in said
        assert closed.started() == []

    def test_an_address_that_is_not_here(self, closed: Camp) -> None:
        text = closed.camp_toml.read_text()
        closed.camp_toml.write_text(text.replace("127.0.0.1", "192.0.2.7"))
        said = closed.refused()
        assert "192.0.2.7 is not an address of this machine" in said
        assert "hostname -I" in said
        assert closed.started() == []

    def test_another_network_of_the_same_name(
        self, closed: Camp, engine: DockerClient
    ) -> None:
        with ExitStack() as undo:
            foreign = engine.networks.create(closed.deployment.network)
            undo.callback(foreign.remove)
            said = closed.refused()
            assert f"Docker network {closed.instance} that was not made for" in said
            assert f"docker network rm {closed.instance}" in said
            assert closed.started() == []
            foreign.reload()

    def test_another_container_of_the_same_name(
        self, closed: Camp, engine: DockerClient
    ) -> None:
        with ExitStack() as undo:
            foreign = engine.containers.create(
                "puppetcamp/base", "true", name=closed.deployment.hub_container
            )
            undo.callback(foreign.remove)
            said = closed.refused()
            assert f"container {foreign.name} that was not made by this camp" in said
            assert "make camp INSTANCE=other" in said
            assert closed.started() == []
            # Nor does stopping the camp stop what is not the camp's.
            assert closed.make("stop").returncode == 0
            foreign.reload()

    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_an_interruption_takes_back_what_was_begun(
        self, closed: Camp, how: signal.Signals
    ) -> None:
        with subprocess.Popen(
            closed.command("camp"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as opening:
            assert opening.stdout
            said = ""
            while "Starting proxy and hub" not in said:
                line = opening.stdout.readline()
                assert line, said
                said += line
            assert closed.engine.networks.list(names=[closed.deployment.network])
            os.killpg(opening.pid, how)
            said = opening.stdout.read()
        assert "Traceback" not in said
        until(lambda: not closed.started(), "the end of what was begun", 30)


@pytest.fixture(scope="module")
def camp(engine: DockerClient, attendee_image: str) -> Iterator[Camp]:
    """Open one camp for the tests below, which run in their order."""
    with a_camp(engine) as camp:
        camp.write()
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def ada(camp: Camp) -> Visitor:
    """Let Ada sign in and start her seat."""
    return camp.arrive("ada")


def is_open(camp: Camp) -> bool:
    """Tell whether the hub answers where people reach it."""
    try:
        answer = httpx.get(f"{camp.url}/hub/health", timeout=5)
    except httpx.TransportError:
        return False
    return answer.status_code == 200


class TestOpenCamp:
    """A camp that runs, and what organizers do to it, in the order of a day."""

    def test_again_changes_nothing(self, camp: Camp) -> None:
        before = camp.identities()
        assert set(before) == {
            camp.deployment.hub_container,
            camp.deployment.proxy_container,
        }
        camp.open()
        assert camp.identities() == before

    def test_wrong_settings_leave_it_open(self, camp: Camp) -> None:
        before = camp.identities()
        camp.write('opnes = "soon"')
        assert "did you mean opens?" in camp.refused()
        assert camp.identities() == before
        assert is_open(camp)

    def test_a_busy_new_port_leaves_it_open(self, camp: Camp) -> None:
        before = camp.identities()
        elsewhere = free_ports(1)
        camp.write(port=elsewhere)
        with another_program(elsewhere):
            said = camp.refused()
        assert f"Port {elsewhere} on 127.0.0.1 is in use" in said
        assert camp.identities() == before
        assert is_open(camp)

    def test_new_settings_replace_the_hub_alone(self, camp: Camp, ada: Visitor) -> None:
        before = camp.identities()
        camp.write(name="Camp Hopper")
        assert "Camp Hopper is open." in camp.open()
        after = camp.identities()
        hub = camp.deployment.hub_container
        assert after.pop(hub) != before.pop(hub)
        assert after == before, "proxy and seat are to run on"
        assert len(after) == 2
        # The hub adopts the seat and knows Ada still; nothing is left over.
        until(ada.is_at_work, "Ada's seat behind the new hub")
        assert ada.http.get("/hub/api/users/ada").json()["server"] == "/user/ada/"
        assert len(camp.containers()) == 3

    def test_a_late_failure_brings_the_old_camp_back(
        self, camp: Camp, ada: Visitor
    ) -> None:
        before, accepted = camp.identities(), camp.hub("cat /srv/camp/camp.toml")
        # The new hub is up when nbgrader finds an exercise that it cannot read.
        camp.on_volumes(
            "cd /srv/course/source/motd && cp motd.ipynb /srv/course/good.ipynb "
            "&& rm /srv/camp/released/motd && echo broken > motd.ipynb"
        )
        camp.write(name="Camp Perlman")
        said = camp.refused()
        assert "nbgrader cannot make the release of" in said
        assert "then run: make camp" in said
        after = camp.identities()
        assert {name: i for name, (i, _) in after.items()} == {
            name: i for name, (i, _) in before.items()
        }
        until(lambda: is_open(camp), "the old hub")
        assert camp.hub("cat /srv/camp/camp.toml") == accepted
        until(ada.is_at_work, "Ada's seat behind the old hub")
        camp.on_volumes("mv /srv/course/good.ipynb /srv/course/source/motd/motd.ipynb")
        camp.write(name="Camp Hopper")
        camp.open()


class TestSecrets:
    """What somebody who reads images, logs or process lists learns: nothing."""

    @pytest.fixture
    def secrets(self, camp: Camp, ada: Visitor) -> dict[str, str]:
        """Read the camp's secrets where they lie."""
        kept = {
            name: camp.hub(f"cat /srv/camp/secrets/{name}").strip()
            for name in ("proxy_token", "cookie_secret", "join_code")
        }
        lines = camp.handout.read_text().splitlines()
        staff = dict(line.split() for line in lines if not line.startswith("#"))
        assert set(staff) == {"organizer", "instructor"}
        assert kept["join_code"] == camp.join_code
        return kept | staff | {"ada's password": PASSWORD}

    def test_none_is_in_what_docker_tells(
        self, camp: Camp, ada: Visitor, secrets: dict[str, str]
    ) -> None:
        # The link that carries the join code is followed, with the hub up and down.
        hub = camp.container(camp.deployment.hub_container)
        link = f"{camp.url}/hub/login?code={camp.join_code}"
        assert httpx.get(link).status_code == 200
        hub.pause()
        try:
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(link, timeout=1)
        finally:
            hub.unpause()
        told = {}
        for container in camp.containers():
            container.reload()
            told[f"inspect {container.name}"] = str(container.attrs)
            told[f"logs {container.name}"] = container.logs().decode()
            told[f"top {container.name}"] = str(
                container.top(ps_args="-ww -eo pid,args")
            )
        assert len(told) == 9
        assert len(told[f"logs {hub.name}"]) > 500
        leaks = [
            f"{secret} in {where}"
            for where, text in told.items()
            for secret, value in secrets.items()
            if value in text
        ]
        assert leaks == []

    def test_seats_are_told_none(self, camp: Camp, secrets: dict[str, str]) -> None:
        seat = camp.seat("ada")
        told = run(seat, "sh", "-c", "cat /proc/[0-9]*/environ; env", user="root")
        told += run(
            seat,
            "sh",
            "-c",
            "grep -rhsI . /home /etc /tmp /run /var/lib/puppet || true",
        )
        assert len(told) > 10_000
        assert [name for name, value in secrets.items() if value in told] == []

    def test_images_hold_none(
        self, camp: Camp, engine: DockerClient, secrets: dict[str, str]
    ) -> None:
        for name in ("puppetcamp/hub", "puppetcamp/attendee"):
            image = engine.images.get(name)
            told = str(image.attrs) + str(image.history())
            assert [key for key, value in secrets.items() if value in told] == []

    def test_files_are_their_owners_alone(self, camp: Camp) -> None:
        listed = camp.hub(
            "find /srv/camp/secrets /srv/camp -xdev -printf '%m %y %p\\n'"
        )
        modes = dict(line.split()[::2][::-1] for line in listed.splitlines())
        assert modes["/srv/camp/secrets"] == "700"
        inside = {p: m for p, m in modes.items() if p.startswith("/srv/camp/secrets/")}
        assert len(inside) >= 5
        assert set(inside.values()) == {"600"}, inside
        # The databases hold hashes of tokens and everybody's work.
        assert modes["/srv/camp"] == "700"
        assert any(path.endswith(".sqlite") for path in modes)
        assert camp.handout.stat().st_mode & 0o777 == 0o600


class TestHttps:
    """A certificate in camp.toml: the same camp, over HTTPS."""

    def test_it_answers_over_https(self, camp: Camp, ada: Visitor) -> None:
        need(shutil.which("openssl"), "the openssl command is missing")
        certificate, key = camp.folder / "camp.pem", camp.folder / "camp.key"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec"),
                *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
                *("-subj", "/CN=camp", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-keyout", str(key), "-out", str(certificate)),
            ],
            check=True,
            capture_output=True,
        )
        camp.write(server='certificate = "camp.pem"\nkey = "camp.key"')
        camp.scheme = "https"
        said = camp.open()
        assert f"https://127.0.0.1:{camp.port}/" in said
        assert "Without HTTPS" not in said
        trust = ssl.create_default_context(cafile=str(certificate))
        assert httpx.get(f"{camp.url}/hub/login", verify=trust).status_code == 200
        # Whoever signs in gets cookies that never travel in the clear.
        bob = camp.visit("bob")
        jar = {cookie.name: cookie.secure for cookie in bob.http.cookies.jar}
        assert jar["jupyterhub-session-id"]
        assert jar["jupyterhub-hub-login"]
        modes = camp.hub("stat -c %a /srv/camp/secrets/certificate.*").split()
        assert modes == ["600", "600"]
        # Who worked before works on: the seat and its server are the same.
        assert camp.seat("ada").status == "running"

    def test_plain_http_says_nothing(self, camp: Camp) -> None:
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{camp.port}/hub/login")


class TestEnd:
    """Stopping keeps everything; cleaning removes everything, if one means it."""

    def test_stop_keeps_the_work(self, camp: Camp, ada: Visitor) -> None:
        before = camp.volumes()
        assert camp.deployment.home_volume("ada") in before
        assert camp.is_guarded()
        done = camp.make("stop")
        assert done.returncode == 0, done.stderr
        assert "all work is kept" in done.stdout
        assert not camp.is_guarded()
        assert camp.containers() == []
        assert camp.volumes() == before
        assert "The camp is not running" in camp.make("status").stdout
        # What is stopped can be stopped.
        assert camp.make("stop").returncode == 0

    @pytest.mark.parametrize("answer", ["", "\n", "puppetcamp\n", "y\n"])
    def test_clean_without_the_name_removes_nothing(
        self, camp: Camp, answer: str
    ) -> None:
        before = camp.volumes()
        done = camp.make("clean", answer)
        assert done.returncode != 0
        assert "Nothing was removed" in done.stdout
        assert camp.volumes() == before
        assert camp.handout.exists()

    def test_it_opens_again_with_what_it_knew(self, camp: Camp) -> None:
        code = camp.join_code
        camp.open()
        assert camp.join_code == code
        names = camp.hub(
            "python -c \"import sqlite3; print(*sqlite3.connect('/srv/camp/jupyterhub"
            ".sqlite').execute('select name from users'))\""
        )
        assert "ada" in names

    def test_clean_with_the_name_removes_all(self, camp: Camp) -> None:
        done = camp.make("clean", f"{camp.instance}\n")
        assert done.returncode == 0, done.stderr
        assert camp.started() == camp.volumes() == []
        assert not camp.handout.exists()
