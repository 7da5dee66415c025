"""Pack folders and unpack archives: regular files and folders, nothing else.

The camp's service refuses whatever else an archive may hold. Unpacking refuses it once
more, because an instructor's seat unpacks what attendees have sent.
"""

import fnmatch
import gzip
import io
import os
import stat
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_MIB = 1024 * 1024
MAX_PACKED = 20 * _MIB
"""The largest archive in bytes that the camp's service takes."""
MAX_FILES = 60 * _MIB
"""The most bytes of all files together that the camp's service takes."""
_MAX_UNPACKED = 64 * _MIB
_KILOBYTE = 1000
_NOTHING_LOST = (
    "Nothing was sent, your files stay as they are, and what is stored already stays."
)


class ArchiveError(Exception):
    """Say why something cannot be packed or unpacked, and what to do next."""


@dataclass(frozen=True)
class Selection:
    """Say what belongs into an archive: globs of names, and a size in kilobytes."""

    exclude: Sequence[str] = ()
    include: Sequence[str] = ("*",)
    max_file_size: int = 100_000


def pack(folder: Path, selection: Selection) -> tuple[bytes, list[str]]:
    """Pack a folder's files; also names what was left out and why.

    Links to files are followed, as nbgrader does. The same files give the same bytes,
    whenever they were written. Raises ArchiveError for a file that cannot be read and
    for an archive that the camp's service would refuse as too large.
    """
    left_out: list[str] = []
    chosen = list(_walk(folder, folder, selection, left_out))
    sizes = {name: path.stat().st_size for path, name in chosen if path.is_file()}
    if sum(sizes.values()) > MAX_FILES:
        raise ArchiveError(_too_large(folder, sizes, MAX_FILES, ""))
    packed = _packed(chosen)
    if len(packed) > MAX_PACKED:
        raise ArchiveError(_too_large(folder, sizes, MAX_PACKED, " when packed"))
    return packed, left_out


def _too_large(folder: Path, sizes: dict[str, int], limit: int, when: str) -> str:
    """Name the largest files of a folder that is beyond a limit."""
    largest = sorted(sizes, key=lambda name: sizes[name], reverse=True)[:3]
    largest = [name for name in largest if sizes[name] > _MIB] or largest[:1]
    named = ", ".join(f"{name} ({sizes[name] / _MIB:.1f} MiB)" for name in largest)
    return (
        f"{folder.name} is larger than {limit // _MIB} MiB{when}; its largest files "
        f"are {named}. {_NOTHING_LOST} Move large files elsewhere and try again."
    )


def pack_files(files: Iterable[Path]) -> bytes:
    """Pack single files under their own names; raises ArchiveError as `pack` does."""
    return _packed((path, path.name) for path in files)


def _packed(files: Iterable[tuple[Path, str]]) -> bytes:
    packed = io.BytesIO()
    try:
        # No time in the header: the same files are the same submission.
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as plain,
            tarfile.open(fileobj=plain, mode="w") as archive,
        ):
            for path, name in files:
                _add(archive, path, name)
    except OSError as error:
        message = (
            f"{error.filename or 'A file'} cannot be read ({error.strerror or error}). "
            "Make it yours with sudo chown, or remove it, and try again."
        )
        raise ArchiveError(message) from error
    return packed.getvalue()


def _walk(
    folder: Path, top: Path, selection: Selection, left_out: list[str]
) -> Iterator[tuple[Path, str]]:
    """Yield files and folders in a stable order, each with its name in the archive."""
    for path in sorted(folder.iterdir()):
        if any(fnmatch.fnmatch(path.name, glob) for glob in selection.exclude):
            continue
        name = path.relative_to(top).as_posix()
        if path.is_dir() and not path.is_symlink():
            yield path, name
            yield from _walk(path, top, selection, left_out)
        elif not path.is_file():
            left_out.append(f"{name} is neither a file nor a folder")
        elif path.stat().st_size > selection.max_file_size * _KILOBYTE:
            left_out.append(f"{name} is larger than {selection.max_file_size} kB")
        elif any(fnmatch.fnmatch(path.name, glob) for glob in selection.include):
            yield path, name


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file or folder without owner and other traits of this machine."""
    status = path.stat()
    member = tarfile.TarInfo(name)
    member.mode = _mode(bool(status.st_mode & stat.S_IXUSR))
    if stat.S_ISDIR(status.st_mode):
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
        return
    with path.open("rb") as file:
        member.size = os.fstat(file.fileno()).st_size
        archive.addfile(member, file)


def unpack(packed: bytes, folder: Path) -> None:
    """Unpack an archive into a new, empty folder.

    Raises ArchiveError for links, devices, paths that leave the folder, paths that are
    there twice, and archives that are broken or hold more than 64 MiB.
    """
    folder.mkdir(parents=True)
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:*") as archive:
            room = _MAX_UNPACKED
            for member in archive:
                room -= max(member.size, 0)
                if room < 0:
                    message = "The archive holds more than 64 MiB; nothing is unpacked."
                    raise ArchiveError(message)
                _extract(archive, member, folder)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        message = f"The archive cannot be unpacked ({error}). Tell an instructor."
        raise ArchiveError(message) from error


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        message = f"The archive holds {member.name!r}, which is outside of the folder."
        raise ArchiveError(message)
    target = folder / path
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or member.sparse is not None:
        message = f"The archive holds {member.name!r}, which is no regular file."
        raise ArchiveError(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(content.read())
    target.chmod(_mode(bool(member.mode & stat.S_IXUSR)))


def _mode(executable: bool) -> int:
    return 0o755 if executable else 0o644
