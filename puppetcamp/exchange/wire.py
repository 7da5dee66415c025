"""How archives and refusals travel over HTTP."""

import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import IO, Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from puppetcamp.errors import ExchangeError
from puppetcamp.exchange.archive import (
    MAX_PACKED,
    MIB,
    ArchiveRefusedError,
    ArchiveTooLargeError,
    media_type,
    too_large_to_send,
)
from puppetcamp.exchange.shelf import StorageFailedError
from puppetcamp.exchange.store import NotStoredError
from puppetcamp.problems import documented

_BINARY = {"schema": {"type": "string", "format": "binary"}}
ARCHIVE_TYPES: dict[str, Any] = {
    "application/gzip": _BINARY,
    "application/x-tar": _BINARY,
}
ARCHIVE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A tar file of regular files and folders, gzipped or not.",
        "content": ARCHIVE_TYPES,
    }
}
ARCHIVE_RESPONSE: dict[str, Any] = {
    "description": "A tar file, gzipped or not, byte for byte as it was stored.",
    "content": ARCHIVE_TYPES,
}
_REASONS = {
    401: "The hub does not know the token.",
    403: "The person may not do this.",
    404: "There is no such thing, or not for this person.",
    413: "The archive is beyond a limit.",
    422: "A name or the archive is refused.",
    503: "The hub does not answer or the disk takes no more; nothing was stored.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Document the statuses with which an endpoint refuses."""
    return documented({status: _REASONS[status] for status in statuses})


class SentenceRoute(APIRoute):
    """Answer every refusal with one sentence in ``detail``."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint and everything it depends on."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise HTTPException(422, _in_words(error)) from error
            except ExchangeError as error:
                raise HTTPException(_status(error), str(error)) from error

        return handler


def _status(error: ExchangeError) -> int:
    if isinstance(error, NotStoredError):
        return 404
    if isinstance(error, ArchiveTooLargeError):
        return 413
    if isinstance(error, StorageFailedError):
        return 503
    return 422


def _in_words(error: RequestValidationError) -> str:
    faults = (
        f"{fault['loc'][-1]}: {fault['msg']} (got {fault['input']!r})"
        for fault in error.errors()
    )
    return "; ".join(faults)


async def _packed_body(request: Request) -> AsyncIterator[IO[bytes]]:
    """Receive an archive without holding more than its first MiB in memory."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_PACKED:
        raise ArchiveTooLargeError(too_large_to_send())
    with tempfile.SpooledTemporaryFile(max_size=MIB) as spool:
        received = 0
        try:
            async for chunk in request.stream():
                received += len(chunk)
                if received > MAX_PACKED:
                    raise ArchiveTooLargeError(too_large_to_send())
                spool.write(chunk)
        except ClientDisconnect as error:
            message = "The archive broke off on its way. Nothing was stored."
            raise ArchiveRefusedError(message) from error
        spool.seek(0)
        yield spool


PackedBody = Annotated[IO[bytes], Depends(_packed_body)]
"""Name it after the parameter that says who asks: strangers send nothing."""


def archive_response(path: Path, name: str) -> FileResponse:
    """Send a stored archive; it is never the same for two people, so keep no copy."""
    with path.open("rb") as packed:
        kind = media_type(packed)
    suffix = ".tar.gz" if kind == "application/gzip" else ".tar"
    return FileResponse(
        path,
        media_type=kind,
        filename=name + suffix,
        headers={"Cache-Control": "no-store"},
    )
