"""The camp's exchange as Python calls: one method for each request."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puppetcamp_lab.client import CampClient, NoAnswerError, ServiceError

_RESTART_SECONDS = 15.0
"""How long a service that has died may take until it is there again."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Exercise:
    """Describe a released exercise; notebooks are named without .ipynb."""

    exercise: str
    notebooks: tuple[str, ...]
    due_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """Confirm a submission: under which name and when, by the camp's clock.

    `version` counts the submissions of the exercise; `notes` are sentences for the
    attendee: that it is late, that nothing has changed, that a notebook is missing.
    """

    submission: str
    attendee: str
    submitted_at: datetime
    version: int
    late_seconds: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """Describe a submission; `feedback` maps notebooks to SHA-256 of their pages."""

    submission: str
    exercise: str
    attendee: str
    submitted_at: datetime
    notebooks: tuple[str, ...]
    feedback: Mapping[str, str]


class RemoteExchange:
    """Call the exchange of one course; every method may raise ServiceError."""

    def __init__(self, client: CampClient, course: str) -> None:
        self._client = client
        self._course = f"/api/exchange/courses/{_checked('course', course)}"

    def exercises(self) -> list[Exercise]:
        """List the released exercises."""
        found = self._client.call("GET", f"{self._course}/exercises").json()
        return [
            Exercise(
                entry["exercise"], tuple(entry["notebooks"]), _moment(entry["due_at"])
            )
            for entry in found
        ]

    def fetch(self, exercise: str) -> bytes:
        """Get the archive of a released exercise."""
        return self._client.call("GET", self._exercise(exercise)).content

    def release(
        self, exercise: str, packed: bytes, due_at: datetime | None = None
    ) -> int:
        """Release an exercise; gives the version that it became.

        `due_at` is timezone-aware; None releases it without a due date.
        """
        params = {} if due_at is None else {"due_at": due_at.isoformat()}
        path = self._exercise(exercise)
        answer = self._client.call("PUT", path, params=params, data=packed).json()
        version: int = answer["version"]
        return version

    def withdraw(self, exercise: str) -> None:
        """Stop listing an exercise."""
        self._client.call("DELETE", self._exercise(exercise))

    def submit(self, exercise: str, packed: bytes) -> Receipt:
        """Submit an exercise; raises ServiceError unless all of it has arrived.

        Where the answer got lost, the error says what became of the submission.
        """
        path = f"{self._exercise(exercise)}/submissions"
        try:
            answer = self._client.call("POST", path, data=packed).json()
        except NoAnswerError as error:
            raise NoAnswerError(self._fate(exercise, packed, error)) from error
        if answer["sha256"] != hashlib.sha256(packed).hexdigest():
            message = "What the camp stored is not what was sent. Submit again."
            raise ServiceError(message)
        return Receipt(
            answer["submission"],
            answer["attendee"],
            datetime.fromisoformat(answer["submitted_at"]),
            answer["version"],
            answer["late_seconds"],
            tuple(answer["notes"]),
        )

    def standing(self, attendee: str = "") -> list[dict[str, Any]]:
        """Say how one stands with each exercise: versions, due dates, scores.

        Gives what the service's OpenAPI document calls StandingOut; instructors may
        name an attendee.
        """
        params = {"attendee": attendee} if attendee else {}
        path = f"{self._course}/standing"
        found: list[dict[str, Any]] = self._client.call(
            "GET", path, params=params
        ).json()
        return found

    def submissions(self, exercise: str = "", attendee: str = "") -> list[Submission]:
        """List submissions, oldest first; empty names mean any that one may see."""
        asked = {"exercise": exercise, "attendee": attendee}
        params = {key: value for key, value in asked.items() if value}
        path = f"{self._course}/submissions"
        return [
            _submission(entry)
            for entry in self._client.call("GET", path, params=params).json()
        ]

    def fetch_submission(self, submission: str) -> bytes:
        """Get the archive of a submission."""
        return self._client.call("GET", _one(submission)).content

    def give_feedback(
        self, submission: str, packed: bytes, score: tuple[float, float] | None = None
    ) -> None:
        """Give feedback on a submission, in place of any earlier one.

        `score` is the score and the highest possible one.
        """
        params = {}
        if score is not None:
            params = {"score": str(score[0]), "max_score": str(score[1])}
        path = f"{_one(submission)}/feedback"
        self._client.call("PUT", path, params=params, data=packed)

    def fetch_feedback(self, submission: str) -> bytes:
        """Get the archive of the latest feedback on a submission."""
        return self._client.call("GET", f"{_one(submission)}/feedback").content

    def _fate(self, exercise: str, packed: bytes, error: NoAnswerError) -> str:
        """Say what became of a submission whose answer did not come."""
        if not error.sent:
            return f"Nothing was submitted. {error}"
        again = f"Submit {exercise} again: a second version does no harm."
        try:
            mine = self._standing_again()
        except ServiceError:
            return f"Nobody can say yet whether this was submitted. {error} {again}"
        versions = {one["exercise"]: one["versions"] for one in mine}.get(exercise)
        last = versions[-1] if versions else None
        if last and last["sha256"] == hashlib.sha256(packed).hexdigest():
            return (
                "The camp's answer got lost, but your files have arrived: they are "
                f"version {last['version']} of your submissions."
            )
        return f"The connection broke off, and nothing was submitted. {again}"

    def _standing_again(self) -> list[dict[str, Any]]:
        """Ask for one's standing; wait for a service that is being restarted."""
        until = time.monotonic() + _RESTART_SECONDS
        while True:
            try:
                return self.standing()
            except NoAnswerError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.5)

    def _exercise(self, exercise: str) -> str:
        return f"{self._course}/exercises/{_checked('exercise', exercise)}"


def _submission(entry: dict[str, Any]) -> Submission:
    return Submission(
        entry["submission"],
        entry["exercise"],
        entry["attendee"],
        datetime.fromisoformat(entry["submitted_at"]),
        tuple(entry["notebooks"]),
        dict(entry["feedback"]),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _one(submission: str) -> str:
    return f"/api/exchange/submissions/{_checked('submission', submission)}"


def _checked(what: str, name: str) -> str:
    """Refuse names that would change the meaning of an address."""
    if _NAME.fullmatch(name):
        return name
    message = (
        f"{name!r} cannot be the name of a {what}: use up to 64 letters, digits, "
        "dots, dashes and underscores, a letter or digit first."
    )
    raise ServiceError(message)
