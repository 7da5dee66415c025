"""What the exchange says over HTTP: the shapes that its OpenAPI document promises."""

from datetime import datetime

from pydantic import BaseModel, Field

from puppetcamp.exchange.store import Release, Submission

Checksums = dict[str, str]


class Problem(BaseModel):
    """Say what went wrong and what to do next."""

    detail: str = Field(description="A sentence for the person who asked.")


class ExerciseOut(BaseModel):
    """Describe a released exercise."""

    exercise: str
    released_at: datetime = Field(description="UTC, by the camp's clock.")
    version: int = Field(ge=1, description="Counts the releases of this exercise.")
    notebooks: list[str] = Field(description="Names of the notebooks, without .ipynb.")

    @classmethod
    def of(cls, release: Release) -> "ExerciseOut":
        """Show a release."""
        return cls(
            exercise=release.exercise,
            released_at=release.released_at,
            version=release.version,
            notebooks=list(release.notebooks),
        )


class ReceiptOut(BaseModel):
    """Confirm a submission that is stored."""

    submission: str = Field(description="The submission's id.")
    exercise: str
    attendee: str = Field(description="The owner of the token that was sent.")
    submitted_at: datetime = Field(description="UTC, by the camp's clock.")
    sha256: str = Field(description="SHA-256 of the archive as it was received.")

    @classmethod
    def of(cls, submission: Submission) -> "ReceiptOut":
        """Show what an attendee gets in return."""
        return cls(
            submission=submission.submission,
            exercise=submission.exercise,
            attendee=submission.attendee,
            submitted_at=submission.submitted_at,
            sha256=submission.sha256,
        )


class SubmissionOut(BaseModel):
    """Describe a submission and the feedback on it."""

    submission: str = Field(description="The submission's id.")
    exercise: str
    attendee: str
    submitted_at: datetime = Field(description="UTC, by the camp's clock.")
    notebooks: list[str] = Field(description="Names of the notebooks, without .ipynb.")
    feedback: Checksums = Field(
        description="SHA-256 of the page of feedback, by notebook; empty without any."
    )

    @classmethod
    def of(cls, submission: Submission) -> "SubmissionOut":
        """Show a submission."""
        return cls(
            submission=submission.submission,
            exercise=submission.exercise,
            attendee=submission.attendee,
            submitted_at=submission.submitted_at,
            notebooks=list(submission.notebooks),
            feedback=submission.feedback,
        )
