"""The grading API: an instructor sends a notebook, outputs and flags come back."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from puppetcamp.errors import GradingError
from puppetcamp.grading.errors import (
    NotebookRefused,
    SandboxTimeout,
    SandboxUnavailable,
)
from puppetcamp.grading.runner import Graded
from puppetcamp.identity import Person, require_instructor

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"

_STATUS: dict[type[GradingError], int] = {
    NotebookRefused: 422,
    SandboxUnavailable: 503,
    SandboxTimeout: 504,
}


class Grader(Protocol):
    """Grade one notebook; `puppetcamp.grading.runner.Runner` is one."""

    def run(self, notebook: dict[str, Any], *, exercise: str, attendee: str) -> Graded:
        """Return the graded notebook or raise a GradingError."""


class Submission(BaseModel):
    """Hold one notebook of one attendee's submission."""

    model_config = ConfigDict(extra="forbid")

    exercise: str = Field(pattern=_NAME, description="The exercise's name.")
    attendee: str = Field(pattern=_NAME, description="Whose submission it is.")
    notebook: dict[str, Any] = Field(
        description="The notebook in format 4, with the gradebook's own checks."
    )


class GradedCell(BaseModel):
    """Hold the outputs of one code cell, in notebook format 4."""

    outputs: list[dict[str, Any]]


class GradedSubmission(BaseModel):
    """Hold the graded cells in their order, and what an instructor should know."""

    cells: list[GradedCell] = Field(description="One per code cell, in order.")
    flags: list[str] = Field(description="What went wrong, in sentences.")
    seconds: float = Field(description="Wall time of the grading.")


class Problem(BaseModel):
    """Say in a sentence why the submission was not graded."""

    detail: str


def router(grader: Grader) -> APIRouter:
    """Make the routes below `/api/grading`."""
    routes = APIRouter(
        prefix="/api/grading",
        tags=["grading"],
        dependencies=[Depends(require_instructor)],
    )

    # A plain function: it blocks for seconds, so it belongs in a thread.
    @routes.post(
        "/run",
        responses={
            403: {"model": Problem, "description": "Not an instructor."},
            503: {"model": Problem, "description": "No container could be started."},
            504: {"model": Problem, "description": "The machine did not keep up."},
        },
    )
    def run(
        submission: Submission, person: Annotated[Person, Depends(require_instructor)]
    ) -> GradedSubmission:
        """Run one notebook in a throwaway container without network."""
        try:
            graded = grader.run(
                submission.notebook,
                exercise=submission.exercise,
                attendee=submission.attendee,
            )
        except GradingError as error:
            raise HTTPException(_STATUS.get(type(error), 500), str(error)) from error
        return GradedSubmission(
            cells=[GradedCell(outputs=outputs) for outputs in graded.cells],
            flags=list(graded.flags),
            seconds=graded.seconds,
        )

    return routes
