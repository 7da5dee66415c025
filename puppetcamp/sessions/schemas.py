"""What is said about time over HTTP."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from puppetcamp.sessions.policy import Phase


class MoreTime(BaseModel):
    """Tell whether people may take more time themselves, now."""

    allowed: bool = False
    seconds: float = Field(description="How much one extension gives.")
    left: int = Field(default=0, description="How many of their own are left.")
    reason: str | None = Field(default=None, description="Why not, in a sentence.")


class Idle(BaseModel):
    """Tell when an unused server is stopped."""

    ends_at: datetime | None = Field(
        default=None, description="When, if it is so soon that it must be said."
    )


class DeskMessage(BaseModel):
    """Hold what the staff tell an attendee."""

    id: int
    text: str
    sender: str
    at: datetime
    link: str | None = None


class TakeHome(BaseModel):
    """Tell how far the bundle of an attendee's work is."""

    state: Literal["none", "making", "ready", "failed"] = "none"
    url: str | None = None
    until: datetime | None = None


class MySession(BaseModel):
    """Tell people about their own time: None for staff and before it began."""

    attendee: str
    phase: Phase
    started: datetime | None = Field(default=None, description="When their time began.")
    deadline: datetime | None = Field(
        default=None,
        description="When it ends; while paused, when it would if the class went on.",
    )
    remaining_seconds: float | None = Field(
        default=None, description="How much is left at `now`; never negative."
    )
    paused: bool = Field(description="Whether the class clock stands still.")
    now: datetime = Field(description="The camp's clock: compare with it alone.")
    warn_at_seconds: list[int] = Field(
        description="At how much remaining time people are warned."
    )
    extension: MoreTime
    idle: Idle
    notices: list[DeskMessage]
    take_home: TakeHome | None = Field(
        default=None, description="None where the camp makes no bundles."
    )
    progress: bool = Field(description="Whether the staff see people's progress.")
