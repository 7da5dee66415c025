"""The files beside a submitted notebook, as they travel to the sandbox; pure."""

import base64
import binascii
import re
from collections.abc import Mapping

from puppetcamp.grading.errors import NotebookRefused

MAX_FILES = 200
MAX_BYTES = 10 * 2**20
"""Of all files together, unpacked."""

_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/\x00-\x1f\x7f]{1,120}")


def checked(files: Mapping[str, str] | None) -> dict[str, str]:
    """Return files by relative path, in base64, if a sandbox may have them.

    Raises NotebookRefused if there are too many or too large ones, and for a path that
    leads out of the exercise's folder.
    """
    files = files or {}
    if len(files) > MAX_FILES:
        message = (
            f"There are {len(files)} files beside the notebook; at most {MAX_FILES} "
            "are taken along. Remove what the exercise does not need."
        )
        raise NotebookRefused(message)
    size = 0
    for path, content in files.items():
        if not _is_inside(path):
            message = f"A file beside the notebook has a name that leads away: {path!r}"
            raise NotebookRefused(message)
        size += _size(path, content)
    if size > MAX_BYTES:
        message = (
            f"The files beside the notebook are {size / 2**20:.1f} MiB large; at most "
            f"{MAX_BYTES // 2**20} MiB are taken along."
        )
        raise NotebookRefused(message)
    return dict(files)


def _is_inside(path: str) -> bool:
    segments = path.split("/")
    return len(segments) <= 8 and all(_SEGMENT.fullmatch(part) for part in segments)


def _size(path: str, content: str) -> int:
    if len(content) > 2 * MAX_BYTES:
        return len(content)
    try:
        return len(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as error:
        message = f"The file {path!r} beside the notebook did not arrive whole."
        raise NotebookRefused(message) from error
