"""A seat, as the real hub starts it: what a person may do there, and what not."""

import json
import re
import socket
import time
from collections.abc import Iterator

import pytest
from docker import DockerClient
from docker.models.containers import Container

from tests.camps import Camp, Visitor, a_camp, run, until

pytestmark = [pytest.mark.docker, pytest.mark.slow]

MEMORY = 512 * 1024**2
PROCESSES = 200
LIMITS = f'[seats]\nmemory = "512M"\ncpus = 0.8\nprocesses = {PROCESSES}\n'


_MANY_NOTEBOOKS = """
import time
from jupyter_client.manager import start_new_kernel

def run(client, code):
    said = []
    hear = lambda message: said.append(str(message["content"]))
    reply = client.execute_interactive(code, timeout=60, output_hook=hear)
    time.sleep(6)  # nobody reads faster
    return reply["content"]["status"], "had ended" in "".join(said)

opened = []
for number in range(6):
    opened.append(start_new_kernel(kernel_name="puppet"))
    path = f"/tmp/many/{number}"
    code = f"file {{ ['/tmp/many', '{path}']: ensure => directory }}"
    assert run(opened[-1][1], code)[0] == "ok", number
again = [run(client, "%%idempotent") for _, client in opened]
for manager, client in opened:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(sum(status == "ok" for status, _ in again), "run again")
print(sum(told for _, told in again), "were told of it")
"""


@pytest.fixture(scope="module")
def camp(engine: DockerClient, attendee_image: str) -> Iterator[Camp]:
    """Open a camp with small seats."""
    with a_camp(engine) as camp:
        camp.write(server=LIMITS)
        camp.open()
        yield camp


@pytest.fixture(scope="module")
def visitors(camp: Camp) -> dict[str, Visitor]:
    """Let Ada and Bob sign in and start their seats."""
    return {name: camp.arrive(name) for name in ("ada", "bob")}


@pytest.fixture
def ada(camp: Camp, visitors: dict[str, Visitor]) -> Container:
    """Give Ada's container."""
    return camp.seat("ada")


@pytest.fixture
def bob(camp: Camp, visitors: dict[str, Visitor]) -> Container:
    """Give Bob's container."""
    return camp.seat("bob")


def as_attendee(seat: Container, script: str, code: int = 0) -> str:
    """Run a shell script in a seat as its attendee."""
    return run(seat, "sh", "-c", script, user="1000", code=code)


def connect(seat: Container, address: str, port: int) -> tuple[str, float]:
    """Try to connect from a seat; return how it went and the seconds it took."""
    script = (
        "import socket, time; began = time.monotonic()\n"
        f"try: socket.create_connection(({address!r}, {port}), 3); said = 'connected'\n"
        "except OSError as error: said = type(error).__name__ + ' ' + str(error)\n"
        "print(said, '|', time.monotonic() - began)"
    )
    said, _, took = run(seat, "python3", "-c", script).rpartition("|")
    return said.strip(), float(took)


def address_of(seat: Container) -> str:
    """Give a seat's address on the camp's network."""
    (network,) = seat.attrs["NetworkSettings"]["Networks"].values()
    address: str = network["IPAddress"]
    return address


class TestNode:
    """What a person finds: a machine that is theirs."""

    def test_init_is_root_and_the_server_is_not(self, ada: Container) -> None:
        assert run(ada, "ps", "-o", "user=,comm=", "-p", "1").split() == [
            "root",
            "tini",
        ]
        owners = run(ada, "ps", "-eo", "uid=,args=")
        (server,) = [
            line for line in owners.splitlines() if "puppetcamp_lab.lean" in line
        ]
        assert server.split()[0] == "1000"

    def test_root_is_one_sudo_away(self, ada: Container) -> None:
        assert as_attendee(ada, "sudo -n id -u").strip() == "0"

    def test_a_package_installs_from_the_archive(self, ada: Container) -> None:
        manifest = "package { 'tree': ensure => installed }"
        as_attendee(ada, "! command -v tree")
        as_attendee(
            ada, f'sudo -n puppet apply --detailed-exitcodes -e "{manifest}"', 2
        )
        assert as_attendee(ada, "tree --version").startswith("tree v")
        # What is as it should be is left alone.
        as_attendee(ada, f'sudo -n puppet apply --detailed-exitcodes -e "{manifest}"')

    def test_a_service_runs(self, ada: Container) -> None:
        manifest = (
            "package { 'nginx-light': ensure => installed } "
            "-> service { 'nginx': ensure => running }"
        )
        as_attendee(
            ada, f'sudo -n puppet apply --detailed-exitcodes -e "{manifest}"', 2
        )
        as_attendee(ada, "curl -sf http://127.0.0.1/ | grep -qi nginx")
        manifest = "service { 'nginx': ensure => stopped }"
        as_attendee(
            ada, f'sudo -n puppet apply --detailed-exitcodes -e "{manifest}"', 2
        )
        as_attendee(ada, "curl -s http://127.0.0.1/", 7)


class TestLimits:
    """What one seat cannot take from the others."""

    def test_memory_ends_with_the_limit(self, ada: Container) -> None:
        host = ada.attrs["HostConfig"]
        assert host["Memory"] == host["MemorySwap"] == MEMORY
        assert int(limit(ada, "memory.max", "memory/memory.limit_in_bytes")) == MEMORY
        greedy = f"x = bytearray(b'x') * {2 * MEMORY}; print(len(x))"
        assert ada.exec_run(["python3", "-c", greedy])[0] != 0
        assert as_attendee(ada, "echo alive").strip() == "alive"

    def test_more_notebooks_than_memory_end_nothing(
        self, visitors: dict[str, Visitor], ada: Container
    ) -> None:
        """Open six, of 100 MiB each where there are 512 in all, and go on in each."""
        before = ada.id
        said = run(ada, "python3", "-c", _MANY_NOTEBOOKS, user="1000")
        assert said.splitlines()[-2:] == ["6 run again", "0 were told of it"]
        ada.reload()
        assert ada.id == before
        assert visitors["ada"].is_at_work()

    def test_a_fork_bomb_stays_inside(
        self, camp: Camp, visitors: dict[str, Visitor], bob: Container
    ) -> None:
        assert int(limit(bob, "pids.max", "pids/pids.max")) == PROCESSES
        # Each process of the bomb sleeps, so that it costs this machine little; they
        # end by themselves.
        bomb = (
            "import os, time\nmade = 0\n"
            "try:\n"
            "    for _ in range(1000):\n"
            "        if os.fork() == 0: time.sleep(8); os._exit(0)\n"
            "        made += 1\n"
            "except OSError as error: print(made, error.errno)\n"
        )
        made, errno = run(bob, "python3", "-c", bomb, user="1000").split()
        assert errno == "11"
        assert int(made) < PROCESSES
        # The camp and the neighbour notice nothing, and Bob's seat recovers.
        assert visitors["ada"].is_at_work()
        assert camp.hub("echo alive").strip() == "alive"
        until(lambda: bob.exec_run(["true"])[0] == 0, "the end of the bomb", 30)
        until(visitors["bob"].is_at_work, "Bob's seat", 30)

    def test_processors_end_with_the_limit(self, ada: Container) -> None:
        host = ada.attrs["HostConfig"]
        assert host["CpuQuota"] / host["CpuPeriod"] == pytest.approx(0.8)
        busy = (
            "import time; began = time.monotonic()\n"
            "while time.monotonic() - began < 1.5: pass\n"
            "print(time.process_time() / 1.5)"
        )
        assert float(run(ada, "python3", "-c", busy)) < 0.93


class TestWalls:
    """What root in a seat cannot do."""

    @pytest.mark.parametrize(
        ("forbidden", "said"),
        [
            ("mount -t tmpfs none /mnt", "permission denied|not permitted"),
            ("mknod /tmp/disk b 8 0", "not permitted"),
            ("chroot /proc/1/root unshare --mount true", "not permitted"),
            ("sh -c 'echo 1 > /proc/sys/kernel/panic'", "Read-only"),
            ("ip link set lo down || date -s 2001-01-01", "not (found|permitted)"),
            (
                "python3 -c 'import socket as s; s.socket(s.AF_INET, s.SOCK_RAW, 1)'",
                "not permitted",
            ),
            (
                "python3 -c 'import socket as s; s.socket(s.AF_PACKET, s.SOCK_RAW)'",
                "not permitted",
            ),
        ],
    )
    def test_the_kernel_is_out_of_reach(
        self, ada: Container, forbidden: str, said: str
    ) -> None:
        ended, words = ada.exec_run(
            ["sh", "-c", f"exec 2>&1; sudo -n {forbidden}"], user="1000"
        )
        assert ended != 0, forbidden
        assert re.search(said, words.decode(), re.IGNORECASE), words

    def test_root_holds_the_listed_capabilities_alone(self, ada: Container) -> None:
        listed = {
            *("audit_write", "chown", "dac_override", "fowner", "fsetid", "kill"),
            *("net_bind_service", "setfcap", "setgid", "setpcap", "setuid"),
            "sys_chroot",
        }
        said = as_attendee(ada, "sudo -n setpriv --dump")
        found = re.search(r"Capability bounding set: (.*)", said)
        assert found
        assert set(found[1].split(",")) == listed

    def test_nothing_of_the_host_is_inside(self, ada: Container) -> None:
        as_attendee(ada, "! test -e /var/run/docker.sock")
        assert not ada.attrs["HostConfig"]["Privileged"]
        assert ada.attrs["HostConfig"]["PidMode"] == ""
        assert [m["Type"] for m in ada.attrs["Mounts"]] == ["volume"]

    def test_no_road_leads_outside(self, engine: DockerClient, ada: Container) -> None:
        (network,) = ada.attrs["NetworkSettings"]["Networks"]
        assert engine.networks.get(network).attrs["Internal"]
        # Engines differ: the older drop the packets, the newer have no route at all.
        said, _ = connect(ada, "192.0.2.1", 443)
        assert said.startswith("TimeoutError") or "unreachable" in said, said

    def test_no_name_leads_outside(self, ada: Container) -> None:
        said, seconds = connect(ada, "deb.debian.org", 80)
        assert said.startswith("gaierror"), said
        assert seconds < 4

    def test_names_are_asked_from_inside_the_wall(self, ada: Container) -> None:
        # Docker's resolver on the host would answer for a seat if the host's own
        # name server lies on loopback; a server of the seat's own prevents that.
        assert ada.attrs["HostConfig"]["Dns"], "the host's name servers are used"

    @pytest.mark.parametrize(("one", "other"), [("ada", "bob"), ("bob", "ada")])
    def test_seats_do_not_see_each_other(
        self, camp: Camp, visitors: dict[str, Visitor], one: str, other: str
    ) -> None:
        said, _ = connect(camp.seat(one), address_of(camp.seat(other)), 8888)
        assert said.startswith("TimeoutError"), said
        # The host reaches the same address: the wall stands between seats.
        assert visitors[other].is_at_work()

    def test_there_is_no_second_protocol_between_seats(self, ada: Container) -> None:
        # A bridge filters IPv4 alone; link-local IPv6 would go around the wall.
        addresses = as_attendee(ada, "cat /proc/net/if_inet6 2>/dev/null || true")
        assert all(line.endswith(" lo") for line in addresses.splitlines()), addresses

    def test_the_hub_is_within_reach(self, ada: Container) -> None:
        script = (
            'curl -sf -H "Authorization: token $JUPYTERHUB_API_TOKEN" '
            '"$JUPYTERHUB_API_URL/user"'
        )
        pid = run(ada, "pgrep", "-f", "-o", "puppetcamp_lab.lean").strip()
        said = as_attendee(
            ada,
            f"export $(tr '\\0' '\\n' < /proc/{pid}/environ | grep ^JUPYTERHUB_API"
            f"); {script}",
        )
        assert json.loads(said)["name"] == "ada"

    def test_the_proxys_own_door_is_shut(self, camp: Camp, ada: Container) -> None:
        gateway = run(
            camp.container(camp.deployment.hub_container),
            "printenv",
            "PUPPETCAMP_GATEWAY",
        ).strip()
        said, _ = connect(ada, gateway, camp.internal_port)
        assert said.startswith("ConnectionRefused"), said

    def test_nothing_else_of_the_host_is_within_reach(
        self, camp: Camp, ada: Container
    ) -> None:
        hub = camp.container(camp.deployment.hub_container)
        gateway = run(hub, "printenv", "PUPPETCAMP_GATEWAY").strip()
        with socket.create_server((gateway, 0)) as listener:
            port = listener.getsockname()[1]
            with socket.create_connection((gateway, port), timeout=5):
                pass  # it does listen
            said, _ = connect(ada, gateway, port)
        assert said.startswith("ConnectionRefused"), said
        said, _ = connect(ada, gateway, camp.internal_port + 1)
        assert said == "connected", said

    def test_a_seats_token_is_its_owners_alone(self, ada: Container) -> None:
        script = (
            "for path in users users/bob users/ada/tokens services proxy; do "
            'curl -s -o /dev/null -w "%{http_code} " '
            '-H "Authorization: token $JUPYTERHUB_API_TOKEN" '
            '"$JUPYTERHUB_API_URL/$path"; done'
        )
        codes = as_attendee(ada, script).split()
        assert set(codes) <= {"403", "404"}, codes


def test_the_home_survives_and_the_node_is_fresh(
    camp: Camp, visitors: dict[str, Visitor]
) -> None:
    before = camp.seat("ada")
    as_attendee(
        before, "echo kept > ~/lessons/mine.txt; echo x >> ~/lessons/00_your_node.ipynb"
    )
    as_attendee(before, "sudo -n touch /etc/gone; sudo -n rm /etc/apt/sources.list.d/*")
    began = time.monotonic()
    visitors["ada"].stop()
    assert time.monotonic() - began < 8, "the seat ignores SIGTERM"
    visitors["ada"].start()
    after = camp.seat("ada")
    assert after.id != before.id
    assert as_attendee(after, "cat ~/lessons/mine.txt").strip() == "kept"
    assert as_attendee(after, "tail -n 1 ~/lessons/00_your_node.ipynb").strip() == "x"
    as_attendee(after, "! test -e /etc/gone")
    as_attendee(after, "test -e /etc/apt/sources.list.d/camp.sources")


def test_whoever_leaves_during_the_start_leaves_nothing(camp: Camp) -> None:
    eve = camp.visit("eve")
    name = camp.deployment.seat_container("eve")

    def container() -> str | None:
        found = [c.id for c in camp.containers() if c.name == name]
        return found[0] if found else None

    eve.ask_to_start()
    until(container, "Eve's container")
    first = container()
    eve.stop()
    # At once again: nothing of the first start is in the way.
    eve.start()
    assert container() not in {first, None}
    eve.stop()


def limit(seat: Container, unified: str, legacy: str) -> str:
    """Read a limit where the kernel keeps it, in either layout of control groups."""
    root = "/sys/fs/cgroup"
    return run(
        seat, "sh", "-c", f"cat {root}/{unified} 2>/dev/null || cat {root}/{legacy}"
    ).strip()
