"""What people who wait are told."""

import pytest

from puppetcamp.seating.estimate import Look
from puppetcamp.seating.line import Stage
from puppetcamp.seating.wording import event, message, rounded


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Look(Stage.START, 1, 5, None), "You are next."),
        (Look(Stage.CALLED, 1, 5, 8), "You are next. It takes about 10 seconds."),
        (
            Look(Stage.START, 4, 5, 47),
            "You are number 4 in line. It takes about 50 seconds.",
        ),
        (
            Look(Stage.SEAT, 1, 3, None),
            "All seats are taken; the next one that is free is yours. "
            "A seat is free as soon as somebody stops working.",
        ),
        (
            Look(Stage.SEAT, 2, 3, 1234),
            "All seats are taken; you are number 2 on the waiting list. "
            "A seat is free in 21 minutes at the latest, unless somebody is given more "
            "time, and sooner if somebody stops working.",
        ),
    ],
)
def test_messages(look: Look, said: str) -> None:
    assert message(look) == said


@pytest.mark.parametrize(
    ("seconds", "honest"),
    [(0, 5), (1, 5), (5, 5), (6, 10), (31, 40), (120, 120), (121, 180), (3599, 3600)],
)
def test_estimates_are_as_coarse_as_they_are_sure(seconds: float, honest: int) -> None:
    assert rounded(seconds) == honest


def test_the_page_gets_figures() -> None:
    assert event(Look(Stage.START, 4, 5, 47))["line"] == {
        "stage": "start",
        "place": 4,
        "waiting": 5,
        "seconds": 50,
    }


def test_the_bar_only_goes_on() -> None:
    stages = (Stage.SEAT, Stage.CALLED, Stage.START, Stage.STARTING)
    shares = [event(Look(stage, 1, 1, None))["progress"] for stage in stages]
    assert shares == sorted(shares)
