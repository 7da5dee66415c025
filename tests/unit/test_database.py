"""The camp's database: moments stay moments, and SQLite behaves."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from puppetcamp.database import BUSY_SECONDS, Moment, open_engine

table = Table("moments", MetaData(), Column("at", Moment))


def test_sqlite_is_prepared(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    with engine.connect() as connection:
        pragma = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragma == {
        "journal_mode": "wal",
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
