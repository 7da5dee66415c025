"""Report to the camp what the kernel noted of each cell, if the camp wants to hear it.

The kernel's journal is a file of JSON lines. What the camp has not accepted yet is sent
again; what it refuses is dropped, for it would refuse it the next time, too.
"""

import json
import logging
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from puppetcamp_lab.client import CampClient, ServiceError
from puppetcamp_lab.server.clock.standing import Json

_AT_ONCE = 100
_BATCHES = 10
_BYTES_AT_ONCE = 64 * 1024
_LONGEST_SECONDS = 7 * 86400


class Journal:
    """Send the lines of a journal, each of them once; `path` need not exist yet.

    What is in it already was another server's to send.
    """

    def __init__(self, path: Path, log: logging.Logger) -> None:
        self._path = path
        self._log = log
        self._sent = 0
        self.skip()

    def skip(self) -> None:
        """Never send what is there now: the camp does not want to hear of it."""
        try:
            self._sent = self._path.stat().st_size
        except OSError:
            self._sent = 0

    def report(self, client: CampClient) -> None:
        """Send what is new, or much of it; raises ServiceError if it must be again."""
        for _ in range(_BATCHES):
            cells, read = self._next()
            if not read:
                return
            if cells:
                self._send(client, cells)
            self._sent += read

    def _send(self, client: CampClient, cells: list[Json]) -> None:
        try:
            client.call("POST", "/api/progress", json={"cells": cells}, timeout=10)
        except ServiceError as error:
            if error.status is None or not _is_refusal(error.status):
                raise
            self._log.warning("the camp refused a report of progress: %s", error)

    def _next(self) -> tuple[list[Json], int]:
        """Read whole lines that were not sent; give their cells and their bytes."""
        try:
            with self._path.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._sent:
                    self._sent = 0  # It was removed, and begins anew.
                file.seek(self._sent)
                text = file.read(_BYTES_AT_ONCE)
        except OSError:
            return [], 0
        lines = text.splitlines(keepends=True)[:_AT_ONCE]
        if lines and not lines[-1].endswith(b"\n"):
            # Either it is being written, or it is no line of a kernel's.
            cut = len(lines) == 1 and len(text) == _BYTES_AT_ONCE
            if not cut:
                lines.pop()
        return [c for c in map(_cell, lines) if c is not None], sum(map(len, lines))


def _cell(line: bytes) -> Json | None:
    """Read one line as the camp takes it; None for what is none of a notebook's cells.

    Anybody in the seat may write there, but one line that the camp would refuse must
    not take the others with it.
    """
    try:
        said: object = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    notebook, cell = _name(said.get("notebook"), 255), _name(said.get("cell"), 100)
    seconds, checks = said.get("seconds"), said.get("checks")
    if (
        not (notebook and cell and isinstance(said.get("at"), str))
        or said.get("status") not in {"ok", "failed", "refused"}
        or not isinstance(seconds, int | float)
        or not 0 <= seconds < _LONGEST_SECONDS
    ):
        return None
    return {
        "at": said["at"],
        "notebook": notebook,
        "cell": cell,
        "status": said["status"],
        "checks": _checks(checks) if isinstance(checks, list) else [],
        "seconds": seconds,
    }


def _checks(said: list[Any]) -> list[Json]:
    """Keep the checks that have a name."""
    return [
        {"id": name, "passed": check.get("passed") is True}
        for check in said[:_AT_ONCE]
        if isinstance(check, dict) and (name := _name(check.get("id"), 100))
    ]


def _name(said: object, longest: int) -> str:
    """Cut a name to what the camp takes; empty for what is none."""
    name = said if isinstance(said, str) else ""
    return "".join(c for c in name if c.isprintable())[:longest]


def _is_refusal(status: int) -> bool:
    """Tell a "no" for good from one for now."""
    later = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
    return HTTPStatus(status).is_client_error and status not in later
