"""The camp's own database: one engine, one declarative base.

SQLite by default, any URL that SQLAlchemy takes. Moments are stored as UTC and come
back timezone-aware, whatever the database thinks of time zones.
"""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""


class Base(DeclarativeBase):
    """Collect the tables of every capability; import the capability to register it."""


metadata = Base.metadata


class Moment(TypeDecorator[datetime]):
    """Store a timezone-aware datetime as UTC, to the microsecond."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse naive datetimes: nobody could say later which zone was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone; pass datetime.now(UTC)"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back what was stored, marked as UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def open_engine(url: str) -> Engine:
    """Open a database; connections may be used from several threads and processes.

    Creates no table: call `metadata.create_all(engine)` when every capability has
    been imported.
    """
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let readers read while one writes, and let writers wait for each other."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
