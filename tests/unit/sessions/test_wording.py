"""What attendees are told: why, until when, what is kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from puppetcamp.sessions.policy import Admission, CampSession, Refusal, Rules
from puppetcamp.sessions.wording import Notice, granted, refused

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules(3 * HOUR, NOW, NOW + 8 * HOUR, seats=5)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("refusal", "deadline", "now", "words"),
    [
        (Refusal.NOT_YET_OPEN, None, NOW - HOUR, "today at 10:00 (Europe/Berlin)"),
        (Refusal.NOT_YET_OPEN, None, NOW - 24 * HOUR, "on Monday 23 November at 10:00"),
        (Refusal.CLOSED, None, NOW + 9 * HOUR, "It closed today at 18:00"),
        (Refusal.EXPIRED, NOW + 3 * HOUR, NOW + 4 * HOUR, "Everybody has 3 hours"),
        (Refusal.EXPIRED, NOW + 3 * HOUR, NOW + 4 * HOUR, "ended today at 13:00"),
        (Refusal.NO_SEAT, None, NOW, "All 5 seats"),
        (Refusal.NO_SEAT, None, NOW, "Your own time begins only when you have a seat"),
        (Refusal.NO_SEAT, NOW + HOUR, NOW, "your time ends today at 11:00"),
    ],
)
def test_refusal_says_why_and_when(
    refusal: Refusal, deadline: datetime | None, now: datetime, words: str
) -> None:
    notice = refused(RULES, Admission(refusal, deadline), now, BERLIN)
    assert notice.refusal is refusal
    assert words in notice.text
    assert words in notice.html


def test_time_before_the_first_start() -> None:
    notice = granted(RULES, None, NOW, BERLIN)
    assert notice.title == "You have 3 hours"
    assert "the camp closes today at 18:00" in notice.text
    assert notice.refusal is None


@pytest.mark.parametrize(
    ("passed", "title"),
    [
        (timedelta(seconds=1), "You have 2 hours 59 minutes left"),
        (
            timedelta(hours=2, minutes=58, seconds=30),
            "You have 1 minute 30 seconds left",
        ),
    ],
)
def test_time_left(passed: timedelta, title: str) -> None:
    notice = granted(RULES, CampSession("ann", NOW), NOW + passed, BERLIN)
    assert notice.title == title
    assert "Your time ends today at 13:00 (Europe/Berlin)." in notice.text


def test_admission_needs_no_excuse() -> None:
    with pytest.raises(ValueError, match="nothing to explain"):
        refused(RULES, Admission(None, NOW), NOW)


def test_markup_is_escaped() -> None:
    assert Notice("", ("a < b",)).html == "<p>a &lt; b</p>"
