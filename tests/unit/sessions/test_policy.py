"""The rules of time, case by case; test_time_machine.py has all cases at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.sessions.facts import Ending
from puppetcamp.sessions.policy import (
    CampSession,
    Extension,
    NoExtension,
    Pause,
    Phase,
    Reason,
    Record,
    Refusal,
    Rules,
    Standing,
    extension_refusal,
    standing,
)
from tests.unit.sessions.support import HOUR, MINUTE, NOW, SECOND, TINY, rules

BERLIN = ZoneInfo("Europe/Berlin")
QUARTER = 15 * MINUTE

moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)
)
lengths = st.timedeltas(timedelta(seconds=1), timedelta(hours=24))


def record(*sessions: CampSession, **more: object) -> Record:
    return Record("ann", sessions, **more)  # type: ignore[arg-type]


def began(at: datetime = NOW, *facts: Extension | Ending) -> CampSession:
    return CampSession(
        "ann",
        at,
        tuple(fact for fact in facts if isinstance(fact, Extension)),
        tuple(fact for fact in facts if isinstance(fact, Ending)),
    )


def more(at: datetime, length: timedelta = QUARTER, by: str = "organizer") -> Extension:
    return Extension(at, length, by)


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    opens = draw(st.none() | moments)
    closes = draw(st.none() | moments)
    if opens and closes and closes <= opens:
        opens, closes = closes, opens + TINY
    return rules(draw(lengths), opens, closes)


@given(all_rules(), moments, moments)
def test_time_is_never_cut_short_but_by_closing(
    asked: Rules, started: datetime, now: datetime
) -> None:
    if asked.opens is not None:
        started = max(started, asked.opens)
    found = standing(asked, record(began(started)), now)
    end = started + asked.length
    assert found.deadline == (end if asked.closes is None else min(end, asked.closes))
    assert found.remaining == max(timedelta(0), found.deadline - now)
    assert (found.phase is Phase.RUNNING) == (now < found.deadline)
    assert found.may_stay == (now < found.deadline)


@given(all_rules(), moments)
def test_nobody_is_admitted_outside_the_window(asked: Rules, now: datetime) -> None:
    early = asked.opens is not None and now < asked.opens
    late = asked.closes is not None and now >= asked.closes
    found = standing(asked, record(), now)
    assert (found.refusal is None) == (not early and not late)
    assert found.may_begin == found.may_stay == (not early and not late)
    assert found.phase is Phase.NOT_BEGUN
    assert found.deadline is None
    if found.offered is not None:
        assert timedelta(0) < found.offered <= asked.length


WINDOW = rules(3 * HOUR, NOW, NOW + 8 * HOUR)


@pytest.mark.parametrize(
    ("session", "now", "refusal"),
    [
        (None, NOW - TINY, Refusal.NOT_YET_OPEN),
        (None, NOW, None),
        (began(), NOW + 3 * HOUR - TINY, None),
        (began(), NOW + 3 * HOUR, Refusal.EXPIRED),
        (None, NOW + 8 * HOUR, Refusal.CLOSED),
        (began(), NOW + 8 * HOUR, Refusal.CLOSED),
        (began(NOW - HOUR), NOW, None),
    ],
)
def test_the_reason_is_the_one_that_helps_most(
    session: CampSession | None, now: datetime, refusal: Refusal | None
) -> None:
    known = record() if session is None else record(session)
    assert standing(WINDOW, known, now).refusal is refusal


def test_staff_have_no_deadline() -> None:
    found = standing(rules(), Record("organizer", (began(),)), NOW + 99 * HOUR)
    assert found == Standing("organizer", Phase.STAFF, NOW + 99 * HOUR)
    assert found.may_stay


def test_extension_moves_the_deadline_and_is_counted() -> None:
    found = standing(rules(), record(began(NOW, more(NOW + HOUR))), NOW + 3 * HOUR)
    assert found.phase is Phase.RUNNING
    assert found.deadline == NOW + 3 * HOUR + QUARTER
    assert found.staff_left == 7
    assert found.extensions == 1


def test_extension_of_a_session_that_is_over_opens_it_again() -> None:
    late = NOW + 5 * HOUR
    found = standing(rules(), record(began(NOW, more(late))), late)
    assert found.phase is Phase.RUNNING
    assert found.deadline == late + QUARTER, "the hours between count for nothing"


def test_end_forfeits_what_is_left() -> None:
    ended = began(NOW, Ending(NOW + HOUR, "organizer"))
    assert standing(rules(), record(ended), NOW + HOUR - TINY).phase is Phase.RUNNING
    found = standing(rules(), record(ended), NOW + HOUR)
    assert found.phase is Phase.ENDED
    assert found.refusal is Refusal.ENDED
    assert found.ended == NOW + HOUR
    reopened = replace(ended, extensions=(more(NOW + 2 * HOUR),))
    again = standing(rules(), record(reopened), NOW + 2 * HOUR)
    assert again.deadline == NOW + 2 * HOUR + QUARTER


def test_pause_freezes_what_is_left() -> None:
    running = Pause(NOW + HOUR, None)
    for hours in (1, 2, 30):
        found = standing(
            rules(), record(began(), pauses=(running,)), NOW + hours * HOUR
        )
        assert found.paused
        assert found.remaining == 2 * HOUR
        assert found.phase is Phase.RUNNING
    over = Pause(NOW + HOUR, NOW + 2 * HOUR)
    within = Pause(NOW + HOUR + MINUTE, NOW + HOUR + 2 * MINUTE)
    found = standing(rules(), record(began(), pauses=(within, over)), NOW + 2 * HOUR)
    assert not found.paused
    assert found.deadline == NOW + 4 * HOUR


def test_closing_wins_over_pause_and_extension() -> None:
    asked = rules(closes=NOW + 2 * HOUR)
    session = began(NOW, more(NOW + HOUR))
    paused = record(session, pauses=(Pause(NOW + HOUR, None),))
    found = standing(asked, paused, NOW + 2 * HOUR)
    assert found.phase is Phase.EXPIRED
    assert found.reason is Reason.CLOSED
    assert found.refusal is Refusal.CLOSED


def test_sessions_are_counted_and_apart() -> None:
    asked = rules(HOUR, sessions_per_attendee=2, cooldown=MINUTE)
    first = began()
    found = standing(asked, record(first), NOW + HOUR)
    assert found.refusal is Refusal.COOLDOWN
    assert found.again == NOW + HOUR + MINUTE
    assert standing(asked, record(first), NOW + HOUR + MINUTE).offered == HOUR
    both = record(first, began(NOW + 2 * HOUR))
    assert standing(asked, both, NOW + 3 * HOUR).refusal is Refusal.EXPIRED


def test_sessions_of_an_earlier_window_do_not_count() -> None:
    asked = rules(HOUR, opens=NOW + 24 * HOUR)
    found = standing(asked, record(began()), NOW + 24 * HOUR)
    assert found.phase is Phase.NOT_BEGUN
    assert found.refusal is None


def test_day_ends_at_midnight_of_the_camps_zone() -> None:
    asked = rules(
        3 * HOUR, sessions_per_attendee=9, daily_allowance=2 * HOUR, zone=BERLIN
    )
    late = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # 23:00 in Berlin
    found = standing(asked, record(began(late)), late)
    assert found.deadline == late + 3 * HOUR, "an hour today and two tomorrow"
    early = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    found = standing(asked, record(began(early)), early + 2 * HOUR)
    assert found.reason is Reason.ALLOWANCE
    assert found.refusal is Refusal.ALLOWANCE
    assert found.again == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert found.again is not None
    assert standing(asked, record(began(early)), found.again).offered == 2 * HOUR


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_daylight_saving_bends_nothing(change: str) -> None:
    start = datetime.fromisoformat(f"{change}T00:30:00+01:00").astimezone(UTC)
    asked = rules(3 * HOUR, zone=BERLIN, daily_allowance=23 * HOUR)
    assert standing(asked, record(began(start)), start).deadline == start + 3 * HOUR


def test_allowance_of_a_day_counts_the_window_before() -> None:
    asked = rules(HOUR, opens=NOW + 2 * HOUR, daily_allowance=90 * MINUTE)
    found = standing(asked, record(began()), NOW + 2 * HOUR)
    assert found.offered == 30 * MINUTE
    assert asked.since(NOW) == NOW - 48 * HOUR


def test_allowance_used_up_when_a_pause_begins_does_not_come_back() -> None:
    asked = rules(3 * HOUR, daily_allowance=HOUR)
    paused = record(began(), pauses=(Pause(NOW + HOUR, None),))
    for hours in (1, 20):
        found = standing(asked, paused, NOW + hours * HOUR)
        assert found.phase is Phase.EXPIRED
        assert found.ended == NOW + HOUR


def test_doors_keep_out_who_is_not_in() -> None:
    outside = standing(rules(), record(doors_open=False), NOW)
    assert outside.refusal is Refusal.DOORS_CLOSED
    assert outside.may_begin, "whoever was let in before they closed may begin"
    inside = standing(rules(), record(began(), doors_open=False), NOW + HOUR)
    assert inside.refusal is None


@pytest.mark.parametrize(
    ("asked", "known", "given", "refusal"),
    [
        (rules(), record(began()), more(NOW), None),
        (rules(), record(began()), more(NOW + 9 * HOUR), None),
        (rules(), record(began()), more(NOW, 8 * QUARTER), None),
        (rules(), record(began()), more(NOW, 8 * QUARTER + SECOND), "none-left"),
        (rules(), record(began()), more(NOW, timedelta(0)), "no-time"),
        (rules(), record(began()), more(NOW, -QUARTER), "no-time"),
        (rules(), record(), more(NOW), "not-begun"),
        (rules(), Record("organizer"), more(NOW), "staff"),
        (rules(), record(began()), more(NOW, by="instructor"), "not-yours"),
        (rules(), record(began()), more(NOW, by="bo"), "not-yours"),
        (rules(), record(began()), more(NOW, by="ann"), "not-offered"),
        (rules(own_extensions=1), record(began()), more(NOW, by="ann"), None),
        (
            rules(own_extensions=1),
            record(began()),
            more(NOW + 3 * HOUR, by="ann"),
            "over",
        ),
        (
            rules(own_extensions=1),
            record(began(NOW, more(NOW, by="ann"))),
            more(NOW, by="ann"),
            "none-left",
        ),
        (
            rules(own_extensions=1),
            record(began(NOW, more(NOW, by="ann"))),
            more(NOW),
            None,
        ),
        (rules(closes=NOW + 3 * HOUR), record(began()), more(NOW), "closing"),
        (rules(closes=NOW + 3 * HOUR + TINY), record(began()), more(NOW), None),
        (
            rules(closes=NOW + 4 * HOUR),
            record(began()),
            more(NOW + 5 * HOUR),
            "closing",
        ),
        (rules(daily_allowance=3 * HOUR), record(began()), more(NOW), "allowance"),
        (
            rules(),
            record(began(NOW, Ending(NOW + MINUTE, "organizer"))),
            more(NOW),
            "ending",
        ),
    ],
)
def test_extension_is_given_where_the_rules_allow(
    asked: Rules, known: Record, given: Extension, refusal: str | None
) -> None:
    expected = None if refusal is None else NoExtension(refusal)
    assert extension_refusal(asked, known, given) is expected
