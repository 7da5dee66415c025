"""What fails inside is told in a sentence: the camp's service never shows a trace."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from puppetcamp.errors import CampError

log = logging.getLogger(__name__)


def say_what_failed(app: FastAPI) -> None:
    """Answer 503 with the reason when a part of the camp cannot do its work."""

    @app.exception_handler(CampError)
    async def camp(request: Request, error: Exception) -> JSONResponse:
        log.warning("%s could not be answered: %s", request.url.path, error)
        return JSONResponse({"detail": str(error)}, 503)

    @app.exception_handler(SQLAlchemyError)
    async def database(request: Request, error: Exception) -> JSONResponse:
        log.error("%s could not be answered: %s", request.url.path, error)
        detail = "The camp's database cannot be used now. Try again in a minute."
        return JSONResponse({"detail": detail}, 503)
