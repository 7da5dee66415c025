"""What a page is told of its owner's time, made from the camp's last answer.

Pure: `now` is an argument, in seconds of a clock that nobody can set.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]

OUTSIDE: Json = {"state": "outside", "problem": ""}
"""What a page is told where no camp has started this JupyterLab."""

_TOLD = ("attendee", "phase", "started", "deadline", "extension", "take_home")
_SILENCE_SECONDS = 20.0
"""So long may the camp be silent before anybody is told."""


@dataclass(frozen=True)
class Answer:
    """Hold what the camp said, and when: `at` is on the clock that `now` is on."""

    said: Json
    at: float

    @property
    def paused(self) -> bool:
        """Tell whether the camp has stopped its clock."""
        return self.said.get("paused") is True

    @property
    def progress(self) -> bool:
        """Tell whether the camp wants to hear how far its attendees are."""
        return self.said.get("progress") is True

    def remaining(self, now: float) -> float | None:
        """Compute the seconds that are left; None for who has no deadline."""
        said = _number(self.said.get("remaining_seconds"))
        if said is None:
            return None
        return max(0.0, said if self.paused else said - (now - self.at))


def view(answer: Answer | None, problem: str, now: float) -> Json:
    """Say how things stand `now`; `problem` is why the camp does not answer.

    A problem is not told before it has lasted: a service may be started anew.
    """
    if answer is None:
        return {"state": "unknown", "problem": problem}
    silent = bool(problem) and now - answer.at > _SILENCE_SECONDS
    said = answer.said
    return {
        "state": "known",
        "problem": problem if silent else "",
        "remaining_seconds": answer.remaining(now),
        "paused": answer.paused,
        "progress": answer.progress,
        "warn_at_seconds": _numbers(said.get("warn_at_seconds")),
        "notices": _notices(said.get("notices")),
        "idle_seconds": _idle(answer, now),
        **{key: said.get(key) for key in _TOLD},
    }


def _idle(answer: Answer, now: float) -> float | None:
    """Compute in how many seconds an unused server stops; None if it is in use."""
    idle = answer.said.get("idle")
    ends_at = _moment(idle.get("ends_at")) if isinstance(idle, dict) else None
    camp_now = _moment(answer.said.get("now"))
    if ends_at is None or camp_now is None:
        return None
    return max(0.0, (ends_at - camp_now).total_seconds() - (now - answer.at))


def _notices(value: object) -> list[Json]:
    """Keep what is a message: a text with an id."""
    if not isinstance(value, list):
        return []
    return [
        {
            "id": str(notice["id"]),
            "text": str(notice["text"]),
            "sender": str(notice.get("sender") or ""),
            "at": str(notice.get("at") or ""),
            "link": str(notice.get("link") or ""),
        }
        for notice in value
        if isinstance(notice, dict) and {"id", "text"} <= notice.keys()
    ]


def _numbers(value: object) -> list[float]:
    found = map(_number, value) if isinstance(value, list) else ()
    return [number for number in found if number is not None]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
