"""Keep archives as files, each whole or not there at all, whatever breaks meanwhile."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from puppetcamp.errors import ExchangeError

_ARCHIVE = "archive"
_CHUNK = 64 * 1024


class StorageFailedError(ExchangeError):
    """Report that the disk did not take an archive; nothing was stored."""


class Kind(StrEnum):
    """Name the shelf's compartments."""

    RELEASE = "releases"
    SUBMISSION = "submissions"
    FEEDBACK = "feedback"


@dataclass(frozen=True)
class Kept:
    """Name an archive that has reached the disk."""

    archive: str
    sha256: str


class Shelf:
    """Keep archives below one folder.

    An archive is written in a folder of its own below ``incoming``, forced to disk,
    then moved to its place by one rename.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        for folder in (self._incoming, *(root / kind for kind in Kind)):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _force_to_disk(root)
        _force_to_disk(root.parent)

    def path(self, kind: Kind, archive: str) -> Path:
        """Give the file of an archive."""
        return self._root / kind / archive / _ARCHIVE

    @contextmanager
    def keeping(self, kind: Kind, packed: IO[bytes]) -> Iterator[Kept]:
        """Keep a copy of `packed`, unless the body of the with statement fails.

        Raises StorageFailedError if the disk does not take it.
        """
        kept = self._keep(kind, packed)
        try:
            yield kept
        except BaseException:
            shutil.rmtree(self._root / kind / kept.archive, ignore_errors=True)
            raise

    def discard_unfinished(self) -> None:
        """Remove what a crash left behind; call it before anything else is kept."""
        for left in self._incoming.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()

    def _keep(self, kind: Kind, packed: IO[bytes]) -> Kept:
        archive = uuid.uuid4().hex
        try:
            folder = Path(mkdtemp(dir=self._incoming))
            try:
                sha256 = _write(folder / _ARCHIVE, packed)
                _force_to_disk(folder)
                folder.rename(self._root / kind / archive)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            _force_to_disk(self._root / kind)
        except OSError as error:
            message = (
                f"The camp could not store this ({error.strerror}). Nothing was "
                "stored; tell an instructor, then try again."
            )
            raise StorageFailedError(message) from error
        return Kept(archive, sha256)


def _write(path: Path, packed: IO[bytes]) -> str:
    """Write a file through to the disk and give its SHA-256."""
    checksum = hashlib.sha256()
    packed.seek(0)
    with path.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            checksum.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return checksum.hexdigest()


def _force_to_disk(folder: Path) -> None:
    """Make the entries of a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
