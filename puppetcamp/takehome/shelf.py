"""Bundles on disk: each whole or not there at all, and no more than there is room."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from puppetcamp.errors import TakeHomeError

MIB = 2**20
MAX_BUNDLE = 64 * MIB
MAX_ALL = 8192 * MIB
"""Bytes of all bundles together."""
MIN_FREE = 1024 * MIB
"""Bytes that stay free on the disk: the databases need them more."""


class NoRoom(TakeHomeError):
    """Report that the disk takes no bundle at the moment."""


@dataclass(frozen=True)
class Shelf:
    """Keep bundles below one folder."""

    root: Path

    def prepare(self, known: Iterable[str]) -> None:
        """Make the folders; remove what is unfinished or in no row."""
        for folder in (self._incoming, self._bundles):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._incoming.iterdir():
            left.unlink()
        kept = set(known)
        for file in self._bundles.iterdir():
            if file.name not in kept:
                file.unlink()

    def path(self, file: str) -> Path:
        """Give the file of a bundle."""
        return self._bundles / file

    def begin(self) -> Path:
        """Give a place to write a bundle to; raises NoRoom if there is none."""
        try:
            free = shutil.disk_usage(self.root).free
            used = sum(file.stat().st_size for file in self._bundles.iterdir())
        except OSError as error:
            message = f"The camp's disk cannot be used ({error.strerror})."
            raise NoRoom(message) from error
        if free < MIN_FREE + MAX_BUNDLE or used > MAX_ALL - MAX_BUNDLE:
            message = (
                "The camp's disk has no room for bundles at the moment: "
                f"{free // MIB} MiB are free, and all bundles take {used // MIB} MiB."
            )
            raise NoRoom(message)
        return self._incoming / uuid.uuid4().hex

    def keep(self, written: Path) -> str:
        """Keep a bundle that is whole; return its name. Raises NoRoom."""
        try:
            with written.open("rb") as file:
                os.fsync(file.fileno())
            written.rename(self._bundles / written.name)
        except OSError as error:
            message = f"The camp's disk did not take the bundle ({error.strerror})."
            raise NoRoom(message) from error
        return written.name

    def remove(self, files: Iterable[str]) -> None:
        """Remove bundles; it is no fault if one is gone."""
        for file in files:
            with contextlib.suppress(FileNotFoundError):
                self.path(file).unlink()

    @property
    def _incoming(self) -> Path:
        return self.root / "incoming"

    @property
    def _bundles(self) -> Path:
        return self.root / "bundles"


class Bounded:
    """Write into a file, up to the size that a bundle may have."""

    def __init__(self, file: BinaryIO, most: int = MAX_BUNDLE) -> None:
        self._file = file
        self._most = most
        self.written = 0

    def write(self, data: bytes) -> bool:
        """Write, and tell whether it still was within the bound.

        Raises NoRoom if the disk does not take it.
        """
        self.written += len(data)
        if self.written > self._most:
            return False
        try:
            self._file.write(data)
        except OSError as error:
            message = f"The camp's disk did not take the bundle ({error.strerror})."
            raise NoRoom(message) from error
        return True
