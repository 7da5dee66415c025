"""Two workers behind one Docker exec, each with a stream that it alone can write to.

The command's parent process (ruby/router.rb) hands each worker its lines of standard
input. The checker answers on standard output, the attendee's worker on standard error;
Docker keeps the two apart, and so do the limits: whoever breaks the rules of one stream
ends that stream, and the other goes on.
"""

import contextlib
import json
import logging
import queue
import threading
from collections.abc import Iterator

from puppet_kernel.errors import WorkerDied
from puppetcamp.grading.execution import STDERR, STDOUT, Execution
from puppetcamp.grading.lines import ChannelLimits, LineReader

logger = logging.getLogger(__name__)

# What the parent says last on the attendee's worker's stream.
_ENDED = {"ev": "ended"}


class Stream:
    """Be the channel of one of the workers; a `puppet_kernel.worker.Channel`.

    `mark` is what its lines of input begin with. `fault` says in a sentence why the
    stream ended before the worker did, or is None.
    """

    def __init__(
        self, execution: Execution, mark: bytes, limits: ChannelLimits
    ) -> None:
        self.fault: str | None = None
        self._execution = execution
        self._mark = mark
        self._limits = limits
        self._reader = LineReader(limits)
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ended = False
        self._heard = False
        self._beginning = b""

    def send(self, line: bytes) -> None:
        """Write one line; raise WorkerDied if nobody reads it any more."""
        if self._ended:
            message = f"the worker in the container is gone{self.last_words()}"
            raise WorkerDied(message)
        self._execution.send(self._mark + line)

    def lines(self) -> Iterator[bytes]:
        """Yield what the worker says line by line until it ends or breaks the rules."""
        while (line := self._queue.get()) is not None:
            yield line

    def close(self) -> None:
        """Hear no more of the worker; the command ends with the sandbox."""
        if not self._ended:
            self._ended = True
            self._queue.put(None)

    def last_words(self) -> str:
        """Say why it ended, as far as is known, as ": …", or nothing."""
        # Before it is ready the command may say in plain words why it cannot be.
        said = self._beginning.decode("utf-8", "replace").strip()
        return ": ".join(["", *filter(None, (self.fault, said))])

    def take(self, chunk: bytes) -> None:
        """Receive what came out of the container."""
        if self._ended:
            return
        if not self._heard:
            self._beginning = (self._beginning + chunk)[:500]
        for line in self._reader.feed(chunk):
            self._heard, self._beginning = True, b""
            if len(line) < 20 and json.loads(line) == _ENDED:
                self.close()
                return
            self._queue.put(line)
        if self._reader.fault is not None:
            self.fault = self._reader.fault
            logger.warning("a worker in a sandbox was cut off: %s", self.fault)
            self.close()


class Streams:
    """Split an execution into the checker's and the attendee's worker's stream."""

    def __init__(self, execution: Execution, limits: ChannelLimits) -> None:
        self.checker = Stream(execution, b"c", limits)
        self.attendee = Stream(execution, b"a", limits)
        self._execution = execution
        self._reader = threading.Thread(
            target=self._read, name="sandbox-reader", daemon=True
        )
        self._reader.start()

    def close(self) -> None:
        """End the connection and with it both workers."""
        self._execution.close()
        self._reader.join(5.0)

    def _read(self) -> None:
        streams = {STDOUT: self.checker, STDERR: self.attendee}
        with contextlib.suppress(KeyError):
            for number, chunk in self._execution.chunks():
                streams[number].take(chunk)
                if self.checker.fault is not None:
                    break
        for stream in streams.values():
            stream.close()
