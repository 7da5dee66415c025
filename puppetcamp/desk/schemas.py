"""What the desk says over HTTP: one snapshot of the camp, and what may be done.

Moments are UTC by the camp's clock; compare them with `camp.now` and with nothing else.
Figures that nobody could measure are null, never zero.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool


class SeatState(StrEnum):
    """Name what an attendee's seat is doing.

    queued: in line, or on the waiting list for a free seat. warming: a warm seat is
    being made theirs. starting: the server starts. in-use and idle: it runs. stopping:
    it is being stopped. expired: their time is up. ended: the desk ended it. away: they
    have time left and no server.
    """

    QUEUED = "queued"
    WARMING = "warming"
    STARTING = "starting"
    IN_USE = "in-use"
    IDLE = "idle"
    STOPPING = "stopping"
    EXPIRED = "expired"
    ENDED = "ended"
    AWAY = "away"


class CampNow(BaseModel):
    """Describe the camp as a whole."""

    name: str
    now: datetime = Field(description="The camp's clock when the snapshot was made.")
    doors_open: bool = Field(description="Whether attendees may begin.")
    paused: bool = Field(description="Whether the class clock stands still.")
    paused_since: datetime | None = None
    closes: datetime | None = Field(description="When everybody is stopped.")
    zone: str = Field(description="The IANA time zone of the camp's wall clock.")
    progress_on: bool = Field(description="Whether kernels report progress.")
    seats: int = Field(description="How many attendees may work at the same time.")
    extension_step_seconds: float = Field(description="One extension, by camp.toml.")
    hub_url: str = Field(description="The path of the hub's own pages.")


class LessonNow(BaseModel):
    """Count what an attendee ran in a notebook."""

    notebook: str
    cells_run: int = Field(ge=0, description="Different cells that were run.")
    cells_failed: int = Field(ge=0, description="Of these, how many failed last.")


class ExerciseNow(BaseModel):
    """Tell how an attendee stands with an exercise."""

    name: str
    state: Literal["open", "worked-on", "submitted", "graded"]
    score: float | None = None
    max_score: float | None = None
    checks_passed: int = Field(ge=0)
    checks: int = Field(ge=0, description="0 while the kernel has reported none.")


class Stuck(BaseModel):
    """Say since when and why an attendee seems to need help."""

    since: datetime
    why: str = Field(description="A sentence; holds names from the attendee's seat.")


class HelpNow(BaseModel):
    """Tell whether staff may open an attendee's server, and who asked to."""

    by: str = Field(description="The member of staff.")
    state: Literal["asked", "agreed"]
    ends: datetime = Field(description="When the question or the agreement lapses.")
    url: str | None = Field(description="Where to open the server once agreed.")


class SeatNow(BaseModel):
    """Describe one attendee and their seat."""

    attendee: str
    state: SeatState
    place: int | None = Field(default=None, ge=1, description="Their place in line.")
    estimate_seconds: float | None = Field(
        default=None, ge=0, description="How long they will still wait in line."
    )
    started: datetime | None = Field(default=None, description="When time began.")
    deadline: datetime | None = Field(
        default=None, description="When time ends; later while the clock is paused."
    )
    remaining_seconds: float | None = Field(
        default=None, ge=0, description="What is left at `camp.now`."
    )
    extensions: int = Field(default=0, ge=0, description="How many they were given.")
    extension_seconds: float = Field(default=0, description="Of these, all together.")
    last_activity: datetime | None = None
    lessons: list[LessonNow] = []
    exercises: list[ExerciseNow] = []
    stuck: Stuck | None = None
    help: list[HelpNow] = []
    memory_bytes: int | None = Field(default=None, ge=0)
    cpu: float | None = Field(
        default=None, ge=0, description="Cores that the seat keeps busy."
    )


class WarmNow(BaseModel):
    """Count the seats that wait for nobody in particular, or for a roster's names."""

    ready: int = Field(default=0, ge=0)
    making: int = Field(default=0, ge=0)
    target: int = Field(default=0, ge=0)


class LineNow(BaseModel):
    """Describe the line before the doors."""

    waiting: int = Field(default=0, ge=0)
    estimate: float | None = Field(
        default=None, ge=0, description="Seconds until the last one in line is in."
    )


class CapacityNow(BaseModel):
    """Describe the machine; null where it does not say."""

    cores: int = Field(ge=1)
    load: float | None = Field(description="The load average of one minute.")
    memory_total: int | None = Field(description="Bytes.")
    memory_used: int | None = Field(description="Bytes that cannot be had back.")
    disk_free: int | None = Field(description="Bytes, where the camp keeps its state.")
    seats: int = Field(description="How many seats camp.toml gives.")
    seats_that_fit: int | None = Field(
        description="How many seats the memory carries, those that run included."
    )


class ProblemNow(BaseModel):
    """Report something that went wrong, newest first."""

    at: datetime
    where: str = Field(description="Which part of the camp says so.")
    text: str
    times: int = Field(default=1, ge=1, description="How often it was said.")


class AuditEntry(BaseModel):
    """Remember one thing that was done, newest first."""

    id: int
    at: datetime
    by: str
    action: str
    attendees: list[str] = Field(description="Whom it concerned; empty: the camp.")
    everybody: bool = Field(description="Whether it was done to all at once.")
    text: str = Field(description="What exactly, in words.")
    done: bool = Field(description="False if it was refused for at least one.")


class Action(StrEnum):
    """Name what can be done at the desk: the last part of the action's path."""

    EXTEND = "extend"
    END = "end"
    MESSAGE = "message"
    PAUSE = "pause"
    RESUME = "resume"
    OPEN_DOORS = "open-doors"
    CLOSE_DOORS = "close-doors"
    WARM = "warm"
    RESTART = "restart"
    ASK = "ask"


class You(BaseModel):
    """Tell staff who they are to the desk and what they may do."""

    name: str
    role: Literal["organizer", "instructor"]
    may: list[Action] = Field(description="What their scopes allow them to do.")


class Snapshot(BaseModel):
    """Hold everything that the desk shows."""

    you: You | None = Field(default=None, description="Whoever asked.")
    camp: CampNow
    seats: list[SeatNow] = Field(description="By attendee's name.")
    warm: WarmNow
    line: LineNow
    capacity: CapacityNow
    problems: list[ProblemNow]
    audit: list[AuditEntry] = Field(description="The last 50.")


def _number(value: object) -> object:
    """Take numbers as JSON has them: 5 and 5.0, but neither true nor "5"."""
    if isinstance(value, bool | str):
        message = "a number is wanted"
        raise ValueError(message)
    return value


Name = Annotated[str, Field(min_length=1, max_length=64)]
Names = Annotated[list[Name], Field(min_length=1, max_length=1000)]
Whom = Names | Literal["all"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Attendees(_Request):
    """Name the attendees that something is done to."""

    attendees: Whom = Field(description='Names, or "all".')


class Extend(Attendees):
    """Give more time."""

    seconds: Annotated[float | None, BeforeValidator(_number)] = Field(
        default=None,
        gt=0,
        le=86400,
        allow_inf_nan=False,
        description="How much; without it, one step by camp.toml.",
    )


class Message(Attendees):
    """Send a message to attendees' screens."""

    text: str = Field(min_length=1, max_length=500)


class Ask(_Request):
    """Ask attendees whether one may open their server."""

    attendees: Names = Field(description="Names: nobody asks all at once.")


class Warm(_Request):
    """Say how many seats to keep warm."""

    walk_ins: Annotated[int, BeforeValidator(_number)] = Field(
        ge=0, le=1000, description="Seats for whoever comes."
    )
    roster: StrictBool = Field(
        default=False, description="Whether also for the names of camp.toml's roster."
    )


class Outcome(BaseModel):
    """Tell what came of an action for one attendee."""

    attendee: str
    done: bool
    text: str = Field(description="A sentence.")
    deadline: datetime | None = Field(default=None, description="Their new deadline.")


class Outcomes(BaseModel):
    """Tell what came of an action."""

    action: Action
    text: str = Field(description="A sentence about the whole.")
    outcomes: list[Outcome] = Field(
        description="One for each attendee, by name; [] where it is the camp's."
    )
