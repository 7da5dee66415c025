"""The exchange over HTTP: who may do what, with identity from the hub's token.

The submitter of a submission is the owner of the token, always, and its time is the
camp's clock at the moment the whole archive has arrived.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import FileResponse
from pydantic import AfterValidator, AwareDatetime

from puppetcamp.exchange.models import NAME_PATTERN
from puppetcamp.exchange.records import Submission
from puppetcamp.exchange.schemas import (
    ExerciseOut,
    ReceiptOut,
    StandingOut,
    SubmissionOut,
)
from puppetcamp.exchange.store import ExchangeStore, NotStoredError, no_submission
from puppetcamp.exchange.wire import (
    ARCHIVE_BODY,
    ARCHIVE_RESPONSE,
    PackedBody,
    SentenceRoute,
    archive_response,
    problems,
)
from puppetcamp.identity import CurrentPerson, Instructor, Person, Role

Course = Annotated[str, Path(pattern=NAME_PATTERN, description="The course's id.")]
Exercise = Annotated[str, Path(pattern=NAME_PATTERN)]
SubmissionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Attendee = Annotated[str | None, Query(min_length=1, max_length=255)]
Points = Annotated[float | None, Query(ge=0, le=1_000_000, allow_inf_nan=False)]
_ALWAYS = (401, 403, 422, 503)
_YEARS = range(2000, 3000)


def _in_this_age(moment: datetime) -> datetime:
    """Refuse years that no clock shows: they have no UTC in every time zone."""
    if moment.year in _YEARS:
        return moment
    message = f"a due date is between {_YEARS.start} and {_YEARS.stop - 1}"
    raise ValueError(message)


DueAt = Annotated[
    AwareDatetime | None,
    AfterValidator(lambda moment: moment and _in_this_age(moment)),
    Query(description="When it is due, with a time zone. Without it: never."),
]


def router(store: ExchangeStore, clock: Callable[[], datetime]) -> APIRouter:
    """Build the routes below ``/api/exchange``; `clock` gives timezone-aware UTC."""
    routes = APIRouter(
        prefix="/api/exchange", tags=["exchange"], route_class=SentenceRoute
    )
    _add_exercises(routes, store, clock)
    _add_submissions(routes, store, clock)
    _add_feedback(routes, store, clock)
    return routes


def _add_exercises(
    routes: APIRouter, store: ExchangeStore, clock: Callable[[], datetime]
) -> None:
    one = "/courses/{course}/exercises/{exercise}"

    @routes.get("/courses/{course}/exercises", responses=problems(*_ALWAYS))
    def list_exercises(course: Course, _: CurrentPerson) -> list[ExerciseOut]:
        """List the released exercises of a course."""
        return [ExerciseOut.of(release) for release in store.exercises(course)]

    @routes.get(
        one,
        response_class=FileResponse,
        responses={200: ARCHIVE_RESPONSE, **problems(404, *_ALWAYS)},
    )
    def fetch_exercise(
        course: Course, exercise: Exercise, _: CurrentPerson
    ) -> FileResponse:
        """Send the current version of a released exercise."""
        return archive_response(store.released(course, exercise).archive, exercise)

    @routes.put(one, responses=problems(413, *_ALWAYS), openapi_extra=ARCHIVE_BODY)
    def release_exercise(
        course: Course,
        exercise: Exercise,
        _: Instructor,
        packed: PackedBody,
        due_at: DueAt = None,
    ) -> ExerciseOut:
        """Release an exercise, or a new version of it (instructors).

        The due date is that of the exercise from now on, for what was submitted before
        as well. Nothing is refused for being late.
        """
        return ExerciseOut.of(store.release(course, exercise, packed, clock(), due_at))

    @routes.delete(one, status_code=204, responses=problems(404, *_ALWAYS))
    def withdraw_exercise(course: Course, exercise: Exercise, _: Instructor) -> None:
        """Withdraw an exercise; all versions and submissions are kept (instructors)."""
        store.withdraw(course, exercise, clock())


def _add_submissions(
    routes: APIRouter, store: ExchangeStore, clock: Callable[[], datetime]
) -> None:
    @routes.post(
        "/courses/{course}/exercises/{exercise}/submissions",
        status_code=201,
        responses=problems(404, 413, *_ALWAYS),
        openapi_extra=ARCHIVE_BODY,
    )
    def submit(
        course: Course, exercise: Exercise, person: CurrentPerson, packed: PackedBody
    ) -> ReceiptOut:
        """Submit an exercise under the name of the token's owner."""
        release = store.released(course, exercise)
        stored = store.submit(course, exercise, person.name, packed, clock())
        return ReceiptOut.of(stored, release)

    @routes.get("/courses/{course}/submissions", responses=problems(*_ALWAYS))
    def list_submissions(
        course: Course,
        person: CurrentPerson,
        exercise: Annotated[str | None, Query(pattern=NAME_PATTERN)] = None,
        attendee: Attendee = None,
    ) -> list[SubmissionOut]:
        """List one's own submissions; for instructors everybody's or an attendee's."""
        _require_own(person, attendee)
        if person.role is Role.ATTENDEE:
            attendee = person.name
        found = store.submissions(course, exercise, attendee)
        return [SubmissionOut.of(submission) for submission in found]

    @routes.get("/courses/{course}/standing", responses=problems(*_ALWAYS))
    def standing(
        course: Course, person: CurrentPerson, attendee: Attendee = None
    ) -> list[StandingOut]:
        """Say how one stands with each exercise; instructors may name an attendee."""
        _require_own(person, attendee)
        found = store.standing(course, attendee or person.name)
        return [StandingOut.of(one) for one in found]

    @routes.get(
        "/submissions/{submission}",
        response_class=FileResponse,
        responses={200: ARCHIVE_RESPONSE, **problems(404, *_ALWAYS)},
    )
    def fetch_submission(
        submission: SubmissionId, person: CurrentPerson
    ) -> FileResponse:
        """Send a submission to its owner or to an instructor."""
        found = _visible(store, submission, person)
        return archive_response(found.archive, f"{found.attendee}-{found.exercise}")


def _add_feedback(
    routes: APIRouter, store: ExchangeStore, clock: Callable[[], datetime]
) -> None:
    path = "/submissions/{submission}/feedback"

    @routes.put(
        path, responses=problems(404, 413, *_ALWAYS), openapi_extra=ARCHIVE_BODY
    )
    def give_feedback(
        submission: SubmissionId,
        _: Instructor,
        packed: PackedBody,
        score: Points = None,
        max_score: Points = None,
    ) -> SubmissionOut:
        """Give feedback on a submission: one NOTEBOOK.html each (instructors).

        A score comes with the highest possible one. Feedback without any takes an
        earlier score back.
        """
        points = _score(score, max_score)
        return SubmissionOut.of(
            store.give_feedback(submission, packed, clock(), points)
        )

    @routes.get(
        path,
        response_class=FileResponse,
        responses={200: ARCHIVE_RESPONSE, **problems(404, *_ALWAYS)},
    )
    def fetch_feedback(submission: SubmissionId, person: CurrentPerson) -> FileResponse:
        """Send the latest feedback to the submission's owner or to an instructor."""
        found = _visible(store, submission, person)
        archive = store.feedback(submission)
        return archive_response(archive, f"feedback-{found.exercise}")


def _require_own(person: Person, attendee: str | None) -> None:
    """Refuse attendees who ask for what is another's."""
    if person.role is Role.ATTENDEE and attendee not in (None, person.name):
        message = f"You see your own submissions, not those of {attendee}."
        raise HTTPException(403, message)


def _score(score: float | None, max_score: float | None) -> tuple[float, float] | None:
    if score is not None and max_score is not None:
        return score, max_score
    if score is None and max_score is None:
        return None
    message = "score and max_score come together; send both or none of them."
    raise HTTPException(422, message)


def _visible(store: ExchangeStore, submission: str, person: Person) -> Submission:
    """Find a submission; whoever may not see it is told that it does not exist."""
    found = store.submission(submission)
    if person.role is Role.ATTENDEE and found.attendee != person.name:
        raise NotStoredError(no_submission(submission))
    return found
