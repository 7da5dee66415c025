"""How much time is left, over HTTP: what the countdown in the browser asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from puppetcamp.identity import REFUSALS, CurrentPerson
from puppetcamp.problems import documented
from puppetcamp.sessions import wording
from puppetcamp.sessions.policy import NoExtension, Phase, Standing
from puppetcamp.sessions.schemas import (
    DeskMessage,
    Idle,
    MoreTime,
    MySession,
    TakeHome,
)
from puppetcamp.sessions.timekeeper import ExtensionRefused, Timekeeper

WARN_AT_SECONDS = (600, 300, 60)
"""At how much remaining time people are warned."""

Quiet = Annotated[
    float | None,
    Query(
        ge=0,
        le=10**9,
        allow_inf_nan=False,
        description="For how many seconds nothing was done in the seat.",
    ),
]

_REFUSED = "The rules of the camp do not give more time now; the answer says why."


def _nothing(name: str, now: datetime) -> Any:
    return None


def _unheard(name: str, now: datetime, seconds: float) -> None:
    return None


@dataclass(frozen=True)
class Beside:
    """Say what else people are told with their time; each is asked with name and now.

    `notices` gives messages of the staff, `take_home` the state of the bundle, `idle`
    the moment when an unused server is stopped, each in the shape of its schema.
    `present` is told that somebody is still there, and `quiet` for how many seconds
    they did nothing, by the count of their seat. `progress` says whether the staff
    see people's progress.
    """

    notices: Callable[[str, datetime], Sequence[object] | None] = _nothing
    take_home: Callable[[str, datetime], Mapping[str, Any] | None] = _nothing
    idle: Callable[[str, datetime], datetime | None] = _nothing
    present: Callable[[str, datetime], None] = _nothing
    quiet: Callable[[str, datetime, float], None] = _unheard
    progress: bool = False


_ALONE = Beside()


def router(timekeeper: Timekeeper, beside: Beside = _ALONE) -> APIRouter:
    """Build the routes of camp sessions."""
    routes = APIRouter(prefix="/api/sessions", tags=["sessions"])
    refusals = documented(REFUSALS)

    @routes.get("/mine", responses=refusals)
    def mine(person: CurrentPerson, idle_seconds: Quiet = None) -> MySession:
        """Return the camp session of whoever's token it is."""
        if idle_seconds is not None:
            beside.quiet(person.name, timekeeper.now(), idle_seconds)
        return _told(timekeeper, beside, timekeeper.standing(person.name))

    @routes.post("/mine/extension", responses=documented({**REFUSALS, 409: _REFUSED}))
    def extend(person: CurrentPerson) -> MySession:
        """Give more time to whoever's token it is, if the rules allow."""
        try:
            found = timekeeper.extend(person.name, by=person.name)
        except ExtensionRefused as refused:
            raise HTTPException(409, str(refused)) from refused
        return _told(timekeeper, beside, found)

    @routes.post("/mine/presence", responses=refusals)
    def present(person: CurrentPerson) -> MySession:
        """Note that whoever's token it is still uses their server."""
        beside.present(person.name, timekeeper.now())
        return _told(timekeeper, beside, timekeeper.standing(person.name))

    return routes


def _told(timekeeper: Timekeeper, beside: Beside, found: Standing) -> MySession:
    name, now = found.attendee, found.now
    left = found.remaining
    bundle = beside.take_home(name, now)
    return MySession(
        attendee=name,
        phase=found.phase,
        started=found.started,
        deadline=found.deadline,
        remaining_seconds=None if left is None else left.total_seconds(),
        paused=found.paused,
        now=now,
        warn_at_seconds=list(WARN_AT_SECONDS),
        extension=_more(timekeeper, found),
        idle=Idle(ends_at=beside.idle(name, now)),
        notices=[
            DeskMessage.model_validate(one, from_attributes=True)
            for one in beside.notices(name, now) or ()
        ],
        take_home=None if bundle is None else TakeHome(**bundle),
        progress=beside.progress,
    )


def _more(timekeeper: Timekeeper, found: Standing) -> MoreTime:
    """Say whether somebody may take more time; the reason is asked for if they may."""
    rules = timekeeper.rules
    seconds = rules.extension_step.total_seconds()
    reason: NoExtension | None = NoExtension.NOT_OFFERED
    if found.phase is Phase.STAFF:
        reason = NoExtension.STAFF
    elif rules.own_extensions:
        reason = timekeeper.extension_reason(found.attendee, found.attendee)
    if reason is None:
        return MoreTime(allowed=True, seconds=seconds, left=found.own_left)
    sentence = wording.no_extension(rules, reason, found.attendee, found.attendee)
    return MoreTime(seconds=seconds, left=found.own_left, reason=sentence)
