"""A batch of gradings at the camp's service: send it, follow it, take it back."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from puppetcamp_lab.client import CampClient, ServiceError

_CHUNK_BYTES = 8 * 2**20
_FIRST, _NEXT = 4, 25
"""Submissions in a request: few at first, so that sandboxes start at once."""

_ONE_BY_ONE = frozenset({413, 422})


@dataclass(frozen=True)
class Progress:
    """Say how far a batch is; `seconds_left` is None while nobody can know."""

    total: int
    done: int
    failed: int
    running: tuple[str, ...]
    seconds_left: float | None

    @property
    def finished(self) -> bool:
        """Tell whether the service has nothing more to do for this batch."""
        return self.done + self.failed >= self.total

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        said = f"{self.done} of {self.total} submissions have run"
        if self.failed:
            said += f", {self.failed} could not"
        if self.running:
            said += f"; running: {', '.join(self.running)}"
        return said + left(self.seconds_left, self.finished)


def left(seconds: float | None, finished: bool) -> str:
    """Say how long it takes yet, no more exactly than anybody can know."""
    if finished:
        return ""
    if seconds is None:
        return "; the first one will tell how long it takes"
    if seconds < 90:
        return f"; about {max(5 * round(seconds / 5), 5)} s left"
    return f"; about {round(seconds / 60)} min left"


class Batch:
    """Collect submissions and send them in requests of a bounded size."""

    def __init__(self, client: CampClient, *, again: bool) -> None:
        self.id = uuid.uuid4().hex
        self.again = again
        self.sent = 0
        self._client = client
        self._waiting: list[dict[str, Any]] = []
        self._size = 0

    def add(self, submission: dict[str, Any]) -> None:
        """Add a submission; raises ServiceError if the service does not take it."""
        size = len(json.dumps(submission))
        if self._waiting and self._size + size > _CHUNK_BYTES:
            self.send()
        self._waiting.append(submission)
        self._size += size
        if len(self._waiting) >= (_NEXT if self.sent else _FIRST):
            self.send()

    def send(self) -> None:
        """Send what was added and not sent yet."""
        if not self._waiting:
            return
        request = {
            "batch": self.id,
            "again": self.again,
            "submissions": self._waiting,
        }
        sent, self._waiting, self._size = self._waiting, [], 0
        try:
            self._client.call("POST", "/api/grading/jobs", json=request)
        except ServiceError as error:
            if error.status not in _ONE_BY_ONE:
                raise
            # One of them spoils the request. Asked for alone, each gets its answer.
            return
        self.sent += len(sent)

    def progress(self) -> Progress:
        """Ask how far the batch is; raises ServiceError."""
        answer = self._client.call(
            "GET", "/api/grading/progress", params={"batch": self.id}
        ).json()
        return Progress(
            total=int(answer["total"]),
            done=int(answer["done"]),
            failed=int(answer["failed"]),
            running=tuple(str(name) for name in answer["running"]),
            seconds_left=answer["seconds_left"],
        )

    def cancel(self) -> None:
        """Take back what has not begun; raises ServiceError."""
        self._waiting = []
        self._client.call("DELETE", "/api/grading/jobs", params={"batch": self.id})


def failures(client: CampClient, exercise: str) -> Iterator[tuple[str, str]]:
    """Give attendees whose latest grading has no result, with the reason.

    Raises ServiceError.
    """
    jobs = client.call("GET", "/api/grading/jobs", params={"exercise": exercise}).json()
    seen = set()
    for job in jobs:
        if job["attendee"] not in seen:
            seen.add(job["attendee"])
            if job["state"] == "failed":
                yield str(job["attendee"]), str(job["reason"])
