"""What attendees are told: why, until when, what is kept."""

from zoneinfo import ZoneInfo

import pytest

from puppetcamp.sessions.facts import Ending
from puppetcamp.sessions.policy import (
    CampSession,
    Extension,
    NoExtension,
    Pause,
    Record,
    Rules,
    Standing,
    standing,
)
from puppetcamp.sessions.wording import Notice, granted, no_extension, refused
from tests.unit.sessions.support import HOUR, MINUTE, NOW, SECOND, rules

BERLIN = ZoneInfo("Europe/Berlin")
RULES = rules(3 * HOUR, NOW, NOW + 8 * HOUR, zone=BERLIN)
MANY = rules(HOUR, sessions_per_attendee=2, cooldown=HOUR, zone=BERLIN)
DAILY = rules(
    3 * HOUR, zone=BERLIN, daily_allowance=90 * MINUTE, sessions_per_attendee=2
)
ANN = CampSession("ann", NOW)
MORE = Extension(NOW, 15 * MINUTE, "organizer")


def at(moment_hours: float, asked: Rules = RULES, *sessions: CampSession) -> Standing:
    return standing(asked, Record("ann", sessions), NOW + moment_hours * HOUR)


@pytest.mark.parametrize(
    ("asked", "found", "words"),
    [
        (RULES, at(-1), "It opens today at 10:00 (Europe/Berlin)"),
        (RULES, at(-24), "It opens on Monday 23 November at 10:00"),
        (RULES, at(9), "It closed today at 18:00"),
        (RULES, at(4, RULES, ANN), "Everybody has 3 hours in this camp"),
        (RULES, at(4, RULES, ANN), "ended today at 13:00"),
        (
            RULES,
            at(4, RULES, CampSession("ann", NOW, (MORE,))),
            "13:15 (Europe/Berlin), with the extensions that you had",
        ),
        (
            RULES,
            at(2, RULES, CampSession("ann", NOW, (), (Ending(NOW + HOUR, "x"),))),
            "staff ended it today at 11:00",
        ),
        (MANY, at(1, MANY, ANN), "the next one may begin today at 12:00"),
        (
            MANY,
            at(9, MANY, ANN, CampSession("ann", NOW + 2 * HOUR)),
            "Everybody has 2 sessions of 1 hour",
        ),
        (DAILY, at(2, DAILY, ANN), "you may go on on Tuesday 24 November at 00:00"),
    ],
)
def test_refusal_says_why_and_when(asked: Rules, found: Standing, words: str) -> None:
    notice = refused(asked, found)
    assert notice.refusal is found.refusal
    assert words in notice.text
    assert words in notice.html


def test_closed_doors_are_explained() -> None:
    found = standing(RULES, Record("ann", doors_open=False), NOW)
    assert "Your own time has not begun" in refused(RULES, found).text


def test_time_before_the_first_start() -> None:
    notice = granted(RULES, at(0))
    assert notice.title == "You have 3 hours"
    assert "the camp closes today at 18:00" in notice.text
    assert notice.refusal is None
    assert notice.remaining_seconds is None
    assert granted(RULES, at(7)).title == "You have 1 hour"


@pytest.mark.parametrize(
    ("left", "title"),
    [
        (3 * HOUR - SECOND, "You have 2 hours 59 minutes left"),
        (90 * SECOND, "You have 1 minute 30 seconds left"),
    ],
)
def test_time_left(left: object, title: str) -> None:
    now = NOW + 3 * HOUR - left  # type: ignore[operator]
    notice = granted(RULES, standing(RULES, Record("ann", (ANN,)), now))
    assert notice.title == title
    assert "Your time ends today at 13:00 (Europe/Berlin)." in notice.text
    assert notice.remaining_seconds == left.total_seconds()  # type: ignore[attr-defined]


def test_break_is_told() -> None:
    paused = Record("ann", (ANN,), (Pause(NOW + HOUR, None),))
    notice = granted(RULES, standing(RULES, paused, NOW + 2 * HOUR))
    assert notice.title == "You have 2 hours left"
    assert notice.paused
    assert "stands still" in notice.text


def test_admission_needs_no_excuse() -> None:
    with pytest.raises(ValueError, match="nothing to explain"):
        refused(RULES, at(0))


@pytest.mark.parametrize("reason", NoExtension)
@pytest.mark.parametrize("by", ["ann", "organizer"])
def test_no_extension_is_explained(reason: NoExtension, by: str) -> None:
    sentence = no_extension(RULES, reason, "ann", by)
    assert sentence.endswith((".", "]"))
    assert sentence[0].isupper() or sentence.startswith((by, "ann"))


def test_markup_is_escaped() -> None:
    assert Notice("", ("a < b",)).html == "<p>a &lt; b</p>"
