"""Fixtures of the tests of progress."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.progress import store  # noqa: F401 -- its table
from tests.unit.sessions.support import database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a camp's database, empty."""
    engine = database(tmp_path)
    yield engine
    engine.dispose()
