"""What was done in each lesson: the kernels' journal, summed up as it grows."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

_FOLDER = "lessons"
_CELLS = 1000
"""How many cells and checks of one lesson are remembered: anybody may write there."""


@dataclass
class Done:
    """What was done in one lesson: cells that ran, and checks that have passed."""

    cells: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)
    last: datetime | None = None


class Record:
    """Sum up a journal; `path` need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._forget()

    def done(self) -> dict[str, Done]:
        """Give what was done, by the lesson's name; reads what is new."""
        try:
            if self._path.stat().st_size < self._read:
                self._forget()
            with self._path.open("rb") as file:
                file.seek(self._read)
                for line in file:
                    # A line without an end is still being written.
                    if not line.endswith(b"\n"):
                        break
                    self._read += len(line)
                    self._note(line)
        except FileNotFoundError:
            self._forget()
        except OSError:
            pass  # What was known stays.
        return self._done

    def _forget(self) -> None:
        self._read = 0
        self._done: dict[str, Done] = {}

    def _note(self, line: bytes) -> None:
        try:
            said: object = json.loads(line)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        notebook, cell = said.get("notebook"), said.get("cell")
        at = _moment(said.get("at"))
        if not (isinstance(notebook, str) and isinstance(cell, str) and cell and at):
            return
        path = PurePosixPath(notebook)
        if path.parent.name != _FOLDER or path.suffix != ".ipynb":
            return
        done = self._done.setdefault(path.stem, Done())
        done.last = at if done.last is None else max(done.last, at)
        if len(done.cells) < _CELLS:
            done.cells.add(cell)
        if len(done.checks) < _CELLS:
            done.checks |= _passed(said.get("checks"))


def _passed(said: object) -> set[str]:
    """Name the checks that passed."""
    checks: list[Any] = said if isinstance(said, list) else []
    return {
        check["id"]
        for check in checks
        if isinstance(check, dict)
        and check.get("passed") is True
        and isinstance(check.get("id"), str)
    }


def _moment(said: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if moment is None else moment.astimezone(UTC)
