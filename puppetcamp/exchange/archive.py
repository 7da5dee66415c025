"""Judge archives that people send: packed tar files, taken whole or refused.

An archive holds regular files and folders below the exercise's own folder and nothing
else. It is never unpacked on the hub's side; whoever unpacks it later may rely on what
`inspect` promises.
"""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from puppetcamp.errors import ExchangeError

MIB = 1024 * 1024
MAX_PACKED = 20 * MIB
"""The largest archive in bytes, as it is sent."""
MAX_UNPACKED = 60 * MIB
"""The most bytes that all files of an archive may hold together."""
MAX_MEMBERS = 500
"""The most files and folders in one archive."""

_MAX_NAME = 255
"""Bytes that Linux's file systems take for one name."""
_MAX_PATH = 512
"""Bytes of a whole path: leaves room for the folders it is unpacked into."""
_MAX_HEADERS = 4 * MIB
"""Bytes of tar headers and padding beside the files: 8 KiB for every member."""
_CHUNK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_END_OF_ARCHIVE = 2 * tarfile.BLOCKSIZE


class ArchiveRefusedError(ExchangeError):
    """Refuse an archive that is broken or holds something it must not hold."""


class ArchiveTooLargeError(ArchiveRefusedError):
    """Refuse an archive beyond one of the limits."""


@dataclass(frozen=True)
class Contents:
    """List what an archive holds: paths of files with their sizes in bytes."""

    files: dict[str, int]

    @property
    def notebooks(self) -> tuple[str, ...]:
        """Name the notebooks of the top folder, without .ipynb, in order."""
        names = (path.removesuffix(".ipynb") for path in self.files if "/" not in path)
        return tuple(sorted(name for name in names if f"{name}.ipynb" in self.files))


def media_type(packed: IO[bytes]) -> str:
    """Tell a gzipped tar file from a plain one by its first bytes."""
    packed.seek(0)
    magic = packed.read(len(_GZIP_MAGIC))
    packed.seek(0)
    return "application/gzip" if magic == _GZIP_MAGIC else "application/x-tar"


def inspect(packed: IO[bytes]) -> Contents:
    """Read a whole archive and list its files.

    `packed` is seekable. Raises ArchiveTooLargeError beyond a limit and
    ArchiveRefusedError for anything but regular files and folders with plain relative
    paths, each named once, in an archive that is complete.
    """
    with _opened(packed) as archive:
        return _contents(archive)


def read(
    packed: IO[bytes], wanted: Callable[[str, int], bool]
) -> tuple[Contents, dict[str, bytes]]:
    """Read a whole archive: list its files, and give the bytes of those wanted.

    `wanted` is asked with path and size. Raises what `inspect` raises.
    """
    with _opened(packed) as archive:
        contents = _contents(archive)
        found = {}
        for member in archive.getmembers():
            path = "/".join(_parts(member.name))
            if member.isreg() and wanted(path, member.size):
                content = archive.extractfile(member)
                found[path] = b"" if content is None else content.read()
        return contents, found


def feedback_pages(packed: IO[bytes], notebooks: tuple[str, ...]) -> dict[str, str]:
    """Map notebooks to SHA-256 of their pages of feedback.

    Refuses an archive without pages, or with anything but ``<notebook>.html``.
    """
    checksums = {}
    _, pages = read(packed, lambda _path, _size: True)
    for path, content in pages.items():
        notebook = path.removesuffix(".html")
        if notebook not in notebooks or not path.endswith(".html"):
            message = (
                f"Feedback holds {path!r}, but the submission's notebooks are "
                f"{', '.join(notebooks)}: send one NOTEBOOK.html each."
            )
            raise ArchiveRefusedError(message)
        checksums[notebook] = hashlib.sha256(content).hexdigest()
    if not checksums:
        message = "Feedback holds no page. Send one NOTEBOOK.html for each notebook."
        raise ArchiveRefusedError(message)
    return checksums


@contextmanager
def _opened(packed: IO[bytes]) -> Iterator[tarfile.TarFile]:
    """Open an archive and turn every way of being broken into one error."""
    with SpooledTemporaryFile(max_size=4 * MIB) as plain:
        _expand(packed, plain)
        try:
            with tarfile.open(fileobj=plain, mode="r:", errors="strict") as archive:
                yield archive
                _require_end(archive, plain)
        # RecursionError: a chain of extension headers, each describing the next one.
        except (tarfile.TarError, ValueError, OverflowError, RecursionError) as error:
            message = f"The archive is not a readable tar file ({error}). Pack it anew."
            raise ArchiveRefusedError(message) from error


def _expand(packed: IO[bytes], plain: IO[bytes]) -> None:
    """Write the plain tar file that `packed` holds, up to the limit."""
    if packed.seek(0, 2) > MAX_PACKED:
        raise ArchiveTooLargeError(too_large_to_send())
    zipped = media_type(packed) == "application/gzip"
    source = gzip.open(packed, "rb") if zipped else packed
    written = 0
    try:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > MAX_UNPACKED + _MAX_HEADERS:
                raise ArchiveTooLargeError(_too_large_unpacked())
            plain.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"The archive is not a whole gzip file ({error}). Send it again."
        raise ArchiveRefusedError(message) from error
    plain.seek(0)


def _require_end(archive: tarfile.TarFile, plain: IO[bytes]) -> None:
    """Refuse what tarfile takes for an end: a broken header after the first one.

    Where the last whole member ends is computed here: tarfile's own offset has moved on
    when it gives up on a header.
    """
    end = 0
    for member in archive.getmembers():
        blocks = -(-member.size // tarfile.BLOCKSIZE)
        end = max(end, member.offset_data + blocks * tarfile.BLOCKSIZE)
    plain.seek(end)
    rest = plain.read()
    if len(rest) < _END_OF_ARCHIVE or rest.count(0) != len(rest):
        message = "The archive breaks off or is damaged. Send it again."
        raise ArchiveRefusedError(message)


@dataclass
class _Paths:
    """Remember the paths of an archive, so that none is named or needed twice."""

    named: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)

    def add(self, parts: list[str], size: int | None) -> None:
        """Take a file of `size` bytes, or a folder if `size` is None."""
        path = "/".join(parts)
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        clash = path in self.named or any(folder in self.files for folder in above)
        if clash or (size is not None and path in self.folders):
            message = f"The archive names {path!r} twice. Each path may be there once."
            raise ArchiveRefusedError(message)
        self.named.add(path)
        self.folders.update(above)
        if size is None:
            self.folders.add(path)
        else:
            self.files[path] = size


def _contents(archive: tarfile.TarFile) -> Contents:
    paths = _Paths()
    members = total = 0
    while (member := archive.next()) is not None:
        members += 1
        if members > MAX_MEMBERS:
            message = (
                f"The archive holds more than {MAX_MEMBERS} files and folders. "
                "Remove what does not belong to the exercise."
            )
            raise ArchiveTooLargeError(message)
        parts = _parts(member.name)
        size = _size(member)
        total += size or 0
        if total > MAX_UNPACKED:
            raise ArchiveTooLargeError(_too_large_unpacked())
        if parts:
            paths.add(parts, size)
        elif size is not None:
            message = "The archive holds a file without a name."
            raise ArchiveRefusedError(message)
    return Contents(paths.files)


def _size(member: tarfile.TarInfo) -> int | None:
    """Give the bytes of a regular file, None for a folder; refuse everything else."""
    if member.isdir() and member.size == 0:
        return None
    regular = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
    if not regular or member.sparse is not None or member.size < 0:
        message = (
            f"The archive holds {member.name!r}, which is neither a regular file nor a "
            "folder. Links and devices cannot be sent."
        )
        raise ArchiveRefusedError(message)
    return member.size


def _parts(name: str) -> list[str]:
    """Split a member's path; refuse paths that leave the exercise's folder."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts:
        message = f"The archive holds {name!r}, which lies outside of the exercise."
        raise ArchiveRefusedError(message)
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        sizes = [_MAX_NAME + 1]
    control = any(ord(character) < 32 or ord(character) == 127 for character in name)
    if control or max(sizes, default=0) > _MAX_NAME or sum(sizes) > _MAX_PATH:
        message = f"The archive holds a file with a name that cannot be kept: {name!r}."
        raise ArchiveRefusedError(message)
    return parts


def too_large_to_send() -> str:
    """Say that an archive is beyond the limit, before or after it is read."""
    return (
        f"The archive is larger than {MAX_PACKED // MIB} MiB. Nothing of it was "
        "stored, and what is stored already stays. "
        "Remove large files from the exercise's folder and try again."
    )


def _too_large_unpacked() -> str:
    return (
        f"The archive's files hold more than {MAX_UNPACKED // MIB} MiB together. "
        "Nothing of it was stored, and what is stored already stays. "
        "Remove large files from the exercise's folder and try again."
    )
