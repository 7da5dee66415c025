"""Answer a method that a path does not have with those that it has."""

from collections.abc import Iterable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute, Match, Route


def say_allowed_methods(app: FastAPI) -> None:
    """Name all methods of a path in ``Allow``: a router knows of one route's alone."""

    @app.exception_handler(405)
    async def refuse(request: Request, _: Exception) -> JSONResponse:
        methods = ", ".join(sorted(_methods(app.routes, request)))
        detail = f"{request.method} is not done here, but {methods}."
        return JSONResponse({"detail": detail}, 405, {"Allow": methods})


def _methods(routes: Iterable[BaseRoute], request: Request) -> set[str]:
    return {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] != Match.NONE
        for method in route.methods or ()
    }
