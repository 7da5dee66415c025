"""What the camp's service says about a bundle that it wants. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """Hold one submission: when it was handed in, in words, and what it scored."""

    submitted: str
    late: bool
    score: float | None
    max_score: float | None

    @property
    def points(self) -> str:
        """Say the score; nothing before there is one."""
        if self.score is None or self.max_score is None:
            return ""
        return f"{round(self.score, 2):g} of {round(self.max_score, 2):g}"


@dataclass(frozen=True)
class Exercise:
    """Hold how the attendee stands with one exercise."""

    exercise: str
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Task:
    """Say whose bundle it is, and what of it does not lie in the home.

    A plain bundle has no pages and no manifests made of notebooks: it is what is made
    when a notebook made them impossible.
    """

    camp: str
    attendee: str
    made: str
    exercises: tuple[Exercise, ...] = ()
    plain: bool = False


def read_task(content: bytes) -> Task:
    """Read what the service wrote; raises ValueError, KeyError or TypeError if not."""
    told: Mapping[str, Any] = json.loads(content)
    return Task(
        camp=str(told["camp"]),
        attendee=str(told["attendee"]),
        made=str(told["made"]),
        exercises=tuple(
            Exercise(
                str(one["exercise"]),
                tuple(Version(**version) for version in one["versions"]),
            )
            for one in told["exercises"]
        ),
        plain=bool(told["plain"]),
    )
