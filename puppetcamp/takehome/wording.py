"""What an attendee is told about their bundle: how it stands and what to do. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from puppetcamp.quantities import in_words
from puppetcamp.takehome.decisions import State

_KEPT = "Your files are kept in the camp as they are."


@dataclass(frozen=True)
class Facts:
    """Hold what is told: moments are timezone-aware, sizes in bytes.

    `made` and `until` are those of the bundle that can be downloaded, if there is one.
    """

    state: State | None
    why: str = ""
    made: datetime | None = None
    until: datetime | None = None
    size: int = 0
    before: int = 0
    seconds: float | None = None


def status(facts: Facts, now: datetime, zone: tzinfo) -> str:
    """Say how it stands, in a sentence or two."""
    match facts.state:
        case State.QUEUED:
            return f"Your bundle is waiting for its turn. {_turn(facts)}"
        case State.MAKING:
            return "Your bundle is being made; it takes a few seconds."
        case State.READY if facts.made and facts.until:
            return f"Your bundle is ready. {ready(facts, now, zone)}"
        case State.FAILED:
            return f"There is no new bundle: {facts.why} {_KEPT}"
    return "There is no bundle of your work at the moment."


def ready(facts: Facts, now: datetime, zone: tzinfo) -> str:
    """Describe the bundle that can be downloaded; empty if there is none."""
    if facts.made is None or facts.until is None:
        return ""
    return (
        f"It was made {moment(facts.made, now, zone)} and holds {size(facts.size)}. "
        f"You can download it until {moment(facts.until, now, zone, until=True)}."
    )


def size(count: int) -> str:
    """Say a number of bytes as a person would."""
    if count < 100_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def moment(when: datetime, now: datetime, zone: tzinfo, *, until: bool = False) -> str:
    """Say a moment in the camp's time zone."""
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local:%H:%M} ({getattr(zone, 'key', zone)})"
    if local.date() == today:
        return f"today at {clock}" if not until else f"today, {clock}"
    day = f"{local:%A} {local.day} {local:%B}"
    return f"{day}, {clock}" if until else f"on {day} at {clock}"


def _turn(facts: Facts) -> str:
    others = "1 other comes" if facts.before == 1 else f"{facts.before} others come"
    first = f"{others} before it" if facts.before else "It is the next one"
    if facts.seconds is None:
        return f"{first}."
    return f"{first}; that takes about {in_words(_coarse(facts.seconds))}."


def _coarse(seconds: float) -> timedelta:
    """Round up to what an estimate is worth: ten seconds, or whole minutes."""
    unit = 10 if seconds < 90 else 60
    return timedelta(seconds=-(-seconds // unit) * unit)
