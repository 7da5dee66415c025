"""A picture is shown if it is one, of the type it says, and of a sane size."""

import base64
import struct
import zlib

import pytest

from puppetcamp.grading.images import picture

LIMIT = 10_000


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0\0\0" * 2)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def jpeg(width: int = 2, height: int = 2) -> bytes:
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, height, width) + bytes(4)
    return start + frame + b"\xff\xd9"


def text(content: bytes) -> str:
    return base64.encodebytes(content).decode()


@pytest.mark.parametrize(
    ("mime", "content"), [("image/png", png()), ("image/jpeg", jpeg())]
)
def test_pictures_are_kept_in_one_line(mime: str, content: bytes) -> None:
    kept = picture(mime, text(content), LIMIT)
    assert kept is not None
    assert base64.b64decode(kept) == content
    assert "\n" not in kept
    assert picture(mime, text(content).splitlines(keepends=True), LIMIT) == kept


@pytest.mark.parametrize(
    ("mime", "value"),
    [
        pytest.param("image/png", text(jpeg()), id="a JPEG that says PNG"),
        pytest.param("image/jpeg", text(png()), id="a PNG that says JPEG"),
        pytest.param("image/png", text(b"<svg onload='alert(1)'/>"), id="SVG"),
        pytest.param("image/png", text(png()[:10]), id="a beginning"),
        pytest.param("image/jpeg", text(jpeg()[:24]), id="a beginning of a JPEG"),
        pytest.param("image/png", text(png(width=10**6)), id="a bomb"),
        pytest.param("image/jpeg", text(jpeg(height=60_000)), id="a JPEG bomb"),
        pytest.param("image/png", text(png(width=0)), id="nothing to see"),
        pytest.param("image/png", '"><script>alert(1)</script>', id="no base64"),
        pytest.param("image/png", text(png() + bytes(LIMIT)), id="too large"),
        pytest.param("image/svg+xml", text(png()), id="another type"),
        pytest.param("image/png", 7, id="no text"),
        pytest.param("image/jpeg", text(b"\xff\xd8" + b"\xff" * 5000), id="fill bytes"),
    ],
)
def test_anything_else_is_none(mime: str, value: object) -> None:
    assert picture(mime, value, LIMIT) is None
