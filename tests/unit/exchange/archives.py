"""Pack archives, honest ones and forged ones, for the tests of the exchange."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from typing import IO

NOTEBOOK = (
    b'{"cells": [{"cell_type": "raw", "metadata": {}, "source": ""}],'
    b' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
)
EXERCISE = {"motd.ipynb": NOTEBOOK, "files/motd": b"Welcome\n"}


def member(name: str, content: bytes = b"", **attributes: object) -> bytes:
    """Pack one member: header, content and padding, without the archive's end."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    padding = -len(content) % tarfile.BLOCKSIZE
    return info.tobuf(tarfile.PAX_FORMAT) + content + bytes(padding)


END = bytes(2 * tarfile.BLOCKSIZE)


def tar(*members: bytes) -> IO[bytes]:
    """Join members to a plain archive."""
    return io.BytesIO(b"".join(members) + END)


def pack(files: Mapping[str, bytes] = EXERCISE) -> IO[bytes]:
    """Pack files as an attendee's JupyterLab does: a gzipped archive."""
    plain = tar(*(member(name, content) for name, content in files.items()))
    return io.BytesIO(gzip.compress(plain.read(), mtime=0))  # same bytes, always
