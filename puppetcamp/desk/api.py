"""The desk over HTTP, to look at: page, snapshot, live stream, audit log, metrics.

Who may do what is in the scopes that the hub gave to the token, see `roles.py`.
"""

import ipaddress
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse

from puppetcamp.browser import Anyone, Visitor, anyone, welcome
from puppetcamp.desk.audit import Audit
from puppetcamp.desk.metrics import exposition
from puppetcamp.desk.schemas import AuditEntry, Snapshot, You
from puppetcamp.desk.viewer import REFUSED, you
from puppetcamp.desk.watch import Look, Watch

HERE = Path(__file__).parent
PING_SECONDS = 10.0
"""How long the stream is silent at most."""

CHECK_EVERY = 6
"""After so many events the stream asks again whether its reader may still watch."""


@dataclass(frozen=True)
class DeskViews:
    """Build the routes by which the desk is looked at.

    `leaving` tells whether the service is about to end: streams end first.
    """

    watch: Watch
    audit: Audit
    leaving: Callable[[], bool]

    def router(self) -> APIRouter:
        """Put the routes together."""
        routes = APIRouter(tags=["desk"])
        self._add_pages(routes)
        self._add_views(routes)
        return routes

    def _add_pages(self, routes: APIRouter) -> None:
        @routes.get("/desk", include_in_schema=False)
        def page(request: Request, person: Visitor) -> Response:
            you(request, person)
            return welcome(request, FileResponse(HERE / "page.html"))

        @routes.get("/desk/static/{name}", include_in_schema=False)
        def static(name: str) -> Response:
            files = {path.name: path for path in (HERE / "static").iterdir()}
            if name not in files:
                raise HTTPException(404, "There is no such file.")
            return FileResponse(
                files[name],
                headers={
                    "Cache-Control": "no-cache",
                    "X-Content-Type-Options": "nosniff",
                },
            )

    def _add_views(self, routes: APIRouter) -> None:
        @routes.get("/api/desk", responses=REFUSED, response_model=Snapshot)
        async def snapshot(request: Request, person: Anyone) -> Response:
            """Return everything that the desk shows (staff)."""
            viewer = you(request, person)
            look = await self.watch.look()
            return Response(look.body(viewer), media_type="application/json")

        @routes.get("/api/desk/events", include_in_schema=False)
        async def events(request: Request, person: Anyone) -> StreamingResponse:
            viewer = you(request, person)
            return StreamingResponse(
                self._events(request, viewer),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )

        @routes.get("/api/desk/audit", responses=REFUSED)
        def log(
            request: Request,
            person: Anyone,
            before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
        ) -> list[AuditEntry]:
            """List what was done at the desk, newest first, 50 at a time (staff)."""
            you(request, person)
            return self.audit.last(50, before)

        @routes.get("/metrics", include_in_schema=False)
        async def metrics(request: Request) -> Response:
            if not _from_this_machine(request):
                you(request, await anyone(request))
            look = await self.watch.look()
            return Response(
                exposition(look.snapshot),
                media_type="text/plain; version=0.0.4; charset=utf-8",
            )

    async def _events(self, request: Request, viewer: You) -> AsyncIterator[bytes]:
        """Send the snapshot whenever it changed, and a ping while it does not."""
        watch, version, silent, sent = self.watch, -1, 0.0, 0
        async with watch.viewing():
            look: Look | None = await watch.look()
            while not self.leaving():
                if look is not None:
                    version, silent = look.version, 0.0
                    yield b"event: snapshot\ndata: " + look.body(viewer) + b"\n\n"
                elif silent >= PING_SECONDS:
                    silent = 0.0
                    yield b"event: ping\ndata: {}\n\n"
                sent += 1
                if sent % CHECK_EVERY == 0 and not await _may_watch(request):
                    return
                look = await watch.next(version, patience=1.0)
                silent += 1.0


async def _may_watch(request: Request) -> bool:
    """Ask again whether a reader is signed in, as long as the stream lasts."""
    try:
        you(request, await anyone(request))
    except HTTPException as error:
        # A hub that restarts is no reason to look away.
        return error.status_code == 503
    return True


def _from_this_machine(request: Request) -> bool:
    """Tell whether a request comes from a process of this machine, past the proxy."""
    if "X-Forwarded-For" in request.headers or request.client is None:
        return False
    server = request.scope.get("server") or ("", 0)
    try:
        peer = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    return peer.is_loopback or request.client.host == server[0]
