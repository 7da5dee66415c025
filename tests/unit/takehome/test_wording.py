"""What attendees read about their bundle."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from puppetcamp.takehome.decisions import State
from puppetcamp.takehome.wording import Facts, size, status

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
READY = {"made": NOW, "until": NOW + timedelta(days=14), "size": 1_234_567}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(None), "no bundle of your work"),
        (Facts(State.QUEUED), "It is the next one."),
        (
            Facts(State.QUEUED, before=1, seconds=11),
            "1 other comes before it; that takes about 20 seconds.",
        ),
        (
            Facts(State.QUEUED, before=40, seconds=91),
            "40 others come before it; that takes about 2 minutes.",
        ),
        (Facts(State.MAKING), "is being made"),
        (Facts(State.FAILED, why="It is odd."), "It is odd. Your files are kept"),
        (
            Facts(State.READY, **READY),  # type: ignore[arg-type]
            "It was made today at 13:00 (Europe/Berlin) and holds 1.2 MB. You can "
            "download it until Monday 7 December, 13:00 (Europe/Berlin).",
        ),
    ],
)
def test_status(facts: Facts, words: str) -> None:
    assert words in status(facts, NOW, BERLIN)


def test_sizes() -> None:
    assert [size(n) for n in (1, 4200, 99_999, 100_000)] == [
        "1 kB",
        "4 kB",
        "100 kB",
        "0.1 MB",
    ]
