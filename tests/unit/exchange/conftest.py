"""A store on a real database and a real disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.database import create_tables, open_engine
from puppetcamp.exchange.store import ExchangeStore


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, tmp_path: Path) -> ExchangeStore:
    return ExchangeStore(engine, tmp_path / "exchange")
