"""What tests about time need: a clock set by hand, a ledger, a timekeeper."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from puppetcamp.database import metadata, open_engine
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules
from puppetcamp.sessions.timekeeper import Timekeeper

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TINY = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STAFF = frozenset({"organizer", "instructor"})


class Time:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Read the clock."""
        return self.now


def rules(
    length: timedelta = 3 * HOUR,
    opens: datetime | None = None,
    closes: datetime | None = None,
    **more: object,
) -> Rules:
    """Make rules with the usual staff, of whom the organizer may give more time."""
    known = {"staff": STAFF, "extenders": frozenset({"organizer"})}
    return Rules(length, opens, closes, 5, **{**known, **more})  # type: ignore[arg-type]


def database(folder: Path) -> Engine:
    """Make a camp's database with its tables; the caller disposes of it."""
    engine = open_engine(f"sqlite:///{folder / 'camp.sqlite'}")
    metadata.create_all(engine)
    return engine


def timekeeper(engine: Engine, clock: Time, asked: Rules | None = None) -> Timekeeper:
    """Make a timekeeper, by default for three hours each."""
    return Timekeeper(asked or rules(), Ledger(engine), clock)
