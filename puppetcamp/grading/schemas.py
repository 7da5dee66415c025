"""What grading says over HTTP: the shapes that its OpenAPI document promises."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from puppetcamp.grading.jobs.decisions import State
from puppetcamp.grading.jobs.store import Job, Progress

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
BATCH = "^[0-9a-f]{32}$"
_ACCOUNT = r"^[^/\x00-\x1f\x7f]{1,255}$"
_PATH = r"^[^/\x00][^\x00]{0,511}$"
_BASE64 = r"^[A-Za-z0-9+/]*={0,2}$"


class Submission(BaseModel):
    """Hold one notebook of one attendee's submission."""

    model_config = ConfigDict(extra="forbid")

    exercise: str = Field(pattern=NAME, description="The exercise's name.")
    attendee: str = Field(pattern=_ACCOUNT, description="Whose submission it is.")
    submission: str | None = Field(
        None, pattern=BATCH, description="The submission's id, if it is known."
    )
    notebook: dict[str, Any] = Field(
        description="The notebook in format 4, with the gradebook's own checks."
    )
    files: dict[
        Annotated[str, Field(pattern=_PATH)], Annotated[str, Field(pattern=_BASE64)]
    ] = Field(
        default_factory=dict,
        max_length=1000,
        description="Files beside the notebook: base64 by relative path.",
        json_schema_extra={"additionalProperties": False},
    )

    def content(self) -> dict[str, Any]:
        """Return all that the grader is told, as JSON."""
        return self.model_dump(exclude_none=True)


class Run(Submission):
    """Ask for one grading and wait for it."""

    batch: str | None = Field(
        None, pattern=BATCH, description="The batch that it belongs to, if any."
    )
    again: bool = Field(
        False,
        description="Whether a result from before (from outside of the batch) is not "
        "good enough.",
    )


class Batch(BaseModel):
    """Ask for many gradings without waiting for them."""

    model_config = ConfigDict(extra="forbid")

    batch: str = Field(
        pattern=BATCH, description="A random id by which to ask for progress."
    )
    again: bool = Field(
        False, description="Whether results of other batches are not good enough."
    )
    submissions: list[Submission] = Field(min_length=1, max_length=500)


class GradedCell(BaseModel):
    """Hold the outputs of one code cell, in notebook format 4."""

    outputs: list[dict[str, Any]]


class GradedSubmission(BaseModel):
    """Hold the graded cells in their order, and what an instructor should know."""

    cells: list[GradedCell] = Field(description="One per code cell, in order.")
    flags: list[str] = Field(description="What went wrong, in sentences.")
    seconds: float = Field(description="Wall time of the grading.")
    refused: str | None = Field(
        description="Why the notebook can't be graded, whatever its answers are: it "
        "earns nothing, and there are no cells."
    )


class JobOut(BaseModel):
    """Show one grading as it stands."""

    job: str
    exercise: str
    attendee: str
    state: State
    queued_at: datetime = Field(description="UTC, by the camp's clock.")
    finished_at: datetime | None
    seconds: float | None = Field(description="Wall time of the grading.")
    flags: list[str] = Field(description="What an instructor should know of it.")
    reason: str | None = Field(description="Why there is no result.")

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        """Show a job."""
        return cls(
            job=job.job,
            exercise=job.exercise,
            attendee=job.attendee,
            state=job.state,
            queued_at=job.queued_at,
            finished_at=job.finished_at,
            seconds=job.seconds,
            flags=list(job.flags),
            reason=job.reason,
        )


class ProgressOut(BaseModel):
    """Say how far a batch is."""

    total: int = Field(ge=0)
    done: int = Field(ge=0, description="Gradings with a result.")
    failed: int = Field(ge=0, description="Gradings that ended with a reason.")
    running: list[str] = Field(description="Whose submissions are under way.")
    seconds_left: float | None = Field(
        description="From the seconds that this batch took so far; null before the "
        "first of it is done."
    )

    @classmethod
    def of(cls, progress: Progress) -> "ProgressOut":
        """Show a batch."""
        return cls(
            total=progress.total,
            done=progress.done,
            failed=progress.failed,
            running=list(progress.running),
            seconds_left=progress.seconds_left,
        )


class Cancelled(BaseModel):
    """Say how many gradings were taken out of the queue."""

    cancelled: int = Field(ge=0)
