"""What an attendee is told about time: why, until when, what is kept, what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from puppetcamp.quantities import as_clock, in_words
from puppetcamp.sessions.facts import Rules
from puppetcamp.sessions.policy import NoExtension, Phase, Reason, Refusal, Standing

_KEPT = "Nothing is lost: your files and your submissions are kept."
_MORE = "If you need more time, ask your instructor."


@dataclass(frozen=True)
class Notice:
    """Hold a heading and the sentences below it, in plain text.

    `refusal` is the reason why the person may not start working now, or None if they
    may. `remaining_seconds` is what is left of a session that runs; it stands still
    while `paused`.
    """

    title: str
    sentences: tuple[str, ...]
    refusal: Refusal | None = None
    remaining_seconds: float | None = None
    paused: bool = False

    @property
    def text(self) -> str:
        """Return everything in one line."""
        return " ".join((f"{self.title}.", *self.sentences))

    @property
    def figure(self) -> str | None:
        """Return what is left as every countdown of the camp shows it."""
        left = self.remaining_seconds
        return None if left is None else as_clock(timedelta(seconds=left))

    @property
    def html(self) -> str:
        """Return the sentences as paragraphs; the title is left to the page."""
        return "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)


def refused(rules: Rules, found: Standing) -> Notice:
    """Say why an attendee may not start working now; `found` must hold a refusal."""
    if found.refusal is None:
        message = "there is nothing to explain about somebody who may work"
        raise ValueError(message)
    said = _of_the_camp(rules, found) or _of_their_time(rules, found)
    title, *sentences = said
    return Notice(title, tuple(sentences), found.refusal)


def _of_the_camp(rules: Rules, found: Standing) -> tuple[str, ...] | None:
    """Say what holds for everybody; None if the refusal is the attendee's alone."""
    now = found.now
    match found.refusal:
        case Refusal.NOT_YET_OPEN:
            again = _moment(rules, found.again or now, now)
            return (
                "The camp is not open yet",
                f"It opens {again}.",
                "Come back then and start from this page.",
            )
        case Refusal.CLOSED:
            closed = _moment(rules, rules.closes or now, now)
            return (
                "The camp is closed",
                f"It closed {closed}.",
                _KEPT,
                "Your instructor can help you on.",
            )
        case Refusal.DOORS_CLOSED:
            return (
                "The doors are closed",
                "The organizer lets nobody in at the moment.",
                "Your own time has not begun. Your files are kept, if you have any.",
                "Ask your instructor when the doors open, and try again then.",
            )
    return None


def _of_their_time(rules: Rules, found: Standing) -> tuple[str, ...]:
    """Say what became of an attendee's own time."""
    now = found.now
    again = _moment(rules, found.again or now, now)
    ended = _moment(rules, found.deadline or now, now)
    match found.refusal:
        case Refusal.COOLDOWN:
            return (
                "Time for a break",
                f"Your session ended {ended}, the next one may begin {again}.",
                _KEPT,
            )
        case Refusal.ALLOWANCE:
            return (
                "Your time for today is used up",
                f"Everybody may work {in_words(rules.daily_allowance)} a day; "
                f"you may go on {again}.",
                _KEPT,
                _MORE,
            )
        case Refusal.ENDED:
            return (
                "Your session was ended",
                f"The camp's staff ended it {ended}.",
                _KEPT,
                _MORE,
            )
    return _expired(rules, found, ended)


def _expired(rules: Rules, found: Standing, ended: str) -> tuple[str, ...]:
    """Say that time is up, and by which rule."""
    had = in_words(rules.length)
    times = rules.sessions_per_attendee
    each = f"Everybody has {had} in this camp"
    if times > 1:
        each = f"Everybody has {times} sessions of {had} in this camp"
    if found.reason is Reason.ALLOWANCE:
        each = f"Everybody may work {in_words(rules.daily_allowance)} a day"
    extended = ", with the extensions that you had" if found.extensions else ""
    return ("Your time is up", f"{each}; yours ended {ended}{extended}.", _KEPT, _MORE)


def granted(rules: Rules, found: Standing) -> Notice:
    """Say how much time an attendee has who may work now."""
    if found.phase is not Phase.RUNNING or found.deadline is None:
        offered = found.offered or rules.length
        end = None if rules.closes is None else _moment(rules, rules.closes, found.now)
        closing = f", and the camp closes {end}" if end else ""
        return Notice(
            f"You have {in_words(offered)}",
            (f"Your time begins when you start working{closing}.",),
        )
    left = found.deadline - found.now
    sentence = f"Your time ends {_moment(rules, found.deadline, found.now)}."
    if found.paused:
        sentence = "The class has a break: your time stands still until it goes on."
    return Notice(
        f"You have {in_words(_coarse(left))} left",
        (sentence,),
        remaining_seconds=left.total_seconds(),
        paused=found.paused,
    )


def no_extension(rules: Rules, reason: NoExtension, name: str, by: str) -> str:
    """Say why somebody is not given more time, to them or to who wanted to give it."""
    own = name == by
    whose = "Your" if own else f"{name}'s"
    limit = rules.own_extensions if own else rules.staff_extensions
    match reason:
        case NoExtension.STAFF:
            return f"{name} is staff: their time has no end."
        case NoExtension.NOT_OFFERED:
            return "This camp gives more time through its staff only: ask yours."
        case NoExtension.NOT_YOURS:
            return (
                f"{by} may not give more time in this camp; ask an organizer, or see "
                "[extensions] instructors in camp.toml."
            )
        case NoExtension.NO_TIME:
            return "An extension must be longer than nothing; give it some seconds."
        case NoExtension.NOT_BEGUN:
            return f"{whose} time has not begun: there is nothing to extend yet."
        case NoExtension.OVER:
            return "Your time is over. Ask your instructor for more."
        case NoExtension.ENDING:
            return f"{whose} session is being ended. Give more time when it has ended."
        case NoExtension.NONE_LEFT:
            times = f"{limit} time{'' if limit == 1 else 's'}"
            step = in_words(rules.extension_step)
            return (
                f"{whose} session may be extended by {step} {times} at most, and too "
                "little of that is left; see [extensions] in camp.toml."
                if not own
                else f"You may take {step} more {times} in a session, and you did. "
                "Ask your instructor."
            )
        case NoExtension.CLOSING:
            return f"{whose} time cannot go on: the camp closes then."
        case NoExtension.ALLOWANCE:
            day = in_words(rules.daily_allowance)
            return f"{whose} time for today, {day}, is used up to the last."


def _coarse(left: timedelta) -> timedelta:
    """Leave out seconds as long as they do not matter."""
    minutes = timedelta(minutes=1)
    return left if left < 2 * minutes else left // minutes * minutes


def _moment(rules: Rules, moment: datetime, now: datetime) -> str:
    zone = rules.zone
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = "today" if local.date() == today else f"on {local:%A} {local.day} {local:%B}"
    return f"{day} at {local:%H:%M} ({getattr(zone, 'key', zone)})"
