"""What the waiting page says: the place in line, and how long it will take."""

from datetime import timedelta
from typing import Any

from puppetcamp.quantities import in_words
from puppetcamp.seating.estimate import Look
from puppetcamp.seating.line import Stage

_SHARE = {Stage.SEAT: 5, Stage.CALLED: 20, Stage.START: 20, Stage.STARTING: 35}
"""How far the bar has come when a stage begins, in percent."""

BEING_STARTED = Look(Stage.STARTING, 0, 0, None)
"""Where somebody stands who waits for nobody."""


def message(look: Look) -> str:
    """Say in plain words where somebody stands and how long it will take."""
    if look.stage is Stage.SEAT:
        return f"{_seat_line(look)} {_seat_time(look.seconds)}"
    if look.stage is Stage.STARTING:
        return "It is your turn. Putting up your own Debian machine …"
    if look.place <= 1:
        return f"You are next. {_start_time(look.seconds)}".rstrip()
    return f"You are number {look.place} in line. {_start_time(look.seconds)}".rstrip()


def event(look: Look) -> dict[str, Any]:
    """Make an event of the hub's progress stream; `line` is for our page alone."""
    share = _SHARE[look.stage]
    return {
        "progress": share,
        "message": message(look),
        "line": {
            "stage": str(look.stage),
            "place": look.place,
            "waiting": look.waiting,
            "seconds": None if look.seconds is None else rounded(look.seconds),
        },
    }


def rounded(seconds: float) -> int:
    """Round up to what an estimate can honestly say: 5 s, then 10 s, then minutes."""
    step = 5 if seconds <= 30 else 10 if seconds <= 120 else 60
    return max(step, -int(-seconds // step) * step)


def _seat_line(look: Look) -> str:
    if look.place <= 1:
        return "All seats are taken; the next one that is free is yours."
    return f"All seats are taken; you are number {look.place} on the waiting list."


def _seat_time(seconds: float | None) -> str:
    if seconds is None:
        return "A seat is free as soon as somebody stops working."
    return (
        f"A seat is free in {_about(seconds)} at the latest, unless somebody is given "
        "more time, and sooner if somebody stops working."
    )


def _start_time(seconds: float | None) -> str:
    return "" if seconds is None else f"It takes about {_about(seconds)}."


def _about(seconds: float) -> str:
    return in_words(timedelta(seconds=rounded(seconds)))
