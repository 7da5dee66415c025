"""Start a worker on this machine, and hold the pipe to it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from puppet_kernel.errors import WorkerDied
from puppet_kernel.runtime import ruby_command

WORKER_RB = Path(__file__).parent / "ruby" / "worker.rb"
# Seconds that a worker may take to leave when its input ends.
GRACE = 3.0
_LAST_WORDS = 2_000


class Channel(Protocol):
    """Be a byte pipe to a running worker."""

    def send(self, line: bytes) -> None:
        """Write one line, newline included. Raises WorkerDied."""

    def lines(self) -> Iterator[bytes]:
        """Yield what the worker writes, line by line, until its end."""

    def close(self) -> None:
        """End what is behind the channel; harmless when repeated."""


class ProcessChannel:
    """Run a worker as a child process in a session of its own.

    A session of its own, because an interrupt of the kernel is a signal to the
    kernel's whole process group, and the worker hears of it by a message instead.
    """

    def __init__(self, argv: Sequence[str]) -> None:
        self._stderr = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                list(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                start_new_session=True,
                cwd="/",
            )
        except OSError as error:
            self._stderr.close()
            message = f"the Puppet worker cannot be started: {error}"
            raise WorkerDied(message) from error

    @property
    def pid(self) -> int:
        """Return the process id of what was started (sudo, where it is used)."""
        return self._process.pid

    def send(self, line: bytes) -> None:
        """Write one line. Raises WorkerDied."""
        assert self._process.stdin is not None  # noqa: S101 - by construction
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            message = f"the Puppet worker has ended{self.last_words()}"
            raise WorkerDied(message) from error

    def lines(self) -> Iterator[bytes]:
        """Yield lines until the worker ends."""
        assert self._process.stdout is not None  # noqa: S101 - by construction
        with self._process.stdout as stdout:
            yield from stdout

    def last_words(self) -> str:
        """Return the end of what it wrote on standard error, as ": …", or nothing."""
        if self._stderr.closed:
            return ""
        size = os.fstat(self._stderr.fileno()).st_size
        start = max(0, size - _LAST_WORDS)
        tail = os.pread(self._stderr.fileno(), _LAST_WORDS, start)
        lines = tail.decode("utf-8", "replace").strip().split("\n")
        # What follows an error is Ruby's backtrace: of use to nobody here.
        text = "\n".join(line for line in lines if not line.startswith("\tfrom "))
        return f": {text}" if text else ""

    def close(self) -> None:
        """End the worker: by the end of its input, or else by force.

        Only the first works for a worker that runs as root under an unprivileged
        kernel, and it suffices: the worker's loop runs nobody else's code.
        """
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(GRACE)
        self._stderr.close()


def local_worker_argv() -> list[str]:
    """Return the command that starts a worker on this machine.

    As root where that is possible: directly, or through sudo without a password.
    Raises WorkerDied when there is no Puppet.
    """
    command = [*ruby_command(), str(WORKER_RB)]
    if os.geteuid() == 0 or not _sudo_works():
        return command
    return ["sudo", "-n", *command]


def _sudo_works() -> bool:
    sudo = shutil.which("sudo")
    if sudo is None:
        return False
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command
            [sudo, "-n", "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
