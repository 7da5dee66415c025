"""Tell pictures from what only claims to be one; pure."""

import base64
import binascii
import struct

MAX_SIDE = 8192
"""Pixels: a small file can unpack to a picture that no browser survives."""

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = struct.Struct(">I4sII")
# Frame headers of JPEG: SOF0 to SOF15 without DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def picture(mime: str, value: object, limit: int) -> str | None:
    """Return a picture's base64 text in one line, or None if it is none.

    `mime` is image/png or image/jpeg, `limit` bounds the text in characters. The sides
    are read from the file's own header.
    """
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str) or len(value) > limit:
        return None
    try:
        content = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    sides = _SIDES[mime](content) if mime in _SIDES else None
    if sides is None or not all(0 < side <= MAX_SIDE for side in sides):
        return None
    return base64.b64encode(content).decode()


def _png(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(_PNG) or len(content) < len(_PNG) + _PNG_HEADER.size:
        return None
    _, kind, width, height = _PNG_HEADER.unpack_from(content, len(_PNG))
    return (width, height) if kind == b"IHDR" else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


_SIDES = {"image/png": _png, "image/jpeg": _jpeg}
