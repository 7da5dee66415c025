"""All that may happen to an attendee's time, in any order, against a simple sum.

The sum goes second by second where the policy reckons from facts: what is left is a
number that shrinks while the class clock runs, and grows by extensions.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlalchemy import Engine

from puppetcamp.database import metadata, open_engine
from puppetcamp.sessions.gate import Gate, Refused
from puppetcamp.sessions.policy import NoExtension, Phase, Reason, Rules
from puppetcamp.sessions.timekeeper import ENDING_NOTICE, ExtensionRefused, Timekeeper
from tests.unit.sessions.support import HOUR, MINUTE, SECOND, Time, rules, timekeeper

NOTHING = timedelta(0)
STEP = 2 * MINUTE
STARTS = [
    datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    datetime(2026, 11, 23, 22, 50, tzinfo=UTC),  # ten minutes before a day in Berlin
    datetime(2026, 10, 24, 21, 30, tzinfo=UTC),  # clocks are put back that night
    datetime(2026, 3, 28, 22, 30, tzinfo=UTC),  # and forward
    datetime(2026, 11, 1, 3, 30, tzinfo=UTC),  # Havana's midnight comes twice
]

short = st.integers(1, 15).map(lambda minutes: minutes * MINUTE)
whiles = st.one_of(st.integers(1, 90), st.integers(1, 30).map(lambda m: 60 * m))
TABLES = [
    metadata.tables[name]
    for name in ("camp_session", "extension", "ending", "class_pause", "doors")
]


class Sum:
    """One attendee's time, added up as it passes."""

    def __init__(self, asked: Rules) -> None:
        self.asked = asked
        self.running = self.paused = False
        self.left = NOTHING
        self.sessions = 0
        self.over: datetime | None = None
        self.ending: datetime | None = None
        self.used: dict[date, timedelta] = {}
        self.worked = self.granted = NOTHING

    def begin(self, now: datetime) -> None:
        self.running, self.left, self.ending = True, self.asked.length, None
        self.granted += self.asked.length
        self.sessions += 1
        self.settle(now)

    def extend(self, now: datetime, length: timedelta) -> None:
        if not self.running:
            self.running, self.left, self.ending = True, NOTHING, None
        self.left += length
        self.granted += length
        self.settle(now)

    def day(self, now: datetime) -> date:
        return now.astimezone(self.asked.zone).date()

    def spent(self, now: datetime) -> bool:
        """Tell whether the day's allowance is used up."""
        used = self.used.get(self.day(now), NOTHING) if self.asked.limits_days else None
        return used is not None and used >= self.asked.daily_allowance

    def settle(self, now: datetime) -> None:
        """End the session if something ends it now."""
        closes = self.asked.closes
        if self.running and (
            self.left <= NOTHING
            or (closes is not None and now >= closes)
            or (self.ending is not None and now >= self.ending)
            or self.spent(now)
        ):
            self.running, self.over = False, now

    def second(self, now: datetime) -> None:
        """Let the second pass that begins now."""
        if self.running and not self.paused:
            self.left -= SECOND
            self.worked += SECOND
            if self.asked.limits_days:
                day = self.day(now)
                self.used[day] = self.used.get(day, NOTHING) + SECOND
        self.settle(now + SECOND)


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    return rules(
        draw(short),
        closes=draw(
            st.none() | st.none() | whiles.map(lambda s: STARTS[0] + s * SECOND)
        ),
        sessions_per_attendee=draw(st.integers(1, 3)),
        cooldown=draw(st.sampled_from([NOTHING, SECOND, 5 * MINUTE])),
        daily_allowance=draw(st.sampled_from([24 * HOUR, 24 * HOUR, 3 * MINUTE, HOUR])),
        zone=draw(st.sampled_from([UTC, *map(ZoneInfo, ["Europe/Berlin", "Cuba"])])),
        extension_step=STEP,
        own_extensions=draw(st.integers(0, 2)),
        staff_extensions=draw(st.integers(0, 3)),
    )


class Life:
    """Do to one attendee's time what people, crashes and clocks may do."""

    def __init__(self, engine: Engine, asked: Rules, start: datetime) -> None:
        self.engine = engine
        self.asked = asked
        self.clock = Time(start)
        self.sum = Sum(asked)
        self.own = self.staff = 0
        self.doors = True

    @property
    def times(self) -> Timekeeper:
        """Ask a timekeeper that knows nothing but the ledger: everything restarts."""
        return timekeeper(self.engine, self.clock, self.asked)

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.sum.second(self.clock.now)
            self.clock.now += SECOND

    def sleep(self, seconds: int) -> None:
        """Let many hours pass, in which nobody works."""
        if not self.sum.running:
            self.clock.now += seconds * MINUTE

    def start(self, _: int) -> None:
        """Start a server: the first time, again, or after a crash."""
        now, total = self.clock.now, self.sum
        gate = Gate(self.times)
        rested = total.over is None or now >= total.over + self.asked.cooldown
        try:
            gate.check("ann")
        except Refused:
            assert not total.running, "whoever has time is let in"
            assert (
                total.sessions >= self.asked.sessions_per_attendee
                or not rested
                or not self.doors
                or total.spent(now)
                or (self.asked.closes is not None and now >= self.asked.closes)
            ), "nobody is refused without a reason"
            return
        gate.entered("ann")
        if not total.running:
            assert self.doors
            assert rested
            total.begin(now)
            self.own = self.staff = 0

    def extend_own(self, seconds: int) -> None:
        self.own += self.extend("ann", seconds, self.asked.own_extensions - self.own)

    def extend(self, by: str, seconds: int, left: int) -> int:
        """Try to extend; give how many steps that counted."""
        length, total = (1 + seconds % 3) * MINUTE, self.sum
        steps = -(-length // STEP)
        try:
            self.times.extend("ann", by, length.total_seconds())
        except ExtensionRefused as refused:
            if refused.reason is NoExtension.NONE_LEFT:
                assert steps > left
            free = self.asked.closes is None and not self.asked.limits_days
            in_time = total.running or by == "organizer"
            if total.sessions and free and in_time and total.ending is None:
                assert steps > left or left == 0, "what the rules give is given"
            return 0
        assert steps <= left
        assert total.running or by == "organizer"
        total.extend(self.clock.now, length)
        return steps

    def extend_staff(self, seconds: int) -> None:
        left = self.asked.staff_extensions - self.staff
        self.staff += self.extend("organizer", seconds, left)

    def end(self, _: int) -> None:
        before = self.times.standing("ann")
        self.times.end("ann", "organizer")
        if self.sum.running and before.reason is not Reason.ENDED:
            self.sum.ending = self.clock.now + ENDING_NOTICE

    def pause(self, _: int) -> None:
        self.times.pause("organizer")
        self.sum.paused = True

    def resume(self, _: int) -> None:
        self.times.resume("organizer")
        self.sum.paused = False

    def set_doors(self, _: int) -> None:
        self.doors = not self.doors
        (self.times.open_doors if self.doors else self.times.close_doors)("organizer")

    def neither_early_nor_late(self) -> None:
        found, total, now = self.times.standing("ann"), self.sum, self.clock.now
        assert (found.phase is Phase.RUNNING) == total.running
        assert found.may_stay or not total.running
        if not total.running or found.remaining is None:
            return
        ends = [now + total.left]
        ends += [end for end in (self.asked.closes, total.ending) if end is not None]
        assert found.remaining <= min(ends) - now
        if not self.asked.limits_days:
            assert found.remaining == min(ends) - now

    def nothing_beyond_the_rules(self) -> None:
        total, asked = self.sum, self.asked
        steps = asked.own_extensions + asked.staff_extensions
        most = asked.length + steps * STEP
        assert total.sessions <= asked.sessions_per_attendee
        assert total.worked <= total.granted <= total.sessions * most
        if asked.limits_days:
            days = itertools.chain(total.used.values(), [NOTHING])
            assert max(days) <= asked.daily_allowance


DEEDS = {
    "wait": 8,
    "start": 4,
    "pause": 2,
    "resume": 2,
    "extend_own": 2,
    "extend_staff": 2,
    "sleep": 2,
    "end": 1,
    "set_doors": 2,
}
"""What happens, and how often."""

deeds = st.lists(
    st.tuples(
        st.sampled_from([name for name, times in DEEDS.items() for _ in range(times)]),
        whiles,
    ),
    min_size=10,
    max_size=40,
)


@pytest.fixture(scope="module")
def database() -> Iterator[Engine]:
    """Give one database to all examples; each begins with empty tables."""
    engine = open_engine("sqlite://")
    metadata.create_all(engine, TABLES)
    yield engine
    engine.dispose()


@settings(max_examples=200, deadline=None, print_blob=True)
@given(asked=all_rules(), start=st.sampled_from(STARTS), happened=deeds)
def test_nothing_bends_anybodys_time(
    database: Engine, asked: Rules, start: datetime, happened: list[tuple[str, int]]
) -> None:
    if asked.closes is not None:
        asked = replace(asked, closes=start + (asked.closes - STARTS[0]))
    with database.begin() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
    life = Life(database, asked, start)
    for deed, seconds in [("start", 0), *happened]:
        getattr(life, deed)(seconds)
        life.neither_early_nor_late()
        life.nothing_beyond_the_rules()
