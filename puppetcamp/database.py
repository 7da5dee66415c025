"""The camp's own database: one engine, one declarative base.

SQLite by default, any URL that SQLAlchemy takes. Moments are stored as UTC and come
back timezone-aware, whatever the database thinks of time zones.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from puppetcamp.errors import SessionError, SetupError

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""


class HubConnection(sqlite3.Connection):
    """A connection of JupyterHub to its own database, which it commits to all the time.

    Some thirty commits come with one arrival, on the hub's only thread. Without a wait
    for the disk in each of them a power cut may take back the last moments of the hub's
    memory, never of the camp's: that is another database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = NORMAL")


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

    Creates no table: call `create_tables(engine)` when every capability has been
    imported.
    """
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def transaction(engine: Engine, fault: str) -> Iterator[Session]:
    """Read and write what time depends on, in one transaction.

    Raises IntegrityError where somebody else was quicker, and SessionError where the
    database cannot be used; its message begins with `fault`.
    """
    try:
        with Session(engine) as db, db.begin():
            yield db
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        message = (
            f"{fault}: {error}; look at the disk and the rights of the state volume"
        )
        raise SessionError(message) from error


def create_tables(engine: Engine) -> None:
    """Make the tables that are missing, and the columns that an older camp lacks.

    Versions of the camp only ever add columns, which are empty in the rows that are
    there; raises SetupError where that is not enough. Harmless to repeat, and to run in
    two processes at once.
    """
    metadata.create_all(engine)
    for name, column in _missing(engine):
        if not column.nullable:
            message = (
                f"The camp's database was made by another version: {name} has no "
                f"column {column.name}. Open the camp with the version that made it, "
                "or make a new one: make clean."
            )
            raise SetupError(message)
        quote = engine.dialect.identifier_preparer.quote
        kind = column.type.compile(engine.dialect)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(
                    f"ALTER TABLE {quote(name)} ADD COLUMN {quote(column.name)} {kind}"
                )
        except DBAPIError:
            # Another process of the camp may have been quicker.
            if (name, column.name) in {(t, c.name) for t, c in _missing(engine)}:
                raise


def _missing(engine: Engine) -> list[tuple[str, Column[Any]]]:
    """Compare the tables with the database; name what it lacks, table by table."""
    there = inspect(engine)
    return [
        (table.name, column)
        for table in metadata.sorted_tables
        for known in [{found["name"] for found in there.get_columns(table.name)}]
        for column in table.columns
        if column.name not in known
    ]


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let readers read while one writes, and let writers wait for each other."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # What was answered to be stored outlives a power cut; NORMAL would not promise it.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
