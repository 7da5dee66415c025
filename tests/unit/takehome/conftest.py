"""A store on a disk and a database of the test's own, and a clock that stands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.database import create_tables, open_engine
from puppetcamp.takehome.store import TakeHomeStore


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, tmp_path: Path, clock: Time) -> TakeHomeStore:
    store = TakeHomeStore(engine, tmp_path / "shelf", timedelta(days=14))
    store.prepare(clock())
    return store
