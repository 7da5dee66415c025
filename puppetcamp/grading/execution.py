"""One command in a container, with its three streams, through Docker's API alone."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from docker import APIClient

from puppet_kernel.errors import WorkerDied

STDOUT, STDERR = 1, 2
_HEADER = struct.Struct(">BxxxL")


class Execution:
    """Run a command in a container as root; write to it, and read what it writes.

    Raises docker.errors.DockerException if the command cannot be started.
    """

    def __init__(
        self,
        api: APIClient,
        container: str,
        argv: Sequence[str],
        environment: Mapping[str, str] | None = None,
    ) -> None:
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

    def send(self, data: bytes) -> None:
        """Write to standard input; raise WorkerDied if nobody reads it any more."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            message = f"the worker in the container is gone ({error})"
            raise WorkerDied(message) from error

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Yield what the command writes, each with its stream, until it ends."""
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
                    yield stream, chunk

    def close(self) -> None:
        """End the connection; the command sees the end of its input."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._response.close()
        self._socket.close()
