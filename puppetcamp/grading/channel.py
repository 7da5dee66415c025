"""A byte pipe to a worker inside a container, through Docker's API alone.

Everything that comes out of the container is untrusted: lines and their sum are
bounded, and what is not one JSON object per line ends the channel.
"""

import contextlib
import json
import logging
import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from docker import APIClient

from puppet_kernel.errors import WorkerDied

logger = logging.getLogger(__name__)

_STDOUT, _STDERR = 1, 2
_HEADER = struct.Struct(">BxxxL")


@dataclass(frozen=True)
class ChannelLimits:
    """Bound what one worker may send; sizes in bytes."""

    line: int = 4 * 2**20
    total: int = 32 * 2**20
    stderr: int = 16 * 2**10


class DockerExecChannel:
    """Run a command in a container and speak with it line by line.

    A `puppet_kernel.worker.Channel` over one Docker exec. `fault` says in a sentence
    why the channel ended before the command did, or is None. Standard error is kept
    up to `limits.stderr` bytes for messages, and read on beyond that so that the
    command never blocks on it. Raises docker.errors.DockerException if the command
    cannot be started.
    """

    def __init__(
        self,
        api: APIClient,
        container: str,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        limits: ChannelLimits | None = None,
    ) -> None:
        self.fault: str | None = None
        self._limits = limits or ChannelLimits()
        self._stderr = bytearray()
        self._closed = False
        self._lock = threading.Lock()
        created = api.exec_create(
            container,
            list(argv),
            stdin=True,
            user="root",
            environment=dict(environment or {}),
        )
        raw: Any = api.exec_start(created["Id"], socket=True)
        # Docker's answer and the first frames may arrive in one packet. The library
        # hands out the unbuffered stream below its own buffer, where those frames
        # would be missing; the buffered stream of the same answer has them all.
        self._response = raw._response
        self._reader: BinaryIO = self._response.raw._fp.fp
        self._socket: socket.socket = raw._sock
        # Silence is normal: an attendee's cell may take its time. Deadlines are the
        # worker's and the sandbox's business.
        self._socket.settimeout(None)

    def send(self, line: bytes) -> None:
        """Write one line; raise WorkerDied if nobody reads it any more."""
        try:
            self._socket.sendall(line)
        except OSError as error:
            message = f"the worker in the container is gone ({error})"
            raise WorkerDied(message) from error

    def lines(self) -> Iterator[bytes]:
        """Yield standard output line by line until it ends or breaks the rules."""
        buffer = bytearray()
        total = 0
        for chunk in self._chunks():
            total += len(chunk)
            if total > self._limits.total:
                self._break(f"it sent more than {self._limits.total} bytes")
                return
            buffer += chunk
            while (end := buffer.find(b"\n")) >= 0:
                line = bytes(buffer[: end + 1])
                del buffer[: end + 1]
                if not self._acceptable(line):
                    return
                yield line
            if len(buffer) > self._limits.line:
                self._break(f"it sent a line of more than {self._limits.line} bytes")
                return

    def close(self) -> None:
        """End the connection; the worker sees the end of its input and leaves."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._response.close()
        self._socket.close()

    def last_words(self) -> str:
        """Say why it ended, as far as is known, as ": …", or nothing."""
        said = self.fault or self._stderr.decode("utf-8", "replace").strip()[-1000:]
        return f": {said}" if said else ""

    def _acceptable(self, line: bytes) -> bool:
        if len(line) > self._limits.line:
            self._break(f"it sent a line of more than {self._limits.line} bytes")
            return False
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            self._break("it sent a line that is not a JSON object")
            return False
        return True

    def _break(self, fault: str) -> None:
        self.fault = fault
        logger.warning("a worker in a sandbox was cut off: %s", fault)
        self.close()

    def _chunks(self) -> Iterator[bytes]:
        # A closed connection raises whatever its layer raises; to the reader it is
        # one thing, the end of the stream.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            while len(header := self._reader.read(_HEADER.size)) == _HEADER.size:
                stream, size = _HEADER.unpack(header)
                while size > 0:
                    chunk = self._reader.read(min(size, 2**16))
                    if not chunk:
                        return
                    size -= len(chunk)
                    if stream == _STDOUT:
                        yield chunk
                    elif stream == _STDERR:
                        room = self._limits.stderr - len(self._stderr)
                        self._stderr += chunk[: max(room, 0)]
