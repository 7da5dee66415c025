"""Lines out of untrusted bytes: bounded, and one JSON object each. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class ChannelLimits:
    """Bound what one worker may send; sizes in bytes."""

    line: int = 4 * 2**20
    total: int = 32 * 2**20
    stderr: int = 16 * 2**10


class LineReader:
    """Cut one stream into lines; `fault` says which rule it broke, or is None."""

    def __init__(self, limits: ChannelLimits) -> None:
        self.fault: str | None = None
        self._limits = limits
        self._buffer = bytearray()
        self._total = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the lines that are complete now; none after a fault."""
        self._total += len(chunk)
        if self._total > self._limits.total:
            self.fault = self.fault or f"it sent more than {self._limits.total} bytes"
        if self.fault is not None:
            return
        self._buffer += chunk
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[: end + 1])
            del self._buffer[: end + 1]
            self.fault = self._fault(line)
            if self.fault is not None:
                return
            yield line
        if len(self._buffer) > self._limits.line:
            self.fault = f"it sent a line of more than {self._limits.line} bytes"

    def _fault(self, line: bytes) -> str | None:
        if len(line) > self._limits.line:
            return f"it sent a line of more than {self._limits.line} bytes"
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            return "it sent a line that is not a JSON object"
        return None
