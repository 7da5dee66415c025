"""Which submission is graded, and what nbgrader reads of its time."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from puppetcamp_lab.exchange.collect import choose, utc_timestamp, write_over
from puppetcamp_lab.exchange.remote import Submission

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(moment: datetime) -> Submission:
    return Submission("0" * 32, "motd", "ada", moment, ("motd",), {})


EARLY, ON_TIME, LATE = at(NOON - HOUR), at(NOON), at(NOON + HOUR)


@pytest.mark.parametrize(
    ("submissions", "duedate", "chosen"),
    [
        ([EARLY, ON_TIME, LATE], None, LATE),
        ([EARLY, ON_TIME, LATE], NOON, ON_TIME),
        ([EARLY, LATE], NOON, EARLY),
        ([ON_TIME, LATE], NOON - HOUR, LATE),
    ],
    ids=["the last one", "exactly in time", "in time", "all late"],
)
def test_chooses(
    submissions: list[Submission], duedate: datetime | None, chosen: Submission
) -> None:
    assert choose(submissions, duedate) is chosen


def test_nbgrader_reads_the_moment_back_to_the_microsecond() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert parse_utc(utc_timestamp(elsewhere)) == NOON.replace(tzinfo=None)
    on_the_second = NOON.replace(microsecond=0)
    assert parse_utc(utc_timestamp(on_the_second)) == on_the_second.replace(tzinfo=None)


def test_an_attendees_own_files_do_not_pass_for_the_camps(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").mkdir()
    (tmp_path / "timestamp.txt" / "x").write_text("x")
    (tmp_path / "submission_id.txt").write_text("another's")
    for name in ("timestamp.txt", "submission_id.txt", "new.txt"):
        write_over(tmp_path / name, "the camp's")
        assert (tmp_path / name).read_text() == "the camp's"
