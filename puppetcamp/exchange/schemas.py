"""What the exchange says over HTTP: the shapes that its OpenAPI document promises."""

from datetime import datetime

from pydantic import BaseModel, Field

from puppetcamp.exchange.notes import notes
from puppetcamp.exchange.records import Release, Standing, Submission, late_by

Checksums = dict[str, str]


class ExerciseOut(BaseModel):
    """Describe a released exercise."""

    exercise: str
    released_at: datetime = Field(description="UTC, by the camp's clock.")
    due_at: datetime | None = Field(description="UTC; later submissions are late.")
    version: int = Field(ge=1, description="Counts the releases of this exercise.")
    notebooks: list[str] = Field(description="Names of the notebooks, without .ipynb.")

    @classmethod
    def of(cls, release: Release) -> "ExerciseOut":
        """Show a release."""
        return cls(
            exercise=release.exercise,
            released_at=release.released_at,
            due_at=release.due_at,
            version=release.version,
            notebooks=list(release.notebooks),
        )


class _Submitted(BaseModel):
    """What every description of a submission holds."""

    submission: str = Field(description="The submission's id.")
    version: int = Field(
        ge=1, description="Counts the attendee's submissions of this exercise."
    )
    same_as: int | None = Field(
        description="The version before, if it holds the very same bytes."
    )
    submitted_at: datetime = Field(description="UTC, by the camp's clock.")
    sha256: str = Field(description="SHA-256 of the archive as it was received.")


class ReceiptOut(_Submitted):
    """Confirm a submission that is stored."""

    exercise: str
    attendee: str = Field(description="The owner of the token that was sent.")
    late_seconds: float | None = Field(
        description="How long after the due date it came; null in time."
    )
    notes: list[str] = Field(
        description="Sentences for the attendee: late, not changed, incomplete."
    )

    @classmethod
    def of(cls, submission: Submission, release: Release) -> "ReceiptOut":
        """Show what an attendee gets in return."""
        late = late_by(submission.submitted_at, release.due_at)
        return cls(
            submission=submission.submission,
            version=submission.version,
            same_as=submission.same_as,
            exercise=submission.exercise,
            attendee=submission.attendee,
            submitted_at=submission.submitted_at,
            sha256=submission.sha256,
            late_seconds=None if late is None else late.total_seconds(),
            notes=notes(submission, release),
        )


class SubmissionOut(_Submitted):
    """Describe a submission and the feedback on it."""

    exercise: str
    attendee: str
    notebooks: list[str] = Field(description="Names of the notebooks, without .ipynb.")
    feedback: Checksums = Field(
        description="SHA-256 of the page of feedback, by notebook; empty without any."
    )

    @classmethod
    def of(cls, submission: Submission) -> "SubmissionOut":
        """Show a submission."""
        feedback = submission.feedback
        return cls(
            submission=submission.submission,
            version=submission.version,
            same_as=submission.same_as,
            exercise=submission.exercise,
            attendee=submission.attendee,
            submitted_at=submission.submitted_at,
            sha256=submission.sha256,
            notebooks=list(submission.notebooks),
            feedback={} if feedback is None else feedback.checksums,
        )


class VersionOut(_Submitted):
    """Describe one version of an attendee's work, and what it scored."""

    late: bool = Field(description="Whether it came after the due date.")
    late_seconds: float | None = Field(description="How long after it; null in time.")
    feedback_at: datetime | None = Field(description="When feedback was released.")
    score: float | None = Field(description="Null until feedback tells it.")
    max_score: float | None

    @classmethod
    def of(cls, submission: Submission, due_at: datetime | None) -> "VersionOut":
        """Show a version beside the due date that counts now."""
        late = late_by(submission.submitted_at, due_at)
        feedback = submission.feedback
        return cls(
            submission=submission.submission,
            version=submission.version,
            same_as=submission.same_as,
            submitted_at=submission.submitted_at,
            sha256=submission.sha256,
            late=late is not None,
            late_seconds=None if late is None else late.total_seconds(),
            feedback_at=None if feedback is None else feedback.given_at,
            score=None if feedback is None else feedback.score,
            max_score=None if feedback is None else feedback.max_score,
        )


class StandingOut(BaseModel):
    """Say how an attendee stands with one exercise."""

    exercise: str
    released_at: datetime = Field(description="Of the current version; UTC.")
    due_at: datetime | None = Field(description="UTC; later submissions are late.")
    withdrawn_at: datetime | None = Field(
        description="When it was withdrawn; then it is only here if it was submitted."
    )
    versions: list[VersionOut] = Field(description="Submissions, oldest first.")

    @classmethod
    def of(cls, standing: Standing) -> "StandingOut":
        """Show an attendee's standing."""
        release = standing.release
        return cls(
            exercise=release.exercise,
            released_at=release.released_at,
            due_at=release.due_at,
            withdrawn_at=release.withdrawn_at,
            versions=[
                VersionOut.of(submission, release.due_at)
                for submission in standing.submissions
            ],
        )
