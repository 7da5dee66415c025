"""The camp's database: moments stay moments, and SQLite behaves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import StatementError

from puppetcamp.database import BUSY_SECONDS, Moment, create_tables, open_engine
from puppetcamp.errors import SetupError
from puppetcamp.exchange.store import ExchangeStore
from tests.unit.exchange.archives import pack

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
table = Table("moments", MetaData(), Column("at", Moment))


def test_sqlite_is_prepared(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    with engine.connect() as connection:
        pragma = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": BUSY_SECONDS * 1000,
    }


def test_moments_come_back_as_utc() -> None:
    engine = open_engine("sqlite://")
    there = datetime(2026, 11, 23, 9, 0, 0, 123456, timezone(timedelta(hours=5)))
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        connection.execute(insert(table), [{"at": there}, {"at": None}])
        back = connection.scalars(select(table.c.at)).all()
    engine.dispose()
    assert back == [there, None]
    assert back[0] is not None
    assert back[0].tzinfo is UTC


def test_naive_moments_are_refused() -> None:
    engine = open_engine("sqlite://")
    naive = {"at": datetime(2026, 11, 23)}
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        with pytest.raises(StatementError, match="no time zone"):
            connection.execute(insert(table), naive)
    engine.dispose()


OLDER = {
    "exchange_release": ("due_at",),
    "exchange_feedback": ("score", "max_score"),
}
"""Columns that the first version of the camp did not have."""


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Engine]:
    """Open the database of a camp that an earlier version has made and used."""
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    store = ExchangeStore(engine, tmp_path / "exchange")
    store.release("puppet", "motd", pack(), NOON)
    kept = store.submit("puppet", "motd", "ada", pack(), NOON)
    store.give_feedback(kept.submission, pack({"motd.html": b"x"}), NOON)
    with engine.begin() as connection:
        for name, columns in OLDER.items():
            for column in columns:
                connection.execute(text(f"ALTER TABLE {name} DROP COLUMN {column}"))
    yield engine
    engine.dispose()


def test_an_older_camp_gets_the_columns_that_it_lacks(
    older: Engine, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(lambda _: create_tables(older), range(4)))
    store = ExchangeStore(older, tmp_path / "exchange")
    [standing] = store.standing("puppet", "ada")
    [kept] = standing.submissions
    assert (standing.release.due_at, kept.version) == (None, 1)
    assert kept.feedback is not None
    assert (kept.feedback.given_at, kept.feedback.score) == (NOON, None)
    store.release("puppet", "motd", pack(), NOON, due_at=NOON)
    assert store.due_at("puppet", "motd") == NOON
    for name, columns in OLDER.items():
        there = {found["name"] for found in inspect(older).get_columns(name)}
        assert there >= set(columns)


def test_a_database_that_cannot_be_mended_is_refused(older: Engine) -> None:
    with older.begin() as connection:
        connection.execute(text("ALTER TABLE exchange_submission DROP COLUMN sha256"))
    with pytest.raises(SetupError, match="exchange_submission has no column sha256"):
        create_tables(older)
