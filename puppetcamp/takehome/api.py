"""Take-home over HTTP: a page that goes on by itself, the bundle, and an API."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from puppetcamp.browser import Anyone, Form, Visitor, visitor, welcome, word_of
from puppetcamp.identity import REFUSALS, Person, current_person
from puppetcamp.place import SERVICE_PREFIX, TAKE_HOME
from puppetcamp.problems import documented
from puppetcamp.takehome.counter import Counter, Shown

BUNDLE = f"{TAKE_HOME}/bundle.zip"

_STATIC = {"take-home.js": "text/javascript", "take-home.css": "text/css"}
_TOO_SOON = {429: "A bundle is being made, or was asked for a moment ago."}
_NONE = {404: "There is no bundle to download."}
_SIGN_IN: dict[int | str, dict[str, Any]] = {
    302: {"description": "Nobody is signed in: the way to the hub and back."}
}


class TakeHomeOut(BaseModel):
    """Say how it stands with one's take-home bundle."""

    state: Literal["none", "queued", "making", "ready", "failed"] = Field(
        description="Where the latest bundle stands."
    )
    text: str = Field(description="The same in a sentence or two.")
    heading: str = Field(description="What the page is called now.")
    time: str = Field(description="A sentence about one's time; may be empty.")
    url: str | None = Field(description="Where a bundle can be downloaded now.")
    made: datetime | None = Field(description="When that one was made; UTC.")
    until: datetime | None = Field(description="Until when it is kept; UTC.")
    size: int | None = Field(description="Its size in bytes.")
    may_ask: bool = Field(description="Whether one may be asked for now.")
    now: datetime = Field(description="The camp's clock.")

    @classmethod
    def of(cls, shown: Shown) -> "TakeHomeOut":
        """Show it."""
        return cls(
            state=shown.state.value if shown.state else "none",
            text=shown.text,
            heading=shown.heading,
            time=shown.time,
            url=BUNDLE if shown.has_bundle else None,
            made=shown.made,
            until=shown.until,
            size=shown.size,
            may_ask=_may_ask(shown),
            now=shown.now,
        )


async def _downloader(request: Request) -> Person:
    """Tell who downloads: a browser that goes there, or a program with a token."""
    if "Authorization" in request.headers:
        return await current_person(request)
    return await visitor(request)


Downloader = Annotated[Person, Depends(_downloader)]


def router(counter: Counter, camp: str) -> APIRouter:
    """Build the routes; `camp` is what the page calls the camp."""
    routes = APIRouter(tags=["take-home"])
    _add_api(routes, counter)
    _add_page(routes, counter, camp)

    @routes.get(
        "/take-home/bundle.zip",
        response_class=FileResponse,
        responses={**documented({**REFUSALS, **_NONE}), **_SIGN_IN},
    )
    def download(person: Downloader) -> FileResponse:
        """Send one's bundle."""
        path = counter.bundle(person.name)
        if path is None:
            message = (
                f"There is no bundle of yours to download. Ask for one: {TAKE_HOME}"
            )
            raise HTTPException(404, message)
        return _attached(path, f"take-home-{person.name}.zip")

    return routes


def _add_api(routes: APIRouter, counter: Counter) -> None:
    @routes.get("/api/take-home", responses=documented(REFUSALS))
    def state(person: Anyone) -> TakeHomeOut:
        """Say how it stands with one's bundle."""
        return TakeHomeOut.of(counter.show(person.name))

    @routes.post(
        "/api/take-home",
        status_code=202,
        responses=documented({**REFUSALS, **_TOO_SOON, **_NONE}),
    )
    def ask(person: Anyone) -> TakeHomeOut:
        """Ask for a bundle of what is saved now."""
        before = counter.show(person.name)
        if counter.maker is None:
            raise HTTPException(404, before.text)
        if not _may_ask(before):
            seconds = int(before.wait.total_seconds()) + 1 if before.wait else 10
            raise HTTPException(
                429,
                f"{before.text} Ask again in {seconds} seconds.",
                headers={"Retry-After": str(seconds)},
            )
        return TakeHomeOut.of(counter.ask(person.name))


def _add_page(routes: APIRouter, counter: Counter, camp: str) -> None:
    @routes.get("/take-home", include_in_schema=False)
    async def page(request: Request, person: Visitor) -> Response:
        html = await run_in_threadpool(_page, request, person, counter, camp)
        return welcome(request, HTMLResponse(html))

    @routes.post("/take-home", include_in_schema=False)
    async def ask(person: Visitor, _: Form) -> Response:
        await run_in_threadpool(counter.ask, person.name)
        return RedirectResponse(TAKE_HOME, 303)

    @routes.get("/take-home/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404, "There is no such file.")
        file = files("puppetcamp.takehome") / "static" / name
        return Response(
            file.read_text("utf-8"),
            media_type=_STATIC[name],
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"},
        )


def _page(request: Request, person: Person, counter: Counter, camp: str) -> str:
    shown = TakeHomeOut.of(counter.show(person.name))
    return _templates.get_template("page.html").render(
        camp=camp,
        name=person.name,
        shown=shown,
        waiting=shown.state in {"queued", "making"},
        base=SERVICE_PREFIX,
        word=word_of(request),
    )


def _attached(path: Path, name: str) -> FileResponse:
    return FileResponse(
        path,
        media_type="application/zip",
        filename=name,
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def _may_ask(shown: Shown) -> bool:
    return shown.wait is not None and not shown.wait


_templates = Environment(
    loader=PackageLoader("puppetcamp.takehome", "static"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
