"""Look through a home without being led out of it, and without end.

Only regular files are taken. Links are never followed, not even those that appear
between a look and the reading; nothing that could block is opened for long.
"""

import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from puppetcamp_lab.takehome.limits import Limits

_FIRST = ("lessons", "exercises", "production")
_KEPT_HIDDEN = "production"
"""Below it hidden files are part of the work; elsewhere they are programs' own."""
_NEVER = frozenset({".git", ".ipynb_checkpoints", "__pycache__", "node_modules"})

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Name a regular file of a home, its size and when it was written."""

    parts: Parts
    size: int
    written: float

    @property
    def is_notebook(self) -> bool:
        """Tell whether it calls itself a notebook."""
        return self.parts[-1].endswith(".ipynb")

    @property
    def rank(self) -> int:
        """Order what goes in first when there is not room for all."""
        if self.is_notebook:
            return 0
        code = self.parts[0] in _FIRST or self.parts[-1].endswith((".pp", ".epp"))
        return 1 if code else 2


@dataclass(frozen=True)
class LeftOut:
    """Say what is not in the bundle, and why."""

    what: Parts
    why: str


class Unreadable(Exception):
    """Say why a file could not be read."""


class Home:
    """A home, as it is found; a context manager."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self._limits = limits
        self._looked = 0
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        self.left_out: list[LeftOut] = []

    def __enter__(self) -> "Home":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._root)

    def files(self) -> list[Found]:
        """List what may go into a bundle, the most important first."""
        found = list(self._walk(self._root, ()))
        return sorted(found, key=lambda one: (one.rank, one.parts))

    def read(self, found: Found) -> bytes:
        """Read a file that was found; raises Unreadable."""
        try:
            folder = self._root
            opened: list[int] = []
            try:
                for part in found.parts[:-1]:
                    folder = _open_folder(part, folder)
                    opened.append(folder)
                return _read(found.parts[-1], folder, self._limits.file)
            finally:
                for descriptor in opened:
                    os.close(descriptor)
        except OSError as error:
            message = f"it cannot be read ({error.strerror or error})"
            raise Unreadable(message) from error

    def _walk(self, folder: int, parts: Parts) -> Iterator[Found]:
        for entry in self._entries(folder, parts):
            path = (*parts, entry.name)
            if entry.name in _NEVER:
                continue
            if entry.name.startswith(".") and path[0] != _KEPT_HIDDEN:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                self._leave_out(path, f"it cannot be looked at ({error.strerror})")
                continue
            if stat.S_ISDIR(status.st_mode):
                yield from self._below(entry.name, folder, path)
            elif (why := self._objection(status)) is not None:
                self._leave_out(path, why)
            else:
                yield Found(path, status.st_size, status.st_mtime)

    def _entries(self, folder: int, parts: Parts) -> list["os.DirEntry[str]"]:
        """List a folder's entries, as many as are looked at, in a stable order."""
        room = min(self._limits.folder, self._limits.entries - self._looked)
        try:
            with os.scandir(folder) as listing:
                entries = list(itertools.islice(listing, room + 1))
        except OSError as error:
            self._leave_out(parts, f"it cannot be listed ({error.strerror})")
            return []
        if len(entries) > room:
            entries = entries[:room]
            self._leave_out(
                parts, f"it holds too many files; {room} of them were looked at"
            )
        self._looked += len(entries)
        first = {name: place for place, name in enumerate(_FIRST)} if not parts else {}
        return sorted(entries, key=lambda e: (first.get(e.name, len(first)), e.name))

    def _below(self, name: str, folder: int, path: Parts) -> Iterator[Found]:
        if len(path) > self._limits.depth:
            self._leave_out(path, "it lies too deep")
            return
        try:
            descriptor = _open_folder(name, folder)
        except OSError as error:
            self._leave_out(path, f"it cannot be opened ({error.strerror})")
            return
        try:
            yield from self._walk(descriptor, path)
        finally:
            os.close(descriptor)

    def _objection(self, status: os.stat_result) -> str | None:
        if stat.S_ISLNK(status.st_mode):
            return "it is a link; what it leads to is not followed"
        if not stat.S_ISREG(status.st_mode):
            return "it is neither a file nor a folder"
        if status.st_size > self._limits.file:
            return (
                f"it is larger than {self._limits.file // 2**20} MiB "
                f"({status.st_size / 2**20:.0f} MiB)"
            )
        return None

    def _leave_out(self, path: Parts, why: str) -> None:
        self.left_out.append(LeftOut(path, why))


def _open_folder(name: str, folder: int) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)


def _read(name: str, folder: int, most: int) -> bytes:
    # Not blocking: opening a pipe that was put there meanwhile must not wait for ever.
    descriptor = os.open(
        name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder
    )
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            message = "it is no file any more"
            raise OSError(message)
        content = file.read(most + 1)
    if len(content) > most:
        message = "it grew beyond the limit"
        raise OSError(message)
    return content
