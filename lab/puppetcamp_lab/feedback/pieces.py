"""Outputs of a cell as pieces of a page: text and pictures, nothing else. Pure.

Attendees' cells may answer with any MIME type. Of what they offer a page takes a
picture or the text; HTML, SVG and scripts are never used.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from puppetcamp_lab.feedback.plain import plain

MAX_PIECES = 40
MAX_PICTURE = 2 * 2**20
"""Bytes of one picture."""
MAX_PICTURES = 5

_MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}


@dataclass(frozen=True)
class Piece:
    """Hold text, or a picture as `data:` address; `error` marks an error's text."""

    text: str = ""
    picture: str = ""
    error: bool = False


def pieces(
    outputs: Sequence[Mapping[str, Any]], redact: Callable[[str], str]
) -> tuple[Piece, ...]:
    """Return what may be shown of outputs; what is left out leaves a remark.

    `redact` takes out of every text what has to stay hidden.
    """
    found: list[Piece] = []
    pictures = 0
    for output in outputs[:MAX_PIECES]:
        piece = _piece(output)
        pictures += bool(piece.picture)
        if pictures > MAX_PICTURES:
            piece = Piece("(a further picture, left out)")
        if piece.text.strip() or piece.picture:
            found.append(replace(piece, text=redact(piece.text)))
    if len(outputs) > MAX_PIECES:
        found.append(Piece(f"(… {len(outputs) - MAX_PIECES} further outputs)"))
    return tuple(found)


def _piece(output: Mapping[str, Any]) -> Piece:
    kind = output.get("output_type")
    if kind == "stream":
        return Piece(plain(_text(output.get("text"))))
    if kind == "error":
        return Piece(plain(_error(output)), error=True)
    data = output.get("data")
    return _shown(data) if isinstance(data, Mapping) else Piece()


def _error(output: Mapping[str, Any]) -> str:
    told = _text(output.get("traceback"), "\n")
    return told or f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"


def _shown(data: Mapping[str, Any]) -> Piece:
    for kind in _MAGIC:
        if kind in data and (picture := data_address(kind, data[kind])):
            return Piece(plain(_text(data.get("text/plain"))), picture)
    for kind in ("text/plain", "text/markdown"):
        if text := _text(data.get(kind)):
            return Piece(plain(text))
    return Piece(f"(an output of type {plain(', '.join(map(str, data)))[:200]})")


def data_address(kind: str, encoded: object) -> str:
    """Return a picture as `data:` address; empty if it is not what it says it is."""
    packed = "".join(_text(encoded).split())
    try:
        content = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(content) > MAX_PICTURE or not content.startswith(_MAGIC[kind]):
        return ""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _text(value: object, between: str = "") -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return between.join(part for part in value if isinstance(part, str))
    return ""
