"""Fixtures of the desk's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.desk import audit, consents, notices, problems  # noqa: F401 -- tables
from puppetcamp.progress import store  # noqa: F401 -- its table
from tests.unit.sessions.support import database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a camp's database, empty."""
    engine = database(tmp_path)
    yield engine
    engine.dispose()
