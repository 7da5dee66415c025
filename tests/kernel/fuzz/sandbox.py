"""A throwaway container with a worker in it, and a wire to the worker."""

import contextlib
import json
import queue
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from puppet_kernel.channel import ProcessChannel
from puppet_kernel.worker import Event
from tests.kernel.differential.nodes import (
    CORPUS,
    LIFETIME,
    NODE_TOOLS,
    RUBY,
    Agent,
)

# What a spoilt manifest may take. It reaches no network, and it runs on a node of its
# own within the container, as in the differential tests.
LIMITS = (
    *("--network", "none", "--hostname", "camp", "--add-host", "camp:127.0.1.1"),
    *("--memory", "1500m", "--memory-swap", "1500m", "--pids-limit", "400"),
    *("--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE"),
    *("--security-opt", "apparmor=unconfined"),
)
# Seconds between a killed request and its end.
KILL_GRACE = 10.0


class Silent(AssertionError):
    """Say that a request did not end, or that the worker has."""


@dataclass
class Answer:
    """Hold the events of one request; `killed` if it did not end by itself."""

    events: list[Event] = field(default_factory=list)
    killed: bool = False


class Wire:
    """Send requests, well-formed or not, and hear what comes back."""

    def __init__(self, container: str) -> None:
        self._channel = ProcessChannel(
            [
                *("docker", "exec", "-i", "--user", "root", container, "env", "-i"),
                *("ruby", "-r", "/node/overlay_jobs.rb", "/kernel/worker.rb"),
            ]
        )
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.expect("ready", 60)
        self.pid = self.ask({"op": "ping", "id": "pid"}, 10).events[0]["pid"]

    def ask(
        self,
        request: dict[str, object],
        limit: float,
        interrupts: tuple[float, ...] = (),
    ) -> Answer:
        """Send one request and return its events; the last one is "done".

        `interrupts` are seconds after which one is sent. After `limit` seconds the
        request is killed, the way that a user kills it. Raises Silent.
        """
        self.send(json.dumps(request).encode())
        answer = Answer()
        begun = time.monotonic()
        moments = sorted((*interrupts, limit, limit + 0.01))
        while True:
            due = begun + moments[0] if moments else begun + limit + KILL_GRACE
            event = self._next(due)
            if event is None and moments:
                answer.killed = answer.killed or moments[0] >= limit
                moments.pop(0)
                self.send(b'{"op": "interrupt"}')
            elif event is None:
                message = f"no end within {limit + KILL_GRACE} seconds"
                raise Silent(message)
            elif event.get("id") == request["id"]:
                answer.events.append(event)
                if event["ev"] == "done":
                    return answer

    def send(self, line: bytes) -> None:
        """Send one line."""
        self._channel.send(line + b"\n")

    def expect(self, kind: str, limit: float) -> Event:
        """Wait for an event of a kind. Raises Silent."""
        deadline = time.monotonic() + limit
        while event := self._next(deadline):
            if event["ev"] == kind:
                return event
        message = f"no {kind} event within {limit} seconds"
        raise Silent(message)

    def close(self) -> None:
        """End the worker."""
        self._channel.close()
        self._thread.join(10)

    def _next(self, deadline: float) -> Event | None:
        try:
            event = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if event is None:
            message = f"the worker has ended{self._channel.last_words()}"
            raise Silent(message)
        return event

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in self._channel.lines():
                self._events.put(json.loads(line))
        self._events.put(None)


class Sandbox:
    """Hold a container, its agent, and the wire to its worker."""

    def __init__(self, container: str) -> None:
        self.container = container
        self.agent = Agent(container, "/node/agent.py")
        self.wire = Wire(container)

    def footprint(self) -> dict[str, int]:
        """Return what the worker holds: descriptors, memory in kB, its processes."""
        return {
            key: int(value)
            for key, value in self.agent.ask("footprint", pid=self.wire.pid).items()
        }

    def close(self) -> None:
        """End the worker and the agent."""
        self.wire.close()
        self.agent.close()


@contextlib.contextmanager
def sandbox(image: str) -> Iterator[Sandbox]:
    """Give a sandbox, which is gone afterwards with all that runs in it."""
    name = f"fuzz-{uuid.uuid4().hex[:12]}"
    argv = [
        *("docker", "run", "--detach", "--rm", "--init", "--name", name, *LIMITS),
        *("--tmpfs", "/nodes:exec,mode=755,size=500m,noatime", "--user", "root"),
        *("-v", f"{RUBY}:/kernel:ro", "-v", f"{NODE_TOOLS}:/node:ro"),
        *("-v", f"{CORPUS}:/corpus:ro", "--entrypoint", "sleep", image, str(LIFETIME)),
    ]
    subprocess.run(argv, check=True, capture_output=True)
    try:
        made = Sandbox(name)
        try:
            yield made
        finally:
            made.close()
    finally:
        subprocess.run(
            ["docker", "rm", "--force", name], check=True, capture_output=True
        )
