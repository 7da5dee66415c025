"""Talk to a warm Puppet: one JSON object per line in both directions."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from puppet_kernel.errors import WorkerDied, WorkerTimeout

Event = dict[str, Any]

WORKER_RB = Path(__file__).parent / "ruby" / "worker.rb"
READY_TIMEOUT = 60.0
# How long a worker may take to leave when its input ends, and a killed request to
# be reported as ended.
GRACE = 3.0
_STDERR_SHOWN = 2_000


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
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
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
        tail = os.pread(self._stderr.fileno(), _STDERR_SHOWN, max(0, size - 2_000))
        text = tail.decode("utf-8", "replace").strip()
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


class Worker:
    """Ask a warm Puppet, one request at a time; interrupt it from any thread."""

    def __init__(self, channel: Channel, ready_timeout: float = READY_TIMEOUT) -> None:
        self._channel = channel
        self._ready_by = time.monotonic() + ready_timeout
        self._ready_event: Event | None = None
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._dead = threading.Event()
        self._one_request = threading.Lock()
        self._sending = threading.Lock()
        self._last_id = 0
        self._reader = threading.Thread(
            target=self._read, name="puppet-worker-reader", daemon=True
        )
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Tell whether the worker has not ended, as far as is known."""
        return not self._dead.is_set()

    @property
    def about(self) -> Event:
        """Return what the worker said of itself: puppet, user, root. Waits for it."""
        self.wait_ready()
        return self._ready_event or {}

    def wait_ready(self) -> None:
        """Wait until the worker has loaded Puppet. Raises WorkerDied, WorkerTimeout."""
        while self._ready_event is None:
            event = self._next(self._ready_by)
            if event.get("ev") == "ready":
                self._ready_event = event

    def request(
        self,
        op: str,
        *,
        on_event: Callable[[Event], None] | None = None,
        timeout: float | None = None,
        **params: object,
    ) -> list[Event]:
        """Send one request and return its events; the last one is "done".

        `timeout` is in seconds and counts from the moment the worker is ready.
        Raises WorkerDied, and WorkerTimeout after killing the request.
        """
        with self._one_request:
            self.wait_ready()
            deadline = None if timeout is None else time.monotonic() + timeout
            self._last_id += 1
            self._send({"op": op, "id": self._last_id, **params})
            try:
                return self._collect(deadline, on_event)
            except WorkerTimeout:
                self._kill_request()
                raise

    def interrupt(self) -> None:
        """Stop the running request after its current resource.

        The second time: kill the process tree of that request.
        """
        with contextlib.suppress(WorkerDied):
            self._send({"op": "interrupt"})

    def close(self) -> None:
        """End the worker and all it runs; harmless when repeated."""
        self._channel.close()
        self._reader.join(GRACE)

    def _collect(
        self, deadline: float | None, on_event: Callable[[Event], None] | None
    ) -> list[Event]:
        events: list[Event] = []
        while True:
            event = self._next(deadline)
            if event.get("id") != self._last_id:
                continue
            events.append(event)
            if event.get("ev") == "done":
                return events
            if on_event is not None:
                on_event(event)

    def _kill_request(self) -> None:
        self.interrupt()
        self.interrupt()
        try:
            self._collect(time.monotonic() + GRACE, None)
        except (WorkerDied, WorkerTimeout):
            self._channel.close()

    def _next(self, deadline: float | None) -> Event:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            event = self._events.get(timeout=left)
        except queue.Empty:
            message = "the Puppet worker did not answer in time"
            raise WorkerTimeout(message) from None
        if event is None:
            self._events.put(None)  # for whoever asks next
            last_words = getattr(self._channel, "last_words", str)()
            message = f"the Puppet worker has ended{last_words}"
            raise WorkerDied(message)
        return event

    def _send(self, request: dict[str, object]) -> None:
        line = json.dumps(request).encode() + b"\n"
        with self._sending:
            self._channel.send(line)

    def _read(self) -> None:
        try:
            for line in self._channel.lines():
                event = _decode(line)
                if event is not None:
                    self._events.put(event)
        except (OSError, ValueError):
            pass  # closed while reading: the end, like the end of file
        finally:
            self._dead.set()
            self._events.put(None)


def _decode(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def local_worker_argv(ruby: str = "ruby") -> list[str]:
    """Return the command that starts a worker on this machine.

    As root where that is possible: directly, or through sudo without a password.
    """
    command = [shutil.which(ruby) or ruby, str(WORKER_RB)]
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
