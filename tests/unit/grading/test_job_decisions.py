"""Which gradings are the same, how long a batch takes, what is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from puppetcamp.grading.jobs import decisions
from puppetcamp.grading.jobs.decisions import Kept, key_of, seconds_left, superfluous

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_a_key_tells_every_difference_and_no_order() -> None:
    task = {"exercise": "motd", "notebook": {"cells": [1]}}
    same = {"notebook": {"cells": [1]}, "exercise": "motd"}
    assert key_of(task, "v1") == key_of(same, "v1")
    others = [key_of(task, "v2"), key_of({**task, "attendee": "ada"}, "v1")]
    assert len({key_of(task, "v1"), *others}) == 3


@pytest.mark.parametrize(
    ("measured", "elapsed", "waiting", "slots", "seconds"),
    [
        ([], [], 0, 2, 0),
        ([], [1.0], 9, 2, None),
        ([4.0], [], 0, 2, 0),
        ([4.0, 6.0], [], 4, 2, 10),
        ([4.0], [3.0, 1.0], 0, 2, 3),
        ([4.0], [100.0], 0, 1, 1),
        ([4.0], [], 1, 8, 4),
    ],
)
def test_the_estimate_comes_from_what_was_measured(
    measured: list[float],
    elapsed: list[float],
    waiting: int,
    slots: int,
    seconds: float | None,
) -> None:
    assert seconds_left(measured, elapsed, waiting, slots) == seconds


def test_old_and_too_many_and_too_large_results_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decisions, "KEEP_JOBS", 3)
    monkeypatch.setattr(decisions, "KEEP_BYTES", 100)

    def kept(number: int, days: float, size: int = 1) -> Kept:
        return Kept(number, NOW - timedelta(days=days), size)

    assert superfluous([kept(1, 15), kept(2, 13)], NOW) == [1]
    assert superfluous([kept(n, n) for n in range(5)], NOW) == [3, 4]
    assert superfluous([kept(1, 1, 60), kept(2, 2, 60)], NOW) == [2]
