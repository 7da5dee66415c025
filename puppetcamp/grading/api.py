"""The grading API: an instructor sends notebooks, outputs and flags come back."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from puppetcamp.errors import GradingError
from puppetcamp.grading.jobs.queue import JobQueue
from puppetcamp.grading.jobs.store import Job, result_of
from puppetcamp.grading.schemas import (
    BATCH,
    NAME,
    Batch,
    Cancelled,
    GradedSubmission,
    JobOut,
    ProgressOut,
    Run,
)
from puppetcamp.identity import Instructor
from puppetcamp.problems import documented

MAX_BODY = 64 * 2**20
"""Bytes of one request: notebooks without outputs, and the files beside them."""

_REASONS = {
    400: "The body is no JSON that can be read: not in UTF-8, or too deep.",
    401: "The hub does not know the token.",
    403: "Not an instructor.",
    409: "The grading was cancelled by whoever asked for it first.",
    411: "The length of the request is not said.",
    413: "The request is too large.",
    422: "The request is not of the described form.",
    500: "The grader failed.",
    503: "No container can be started, or the hub does not answer.",
    504: "The machine did not keep up.",
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return documented(
        {status: _REASONS[status] for status in (401, 403, 422, 503, *statuses)}
    )


class _SentenceRoute(APIRoute):
    """Bound requests before they are read; refuse with one sentence in ``detail``."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint and everything it depends on."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            if request.method == "POST":
                _require_bounded(request)
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise HTTPException(422, _in_words(error)) from error
            except GradingError as error:
                raise HTTPException(503, str(error)) from error

        return handler


def _require_bounded(request: Request) -> None:
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal():
        raise HTTPException(411, "Send the request with its Content-Length.")
    if int(announced) > MAX_BODY:
        message = (
            f"The request has {announced} bytes; at most {MAX_BODY} are taken. Send "
            "fewer submissions at a time, without outputs."
        )
        raise HTTPException(413, message)


def _in_words(error: RequestValidationError) -> str:
    faults = (
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        for fault in error.errors()
    )
    return "; ".join(faults)[:1000]


BatchId = Annotated[str, Query(pattern=BATCH, description="The batch's id.")]


def router(queue: JobQueue) -> APIRouter:
    """Make the routes below `/api/grading`; all of them are for instructors."""
    routes = APIRouter(
        prefix="/api/grading", tags=["grading"], route_class=_SentenceRoute
    )
    _add_run(routes, queue)
    _add_jobs(routes, queue)
    return routes


def _add_run(routes: APIRouter, queue: JobQueue) -> None:
    @routes.post(
        "/run",
        response_model=GradedSubmission,
        responses=_problems(400, 409, 411, 413, 500, 504),
    )
    async def run(run: Run, _: Instructor) -> Response:
        """Run one notebook in a throwaway container without network; wait for it.

        The result of an earlier grading of the very same is returned at once, unless
        asked for again. A grading goes on when nobody waits for it any more.
        """
        content = run.content()
        batch, again = content.pop("batch", None), content.pop("again")
        (job,) = await run_in_threadpool(
            queue.enqueue, [content], batch=batch, again=again, urgent=True
        )
        ended = job if job.finished else await queue.finished(job.job)
        if ended is None:
            raise HTTPException(409, "The grading was cancelled. Grade again.")
        if ended.status is not None:
            raise HTTPException(ended.status, ended.reason)
        return _result(ended)


def _result(job: Job) -> Response:
    """Send a result as it was kept: it was made by the grader, in the right form."""
    return Response(result_of(job), media_type="application/json")


def _add_jobs(routes: APIRouter, queue: JobQueue) -> None:
    @routes.post("/jobs", status_code=202, responses=_problems(400, 411, 413))
    def enqueue(batch: Batch, _: Instructor) -> list[JobOut]:
        """Queue many gradings; they are done even if the service ends in between.

        Send the same batch again to add to it; what it holds already is not repeated.
        """
        contents = [submission.content() for submission in batch.submissions]
        jobs = queue.enqueue(contents, batch=batch.batch, again=batch.again)
        return [JobOut.of(job) for job in jobs]

    @routes.get("/jobs", responses=_problems())
    def list_jobs(
        _: Instructor,
        batch: Annotated[str | None, Query(pattern=BATCH)] = None,
        exercise: Annotated[str | None, Query(pattern=NAME)] = None,
    ) -> list[JobOut]:
        """List the gradings of a batch or of an exercise, the newest first."""
        return [JobOut.of(job) for job in queue.jobs(batch=batch, exercise=exercise)]

    @routes.get("/progress", responses=_problems())
    def progress(_: Instructor, batch: BatchId) -> ProgressOut:
        """Say how far a batch is and how long it will take."""
        return ProgressOut.of(queue.progress(batch))

    @routes.delete("/jobs", responses=_problems())
    def cancel(_: Instructor, batch: BatchId) -> Cancelled:
        """Take a batch out of the queue; what runs is finished and kept."""
        return Cancelled(cancelled=queue.cancel(batch))
