"""Fixtures of the tests about time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.unit.sessions.support import Time, database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a camp's database, empty."""
    engine = database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Time:
    """Give a clock that is set by hand."""
    return Time()
