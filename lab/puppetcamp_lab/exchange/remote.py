"""The camp's exchange as Python calls: one method for each request."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puppetcamp_lab.client import CampClient, ServiceError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Exercise:
    """Describe a released exercise; notebooks are named without .ipynb."""

    exercise: str
    notebooks: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """Confirm a submission: under which name and when, by the camp's clock."""

    submission: str
    attendee: str
    submitted_at: datetime


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
            Exercise(entry["exercise"], tuple(entry["notebooks"])) for entry in found
        ]

    def fetch(self, exercise: str) -> bytes:
        """Get the archive of a released exercise."""
        return self._client.call("GET", self._exercise(exercise)).content

    def release(self, exercise: str, packed: bytes) -> int:
        """Release an exercise; gives the version that it became."""
        answer = self._client.call("PUT", self._exercise(exercise), data=packed).json()
        version: int = answer["version"]
        return version

    def withdraw(self, exercise: str) -> None:
        """Stop listing an exercise."""
        self._client.call("DELETE", self._exercise(exercise))

    def submit(self, exercise: str, packed: bytes) -> Receipt:
        """Submit an exercise; raises ServiceError unless all of it has arrived."""
        path = f"{self._exercise(exercise)}/submissions"
        answer = self._client.call("POST", path, data=packed).json()
        if answer["sha256"] != hashlib.sha256(packed).hexdigest():
            message = "What the camp stored is not what was sent. Submit again."
            raise ServiceError(message)
        return Receipt(
            answer["submission"],
            answer["attendee"],
            datetime.fromisoformat(answer["submitted_at"]),
        )

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

    def give_feedback(self, submission: str, packed: bytes) -> None:
        """Give feedback on a submission, in place of any earlier one."""
        self._client.call("PUT", f"{_one(submission)}/feedback", data=packed)

    def fetch_feedback(self, submission: str) -> bytes:
        """Get the archive of the latest feedback on a submission."""
        return self._client.call("GET", f"{_one(submission)}/feedback").content

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
