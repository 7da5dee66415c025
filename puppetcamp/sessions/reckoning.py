"""How far a camp session reaches: pauses, closing and the daily allowance counted in.

A pure fold over facts. Work is time that passes while a session is open and the class
clock is not paused. A pause that lasts is taken to end at the moment asked about: a
deadline during a pause is the one that holds if the class goes on now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from puppetcamp.sessions.facts import CampSession, Ending, Extension, Pause, Rules

_FAR = datetime.max.replace(tzinfo=UTC)


class Reason(StrEnum):
    """Name what ends a camp session."""

    EXPIRED = "expired"
    CLOSED = "closed"
    ALLOWANCE = "allowance"
    ENDED = "ended"


@dataclass(frozen=True)
class Reach:
    """Hold where a camp session ends, and why there."""

    end: datetime
    reason: Reason


class Reckoner:
    """Reckon one attendee's sessions, the oldest first; it adds up each day's work."""

    def __init__(self, rules: Rules, pauses: Iterable[Pause], now: datetime) -> None:
        self._rules = rules
        self._pauses = _merged(pauses, now)
        self._used: dict[date, timedelta] = {}

    def reckon(self, session: CampSession, until: datetime | None = None) -> Reach:
        """Find the end of a session; it ends at `until` at the latest, if given.

        An extension of a session that is over opens it again, from then on.
        """
        start, granted = session.started, self._rules.length
        reach = self.reach(start, granted)
        # At the same moment the end comes first: an extension opens the session again.
        facts: list[Extension | Ending] = [*session.endings, *session.extensions]
        facts.sort(key=lambda fact: fact.at)
        for fact in facts:
            if isinstance(fact, Ending):
                if fact.at < reach.end:
                    reach = Reach(fact.at, Reason.ENDED)
            elif fact.at < reach.end:
                granted += fact.length
                reach = self.reach(start, granted)
            else:
                self._use(start, reach.end)
                start, granted = fact.at, fact.length
                reach = self.reach(start, granted)
        if until is not None and until < reach.end:
            reach = Reach(until, Reason.EXPIRED)
        self._use(start, reach.end)
        return reach

    def reach(self, start: datetime, amount: timedelta) -> Reach:
        """Find where an amount of work ends that begins at `start`."""
        reach = self._worked(start, amount)
        closes = self._rules.closes
        if closes is not None and closes < reach.end:
            return Reach(closes, Reason.CLOSED)
        return reach

    def _worked(self, start: datetime, left: timedelta) -> Reach:
        for begin, end, day in self._pieces(start):
            budget = left
            if day is not None:
                spent = self._used.get(day, timedelta(0))
                budget = min(
                    left, max(timedelta(0), self._rules.daily_allowance - spent)
                )
            if left <= end - begin and left <= budget:
                return Reach(begin + left, Reason.EXPIRED)
            if budget < end - begin or (
                budget == end - begin and self._is_day(end, day)
            ):
                return Reach(begin + budget, Reason.ALLOWANCE)
            left -= end - begin
        message = "time goes on for ever"
        raise AssertionError(message)

    def _is_day(self, moment: datetime, day: date | None) -> bool:
        """Tell whether a moment lies on a day; the midnight that ends it does not."""
        return day is not None and moment.astimezone(self._rules.zone).date() == day

    def _use(self, start: datetime, until: datetime) -> None:
        """Add work between two moments to what its days have seen."""
        if not self._rules.limits_days:
            return
        for begin, end, day in self._pieces(start):
            if begin >= until:
                return
            if day is not None:
                spent = self._used.get(day, timedelta(0))
                self._used[day] = spent + min(end, until) - begin

    def _pieces(
        self, start: datetime
    ) -> Iterator[tuple[datetime, datetime, date | None]]:
        """Walk over the stretches of work from `start` on, each within one day."""
        for begin, end in self._stretches(start):
            if not self._rules.limits_days:
                yield begin, end, None
                continue
            while begin < end:
                day = begin.astimezone(self._rules.zone).date()
                piece = min(end, next_day(self._rules, begin))
                yield begin, piece, day
                begin = piece

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Walk over the time from `start` on that is not paused."""
        for begins, ends in self._pauses:
            if ends <= start:
                continue
            if begins > start:
                yield start, begins
            start = ends
        yield start, _FAR


def next_day(rules: Rules, moment: datetime) -> datetime:
    """Find the midnight that ends a moment's calendar day in the camp's zone."""
    day = moment.astimezone(rules.zone).date() + timedelta(days=1)
    midnight = datetime.combine(day, time.min, rules.zone).astimezone(UTC)
    # Clocks that were put back over midnight must not hold up whoever walks.
    return max(midnight, moment + timedelta(seconds=1))


def _merged(pauses: Iterable[Pause], now: datetime) -> list[tuple[datetime, datetime]]:
    """Put pauses in order, those that overlap together; one that lasts ends now."""
    merged: list[tuple[datetime, datetime]] = []
    spans = [
        (p.begins, max(p.begins, now) if p.ends is None else p.ends) for p in pauses
    ]
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(ends, merged[-1][1])
        elif begins < ends:
            merged.append((begins, ends))
    return merged
