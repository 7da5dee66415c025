"""A machine within this machine: a Docker Engine of its own, to be killed in a test.

The machine is a container of the image puppetcamp/engine (`make faults` builds it).
`--privileged` is more than every machine can give; the capabilities that this one has
are enough.
"""

import os
import shutil
import subprocess
from contextlib import suppress

from docker import DockerClient
from docker.errors import DockerException, NotFound
from docker.models.containers import Container

from tests.camps import ROOT, Camp, run

IMAGE = "puppetcamp/engine"

# In the order of their bits, as in capabilities(7).
_CAPABILITIES = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP "
    "LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK "
    "IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT "
    "SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE "
    "AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND "
    "AUDIT_READ"
).split()

# As systemd has it: containerd is a service of its own. The engine's socket is made
# anew at every start, which systemd would spare it: the harder case.
_CONTAINERD = "exec containerd >>/var/log/containerd.log 2>&1"
_DOCKERD = (
    "rm -f /run/docker.pid; exec dockerd --containerd /run/containerd/containerd.sock "
    "--cgroup-parent /{name} -H unix:///run/docker.sock -H unix://{socket} "
    ">>/var/log/dockerd.log 2>&1"
)
# Images are brought in, not built.
_DOCKER = '[ "$1" = build ] || exec /usr/bin/docker "$@"'

_FORGET = """
for group in $(find /sys/fs/cgroup -maxdepth 2 -type d -name {name}); do
    for try in $(seq 40); do
        cat $group/*/cgroup.procs 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
        find $group -depth -type d -exec rmdir {{}} + 2>/dev/null && break
        sleep 0.2
    done
done
"""


class Machine:
    """One nested engine; the checkout lies on the machine under its usual path."""

    def __init__(self, outside: DockerClient) -> None:
        self.outside = outside
        self.name = f"t-{os.urandom(4).hex()}"
        self.folder = ROOT / ".build" / self.name
        self.folder.mkdir(parents=True)
        self._box: Container | None = None

    @property
    def box(self) -> Container:
        """Get the container that is the machine."""
        assert self._box is not None, "the machine was not started"
        return self._box

    @property
    def socket(self) -> str:
        """Name a second socket of the engine, which tests can reach."""
        return f"{self.folder}/docker.sock"

    def start(self, *images: str) -> None:
        """Start the machine and its engine, and give it some of our images."""
        self.outside.volumes.create(self.name)
        authorities = "/usr/local/share/ca-certificates"
        # The command line knows an option that the library does not: systempaths.
        command = [
            *("docker", "run", "--detach", "--name", self.name),
            *("--hostname", "engine", "--cgroupns", "host", "--tmpfs", "/run"),
            *(f"--cap-add={name}" for name in _capabilities(self.outside)),
            *("--security-opt", "seccomp=unconfined"),
            *("--security-opt", "systempaths=unconfined"),
            *("--device-cgroup-rule", "a *:* rwm"),
            *("--volume", "/sys/fs/cgroup:/sys/fs/cgroup"),
            *("--volume", f"{self.name}:/var/lib/docker"),
            *("--volume", f"{ROOT}:{ROOT}"),
            *("--volume", f"{authorities}:{authorities}:ro", IMAGE),
        ]
        subprocess.run(command, check=True, capture_output=True)
        self._box = self.outside.containers.get(self.name)
        self.do(
            "mkdir -p /etc/docker; "
            f"printf '#!/bin/sh\\n%s\\n' '{_DOCKER}' > /usr/local/bin/docker; "
            "chmod +x /usr/local/bin/docker"
        )
        self.seats_outlive_engine(False)
        self._spawn(_CONTAINERD)
        self.do("until [ -S /run/containerd/containerd.sock ]; do sleep 0.1; done")
        self.start_engine()
        self._bring(*images)

    @property
    def address(self) -> str:
        """Give the address by which this machine reaches the nested one."""
        self.box.reload()
        [network] = self.box.attrs["NetworkSettings"]["Networks"].values()
        return str(network["IPAddress"])

    def do(self, script: str) -> str:
        """Run a shell script on the machine; return its output."""
        return run(self.box, "timeout", "60", "sh", "-ec", script)

    def seats_outlive_engine(self, decided: bool) -> None:
        """Decide whether containers run on while the engine is away."""
        value = str(decided).lower()
        self.do(f"echo '{{\"live-restore\": {value}}}' > /etc/docker/daemon.json")
        self.do("! pgrep -x dockerd || pkill -HUP -x dockerd")

    def kill_engine(self) -> None:
        """Kill the engine, as the kernel does with what takes too much memory."""
        self.do("pkill -KILL -x dockerd; while pgrep -x dockerd; do sleep 0.1; done")

    def start_engine(self) -> None:
        """Start the engine and wait until it answers."""
        self._spawn(_DOCKERD.format(name=self.name, socket=self.socket))
        self.do("until docker version; do sleep 0.1; done")

    def connect(self) -> DockerClient:
        """Get a new client of the engine, from outside."""
        return DockerClient(f"unix://{self.socket}", timeout=60)

    def remove(self) -> None:
        """Remove the machine with everything on it."""
        if self._box is not None:
            with suppress(AssertionError, DockerException):
                self.do("pkill -KILL -x dockerd; true")
                self.do(_FORGET.format(name=self.name))
            self._box.remove(force=True, v=True)
        with suppress(NotFound):
            self.outside.volumes.get(self.name).remove(force=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _spawn(self, script: str) -> None:
        self.box.exec_run(["sh", "-c", script], detach=True)

    def _bring(self, *images: str) -> None:
        """Copy images from the engine outside."""
        save = ["docker", "save", *images]
        load = ["docker", "exec", "-i", self.name, "docker", "load", "--quiet"]
        with subprocess.Popen(save, stdout=subprocess.PIPE) as saving:
            subprocess.run(load, stdin=saving.stdout, check=True, capture_output=True)
        assert saving.returncode == 0
        # Where an image of Debian is, none is fetched.
        self.do(f"docker tag {images[0]} puppetcamp/debian:trixie")


class NestedCamp(Camp):
    """A camp on a nested machine, opened by the same `setup/camp`."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.connect())
        self.machine = machine

    @property
    def url(self) -> str:
        """Give the address of the camp, as seen from this machine."""
        return f"{self.scheme}://{self.machine.address}:{self.port}"

    def write(self, more: str = "", server: str = "", **changes: object) -> None:
        """Write a camp.toml; the camp listens where this machine reaches it."""
        super().write(more, server, **changes)
        text = self.camp_toml.read_text()
        self.camp_toml.write_text(text.replace('"127.0.0.1"', '"0.0.0.0"'))

    def make(self, verb: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Do on the machine what one of the Makefile's verbs does."""
        return subprocess.run(
            [
                *("docker", "exec", "-i", "-w", str(ROOT), "--env", "CI=true"),
                *("--env", f"INSTANCE={self.instance}"),
                *("--env", f"CAMP={self.camp_toml}", self.machine.name),
                *("setup/camp", {"camp": "open"}.get(verb, verb)),
            ],
            input=words,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def reconnect(self) -> None:
        """Speak to the engine anew, after it was away."""
        self.engine.close()
        self.engine = self.machine.connect()

    def remove(self) -> None:
        """Leave the rest to the machine's end."""
        for visitor in self._visitors:
            visitor.http.close()
        self.engine.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.handout.unlink(missing_ok=True)


def _capabilities(outside: DockerClient) -> list[str]:
    """List what the first process of this machine may hold."""
    said: bytes = outside.containers.run(
        IMAGE, ["grep", "CapBnd", "/proc/1/status"], remove=True, pid_mode="host"
    )
    held = int(said.split()[1], 16)
    return [name for bit, name in enumerate(_CAPABILITIES) if held >> bit & 1]
