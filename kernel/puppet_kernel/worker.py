"""Talk to a warm Puppet: one JSON object per line in both directions."""

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from puppet_kernel.channel import (
    WORKER_RB,
    Channel,
    ProcessChannel,
    local_worker_argv,
)
from puppet_kernel.errors import WorkerDied, WorkerTimeout
from puppet_kernel.well_formed import well_formed

__all__ = [
    "WORKER_RB",
    "Channel",
    "Event",
    "ProcessChannel",
    "Worker",
    "local_worker_argv",
]

Event = dict[str, Any]

READY_TIMEOUT = 60.0
# Seconds that a killed request may take to be reported as ended.
GRACE = 3.0
# Seconds without an event after which whoever listens hears a tick.
TICK = 0.25


# The answer to a request that was interrupted before the worker was ready for it.
_NEVER_BEGAN: Event = {
    "ev": "done",
    "status": None,
    "signal": None,
    "interrupted": "stop",
    "seconds": 0.0,
}


class _Stage(Enum):
    IDLE = 0
    WAITING = 1
    SENT = 2


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
        # Of the request under way; changed under the sending lock.
        self._stage = _Stage.IDLE
        self._interrupted = False
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

    @property
    def loaded(self) -> bool:
        """Tell whether the worker has ever been ready."""
        return self._ready_event is not None

    def wait_ready(self) -> None:
        """Wait until the worker has loaded Puppet. Raises WorkerDied, WorkerTimeout."""
        while self._ready_event is None:
            self._take_ready(self._next(self._ready_by))

    def request(
        self,
        op: str,
        *,
        on_event: Callable[[Event], None] | None = None,
        timeout: float | None = None,
        **params: object,
    ) -> list[Event]:
        """Send one request and return its events; the last one is "done".

        `on_event` hears each of them as it comes, and `{"ev": "tick"}` (which is not
        among the events) when none has come for TICK seconds. `timeout` is in seconds
        and counts from the moment the worker is ready. Raises WorkerDied, and
        WorkerTimeout after killing the request.
        """
        with self._one_request:
            self._last_id += 1
            try:
                if not self._begin({"op": op, "id": self._last_id, **params}):
                    return [_NEVER_BEGAN | {"id": self._last_id}]
                deadline = None if timeout is None else time.monotonic() + timeout
                return self._collect(deadline, on_event)
            except WorkerTimeout:
                self._kill_request()
                raise
            finally:
                self._stage = _Stage.IDLE

    def has_leftovers(self) -> bool:
        """Tell whether something still writes to it that a request left behind.

        Raises WorkerDied, WorkerTimeout.
        """
        answer, *_ = self.request("ping", timeout=GRACE)
        return bool(answer.get("leftovers"))

    def interrupt(self) -> None:
        """Stop the running request after its current resource.

        The second time: kill the process tree of that request. Without a request it
        does nothing, and a request that waits for the worker to load is given up.
        """
        with self._sending, contextlib.suppress(WorkerDied):
            if self._stage is _Stage.SENT:
                self._send({"op": "interrupt", "target": self._last_id})
            elif self._stage is _Stage.WAITING:
                self._interrupted = True
                self._events.put({"ev": "interrupted"})

    def close(self) -> None:
        """End the worker and all it runs; harmless when repeated."""
        self._channel.close()
        self._reader.join(GRACE)

    def _begin(self, request: dict[str, object]) -> bool:
        """Send a request once the worker is ready; not if interrupted before."""
        with self._sending:
            self._stage, self._interrupted = _Stage.WAITING, False
        while self._ready_event is None and not self._interrupted:
            self._take_ready(self._next(self._ready_by))
        with self._sending:
            if self._interrupted:
                return False
            self._send(request)
            self._stage = _Stage.SENT
            return True

    def _take_ready(self, event: Event) -> None:
        if event.get("ev") == "ready":
            self._ready_event = event

    def _collect(
        self, deadline: float | None, on_event: Callable[[Event], None] | None
    ) -> list[Event]:
        events: list[Event] = []
        while True:
            event = self._next(deadline, on_event)
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

    def _next(
        self, deadline: float | None, on_event: Callable[[Event], None] | None = None
    ) -> Event:
        event = self._wait(deadline, on_event)
        if event is None:
            self._events.put(None)  # for whoever asks next
            last_words = getattr(self._channel, "last_words", str)()
            message = f"the Puppet worker has ended{last_words}"
            raise WorkerDied(message)
        return event

    def _wait(
        self, deadline: float | None, on_event: Callable[[Event], None] | None
    ) -> Event | None:
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            tick = on_event is not None and (left is None or left > TICK)
            try:
                return self._events.get(timeout=TICK if tick else left)
            except queue.Empty:
                if not tick or on_event is None:
                    message = "the Puppet worker did not answer in time"
                    raise WorkerTimeout(message) from None
                on_event({"ev": "tick"})

    def _send(self, request: dict[str, object]) -> None:
        # Half a surrogate pair is no JSON to Ruby, which would answer nobody.
        line = json.dumps(request, ensure_ascii=False).encode(errors="replace")
        self._channel.send(line + b"\n")

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
    return well_formed(event) if isinstance(event, dict) else None
