"""Durations and sizes, as written and as said."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.quantities import as_clock, in_words, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("45m", 2700),
        ("3h", 10800),
        ("1h30m", 5400),
        ("1h0m5s", 3605),
        ("14d", 1209600),
        ("1d1s", 86401),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "3", "3 h", "h", "1m1h", "-3h", "3H", "1.5h", "٣h"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_sizes() -> None:
    assert parse_size("512M") == 512 * 1024**2
    assert parse_size("2G") == 2 * 1024**3


@pytest.mark.parametrize("text", ["", "1", "1g", "1GB", "1 G", "1.5G", "-1G"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10800, "3 hours"),
        (5400, "1 hour 30 minutes"),
        (3605, "1 hour"),
        (61, "1 minute 1 second"),
        (45, "45 seconds"),
        (0.2, "1 second"),
        (0, "0 seconds"),
        (-5, "0 seconds"),
    ],
)
def test_words(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "figure"),
    [
        (10_740.001, "2:59:01"),
        (10_740, "2:59:00"),
        (360_000, "100:00:00"),
        (0.001, "0:00:01"),
        (0, "0:00:00"),
        (-5, "0:00:00"),
    ],
)
def test_countdown(seconds: float, figure: str) -> None:
    assert as_clock(timedelta(seconds=seconds)) == figure


@given(st.integers(1, 86_400))
def test_words_never_say_nothing(seconds: int) -> None:
    assert in_words(timedelta(seconds=seconds)) != "0 seconds"
