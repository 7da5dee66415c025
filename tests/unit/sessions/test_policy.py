"""The rules of time: never early, never beyond closing, never renewed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.sessions.policy import (
    CampSession,
    Refusal,
    Rules,
    admit,
    deadline,
    expired,
    may_stay,
    remaining,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TINY = timedelta(microseconds=1)

moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)
)
lengths = st.timedeltas(timedelta(seconds=1), timedelta(hours=24))


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    opens = draw(st.none() | moments)
    closes = draw(st.none() | moments)
    if opens and closes and closes <= opens:
        opens, closes = closes, opens + TINY
    return Rules(draw(lengths), opens, closes, draw(st.integers(1, 50)))


@given(all_rules(), moments, moments)
def test_time_is_never_cut_short_but_by_closing(
    rules: Rules, started: datetime, now: datetime
) -> None:
    session = CampSession("ann", started)
    end = deadline(rules, session)
    assert end in {started + rules.length, rules.closes}
    if now < started + rules.length and (rules.closes is None or now < rules.closes):
        assert not expired(rules, session, now)
        assert remaining(rules, session, now) == end - now > timedelta(0)


@given(all_rules(), moments, moments)
def test_nobody_stays_beyond_deadline_or_closing(
    rules: Rules, started: datetime, now: datetime
) -> None:
    session = CampSession("ann", started)
    end = deadline(rules, session)
    assert end <= started + rules.length
    assert rules.closes is None or end <= rules.closes
    if now >= end:
        assert expired(rules, session, now)
        assert remaining(rules, session, now) == timedelta(0)
        assert not may_stay(rules, session, now)
        assert not admit(rules, session, 0, now).allowed


@given(all_rules(), moments, moments, st.integers(0, 60))
def test_whoever_is_admitted_may_stay(
    rules: Rules, started: datetime, now: datetime, seats: int
) -> None:
    session = CampSession("ann", started)
    if admit(rules, session, seats, now).allowed:
        assert may_stay(rules, session, now)
    if admit(rules, None, seats, now).allowed:
        assert may_stay(rules, None, now)


@given(all_rules(), moments, st.lists(lengths, max_size=20))
def test_stopping_and_starting_never_moves_the_deadline(
    rules: Rules, started: datetime, pauses: list[timedelta]
) -> None:
    session = CampSession("ann", started)
    end, now = deadline(rules, session), started
    for pause in pauses:
        now += pause
        admission = admit(rules, session, 0, now)
        if admission.allowed:
            assert now < end
        if admission.refusal is not Refusal.NOT_YET_OPEN:
            assert admission.deadline == end


@given(all_rules(), moments, st.integers(0, 60))
def test_nobody_is_admitted_outside_the_window(
    rules: Rules, now: datetime, seats: int
) -> None:
    early = rules.opens is not None and now < rules.opens
    late = rules.closes is not None and now >= rules.closes
    admission = admit(rules, None, seats, now)
    assert admission.allowed == (not early and not late and seats < rules.seats)
    if admission.allowed:
        assert admission.deadline is not None
        assert admission.deadline > now
    else:
        assert admission.deadline is None
    assert may_stay(rules, None, now) == (not early and not late)


@pytest.mark.parametrize(
    ("session", "seats", "now", "refusal"),
    [
        (None, 0, NOW - TINY, Refusal.NOT_YET_OPEN),
        (None, 0, NOW, None),
        (None, 2, NOW, Refusal.NO_SEAT),
        (CampSession("ann", NOW), 1, NOW + timedelta(hours=3) - TINY, None),
        (CampSession("ann", NOW), 1, NOW + timedelta(hours=3), Refusal.EXPIRED),
        (CampSession("ann", NOW), 2, NOW + timedelta(hours=3), Refusal.EXPIRED),
        (CampSession("ann", NOW), 2, NOW + timedelta(hours=1), Refusal.NO_SEAT),
        (None, 0, NOW + timedelta(hours=8), Refusal.CLOSED),
        (CampSession("ann", NOW), 0, NOW + timedelta(hours=8), Refusal.CLOSED),
    ],
)
def test_the_reason_is_the_one_that_helps_most(
    session: CampSession | None, seats: int, now: datetime, refusal: Refusal | None
) -> None:
    rules = Rules(timedelta(hours=3), NOW, NOW + timedelta(hours=8), seats=2)
    assert admit(rules, session, seats, now).refusal is refusal
