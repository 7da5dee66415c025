"""What an attendee is told about time and seats: why, what is kept, what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape

from puppetcamp.quantities import in_words
from puppetcamp.sessions.policy import Admission, CampSession, Refusal, Rules, remaining

_KEPT = "Nothing is lost: your files and your submissions are kept."


@dataclass(frozen=True)
class Notice:
    """Hold a heading and the sentences below it, in plain text.

    `refusal` is the reason why the person may not work now, or None if they may.
    """

    title: str
    sentences: tuple[str, ...]
    refusal: Refusal | None = None

    @property
    def text(self) -> str:
        """Return everything in one line."""
        return " ".join((f"{self.title}.", *self.sentences))

    @property
    def html(self) -> str:
        """Return the sentences as paragraphs; the title is left to the page."""
        return "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)


def refused(
    rules: Rules, admission: Admission, now: datetime, zone: tzinfo = UTC
) -> Notice:
    """Say why an attendee may not work now. `admission` must be a refusal."""
    reason = admission.refusal
    match reason:
        case Refusal.NOT_YET_OPEN:
            opens = _moment(rules.opens or now, now, zone)
            return Notice(
                "The camp is not open yet",
                (f"It opens {opens}.", "Come back then and start from this page."),
                reason,
            )
        case Refusal.CLOSED:
            closed = _moment(rules.closes or now, now, zone)
            return Notice(
                "The camp is closed",
                (f"It closed {closed}.", _KEPT, "Your instructor can help you on."),
                reason,
            )
        case Refusal.EXPIRED:
            ended = _moment(admission.deadline or now, now, zone)
            length = in_words(rules.length)
            return Notice(
                "Your time is up",
                (
                    f"Everybody has {length} in this camp; yours ended {ended}.",
                    _KEPT,
                    "If you need more time, ask your instructor.",
                ),
                reason,
            )
        case Refusal.NO_SEAT:
            return Notice(
                "All seats are taken",
                (
                    f"All {rules.seats} seats of the camp are in use at the moment.",
                    _runs_on(admission, now, zone),
                    "Try again in a few minutes: a seat is free as soon as somebody "
                    "stops working.",
                ),
                reason,
            )
    message = "there is nothing to explain about an admission"
    raise ValueError(message)


def granted(
    rules: Rules, session: CampSession | None, now: datetime, zone: tzinfo = UTC
) -> Notice:
    """Say how much time an attendee has who may work now."""
    if session is None:
        end = None if rules.closes is None else _moment(rules.closes, now, zone)
        closing = f", and the camp closes {end}" if end else ""
        return Notice(
            f"You have {in_words(rules.length)}",
            (f"Your time begins when you first start working{closing}.",),
        )
    left = remaining(rules, session, now)
    return Notice(
        f"You have {in_words(_coarse(left))} left",
        (f"Your time ends {_moment(now + left, now, zone)}.",),
    )


def _runs_on(admission: Admission, now: datetime, zone: tzinfo) -> str:
    if admission.deadline is None:
        return "Your own time begins only when you have a seat."
    return (
        f"Your files are kept; your time ends {_moment(admission.deadline, now, zone)}."
    )


def _coarse(left: timedelta) -> timedelta:
    """Leave out seconds as long as they do not matter."""
    minutes = timedelta(minutes=1)
    return left if left < 2 * minutes else left // minutes * minutes


def _moment(moment: datetime, now: datetime, zone: tzinfo) -> str:
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = "today" if local.date() == today else f"on {local:%A} {local.day} {local:%B}"
    return f"{day} at {local:%H:%M} ({getattr(zone, 'key', zone)})"
