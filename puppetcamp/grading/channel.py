"""A byte pipe to a worker inside a container, through Docker's API alone.

Everything that comes out of the container is untrusted: lines and their sum are
bounded, and what is not one JSON object per line ends the channel.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence

from docker import APIClient

from puppetcamp.grading.execution import STDERR, STDOUT, Execution
from puppetcamp.grading.lines import ChannelLimits, LineReader

logger = logging.getLogger(__name__)

__all__ = ["ChannelLimits", "DockerExecChannel"]


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
        self._limits = limits or ChannelLimits()
        self._lines = LineReader(self._limits)
        self._stderr = bytearray()
        self._execution = Execution(api, container, argv, environment)

    @property
    def fault(self) -> str | None:
        """Say which rule of the channel was broken."""
        return self._lines.fault

    def send(self, line: bytes) -> None:
        """Write one line; raise WorkerDied if nobody reads it any more."""
        self._execution.send(line)

    def lines(self) -> Iterator[bytes]:
        """Yield standard output line by line until it ends or breaks the rules."""
        for stream, chunk in self._execution.chunks():
            if stream == STDERR:
                room = self._limits.stderr - len(self._stderr)
                self._stderr += chunk[: max(room, 0)]
            elif stream == STDOUT:
                yield from self._lines.feed(chunk)
            if self.fault is not None:
                logger.warning("a worker in a sandbox was cut off: %s", self.fault)
                self.close()
                return

    def close(self) -> None:
        """End the connection; the worker sees the end of its input and leaves."""
        self._execution.close()

    def last_words(self) -> str:
        """Say why it ended, as far as is known, as ": …", or nothing."""
        said = self.fault or self._stderr.decode("utf-8", "replace").strip()[-1000:]
        return f": {said}" if said else ""
