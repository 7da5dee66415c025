"""How late is said."""

from datetime import UTC, datetime, timedelta

import pytest

from puppetcamp.exchange.notes import how_long
from puppetcamp.exchange.records import late_by

DUE = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(microseconds=1), "1 second"),
        (timedelta(seconds=61), "1 minute 1 second"),
        (timedelta(minutes=5, seconds=59), "5 minutes"),
        (timedelta(hours=47, minutes=3), "47 hours 3 minutes"),
        (timedelta(days=2, hours=23), "2 days"),
    ],
)
def test_how_long(duration: timedelta, words: str) -> None:
    assert how_long(duration) == words


def test_the_due_date_itself_is_in_time() -> None:
    assert late_by(DUE, DUE) is late_by(DUE, None) is None
    assert late_by(DUE + timedelta(seconds=1), DUE) == timedelta(seconds=1)
