"""The rules of time, as pure functions: no clock, no disk, no network.

Every deadline in the camp comes from here, computed anew from what was decided and what
has happened. A camp session begins when an attendee's container first runs; stopping,
starting and restarting leave it as it is, and how many there may be is for the rules.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from puppetcamp.sessions.facts import CampSession, Extension, Pause, Record, Rules
from puppetcamp.sessions.reckoning import Reach, Reason, Reckoner, next_day

__all__ = [
    "CampSession",
    "Extension",
    "NoExtension",
    "Pause",
    "Phase",
    "Reason",
    "Record",
    "Refusal",
    "Rules",
    "Standing",
    "extension_refusal",
    "parts",
    "standing",
]

NOTHING = timedelta(0)


class Phase(StrEnum):
    """Name where an attendee is in their time."""

    STAFF = "staff"
    NOT_BEGUN = "not-begun"
    RUNNING = "running"
    EXPIRED = "expired"
    ENDED = "ended"


class Refusal(StrEnum):
    """Name the reason why an attendee may not start working now."""

    NOT_YET_OPEN = "not-yet-open"
    CLOSED = "closed"
    EXPIRED = "expired"
    ENDED = "ended"
    COOLDOWN = "cooldown"
    ALLOWANCE = "allowance"
    DOORS_CLOSED = "doors-closed"


class NoExtension(StrEnum):
    """Name the reason why an attendee is not given more time."""

    NOT_OFFERED = "not-offered"
    NOT_BEGUN = "not-begun"
    OVER = "over"
    ENDING = "ending"
    NONE_LEFT = "none-left"
    NOT_YOURS = "not-yours"
    NO_TIME = "no-time"
    CLOSING = "closing"
    ALLOWANCE = "allowance"
    STAFF = "staff"


@dataclass(frozen=True)
class Standing:
    """Tell how an attendee stands at a moment.

    `deadline` is where their latest session ends or ended; while the class clock is
    paused, where it would end if the class went on now. `remaining` is the time until
    then, zero when it is over; both are None before it began and for staff. `reason`
    is what ends it. `refusal` is why they may not start working now, and `again` from
    when on they may, if that is sure to come. `offered` is how long a session would be
    that began now. `own_left` and `staff_left` count the extensions that the attendee
    and the staff may still give. `session` is the latest session.
    """

    attendee: str
    phase: Phase
    now: datetime
    paused: bool = False
    deadline: datetime | None = None
    remaining: timedelta | None = None
    reason: Reason | None = None
    refusal: Refusal | None = None
    again: datetime | None = None
    offered: timedelta | None = None
    own_left: int = 0
    staff_left: int = 0
    session: CampSession | None = None

    @property
    def started(self) -> datetime | None:
        """Return when the latest session began."""
        return None if self.session is None else self.session.started

    @property
    def ended(self) -> datetime | None:
        """Return when the latest session ended; None while it runs."""
        over = self.phase in {Phase.EXPIRED, Phase.ENDED}
        return self.deadline if over else None

    @property
    def extensions(self) -> int:
        """Count the extensions of the latest session."""
        return 0 if self.session is None else len(self.session.extensions)

    @property
    def may_stay(self) -> bool:
        """Tell whether a container that runs may go on running.

        Somebody whose time has not begun may if it may begin: that is for the caller to
        mend. Outside the opening window no attendee may.
        """
        if self.phase is Phase.NOT_BEGUN:
            return self.may_begin
        return self.phase in {Phase.RUNNING, Phase.STAFF}

    @property
    def may_begin(self) -> bool:
        """Tell whether a new session may begin now, closed doors or not."""
        return self.offered is not None


def standing(rules: Rules, record: Record, now: datetime) -> Standing:
    """Reckon how an attendee stands; `record` holds what happened until `now`."""
    paused = any(pause.ends is None for pause in record.pauses)
    blank = Standing(record.attendee, Phase.STAFF, now, paused)
    if record.attendee in rules.staff:
        return blank
    reckoner = Reckoner(rules, record.pauses, now)
    ours, reach = _latest(rules, record, reckoner)
    if not ours or reach is None:
        return _with_next(
            rules, record, reckoner, replace(blank, phase=Phase.NOT_BEGUN), 0
        )
    latest = ours[-1]
    own, staff = parts(rules, latest)
    found = replace(
        blank,
        phase=_phase(reach.end, reach.reason, now),
        deadline=reach.end,
        remaining=max(NOTHING, reach.end - now),
        reason=reach.reason,
        own_left=max(0, rules.own_extensions - own),
        staff_left=max(0, rules.staff_extensions - staff),
        session=latest,
    )
    if found.phase is Phase.RUNNING:
        return found
    return _with_next(rules, record, reckoner, found, len(ours))


def _latest(
    rules: Rules, record: Record, reckoner: Reckoner
) -> tuple[list[CampSession], Reach | None]:
    """Reckon all sessions in turn; give those of this window and the last one's end."""
    ours: list[CampSession] = []
    reach = None
    for at, session in enumerate(record.sessions):
        following = record.sessions[at + 1 :]
        until = following[0].started if following else None
        if rules.opens is not None and session.started < rules.opens:
            reckoner.reckon(session, until or rules.opens)
            continue
        ours.append(session)
        reach = reckoner.reckon(session, until)
    return ours, reach


def _phase(end: datetime, reason: Reason, now: datetime) -> Phase:
    if now < end:
        return Phase.RUNNING
    return Phase.ENDED if reason is Reason.ENDED else Phase.EXPIRED


def _with_next(
    rules: Rules, record: Record, reckoner: Reckoner, found: Standing, had: int
) -> Standing:
    """Add whether somebody whose session does not run may begin one."""
    now = found.now
    if rules.opens is not None and now < rules.opens:
        return replace(found, refusal=Refusal.NOT_YET_OPEN, again=rules.opens)
    if rules.closes is not None and now >= rules.closes:
        return replace(found, refusal=Refusal.CLOSED)
    if had >= rules.sessions_per_attendee:
        over = Refusal.ENDED if found.phase is Phase.ENDED else Refusal.EXPIRED
        return replace(found, refusal=over)
    if found.deadline is not None and now < found.deadline + rules.cooldown:
        again = found.deadline + rules.cooldown
        return replace(found, refusal=Refusal.COOLDOWN, again=again)
    offered = reckoner.reach(now, rules.length).end - now
    if offered <= NOTHING:
        return replace(found, refusal=Refusal.ALLOWANCE, again=next_day(rules, now))
    doors = None if record.doors_open else Refusal.DOORS_CLOSED
    return replace(found, refusal=doors, offered=offered)


def parts(rules: Rules, session: CampSession) -> tuple[int, int]:
    """Count the extensions of a session in steps: the attendee's own, the staff's."""
    own = staff = 0
    for extension in session.extensions:
        steps = -(-extension.length // rules.extension_step)
        if extension.by == session.attendee:
            own += steps
        else:
            staff += steps
    return own, staff


def extension_refusal(
    rules: Rules, record: Record, extension: Extension
) -> NoExtension | None:
    """Say why an extension may not be given at its moment; None if it may.

    The staff's may open a session again that is over, the attendee's own may not. One
    that would not move the deadline is refused: it would be wasted.
    """
    before = standing(rules, record, extension.at)
    own = extension.by == record.attendee
    if before.phase is Phase.STAFF:
        return NoExtension.STAFF
    if own and rules.own_extensions == 0:
        return NoExtension.NOT_OFFERED
    if not own and extension.by not in rules.extenders:
        return NoExtension.NOT_YOURS
    if extension.length <= NOTHING:
        return NoExtension.NO_TIME
    if before.session is None:
        return NoExtension.NOT_BEGUN
    if own and before.phase is not Phase.RUNNING:
        return NoExtension.OVER
    if before.phase is Phase.RUNNING and before.reason is Reason.ENDED:
        return NoExtension.ENDING
    left = before.own_left if own else before.staff_left
    if -(-extension.length // rules.extension_step) > left:
        return NoExtension.NONE_LEFT
    return _gained(rules, record, before, extension)


def _gained(
    rules: Rules, record: Record, before: Standing, extension: Extension
) -> NoExtension | None:
    """Say what keeps an extension from giving any time; None if nothing does."""
    *earlier, latest = record.sessions
    longer = replace(latest, extensions=(*latest.extensions, extension))
    after = standing(rules, replace(record, sessions=(*earlier, longer)), extension.at)
    if after.phase is Phase.RUNNING and (after.remaining or NOTHING) > (
        before.remaining or NOTHING
    ):
        return None
    closed = rules.closes is not None and rules.closes <= (
        after.deadline or extension.at
    )
    return NoExtension.CLOSING if closed else NoExtension.ALLOWANCE
