"""nbgrader's own tools over the camp's exchange.

nbgrader, the service and the gradebook are real; only the hub's word on a token is
replaced, by one that takes the token for the name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from fastapi import FastAPI
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from puppetcamp.database import create_tables, open_engine
from puppetcamp.exchange.api import router
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.identity import current_person
from puppetcamp_lab.nbgrader_defaults import configure
from tests.hub.exchange.outcome import done
from tests.unit.lab.seats import Seat, exercise, person_of, serving, take_seat


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    app = FastAPI()
    store = ExchangeStore(engine, tmp_path / "exchange")
    app.include_router(router(store, lambda: datetime.now(UTC)))
    app.dependency_overrides[current_person] = person_of
    with serving(app) as url:
        yield url
    engine.dispose()


@pytest.fixture
def seats(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Seat]:
    return {
        name: take_seat(name, tmp_path / "homes" / name, service, monkeypatch)
        for name in ("ada", "bob", "ines")
    }


@pytest.fixture
def formgrader(seats: dict[str, Seat]) -> NbGraderAPI:
    """Open the instructor's course with one generated, unreleased exercise."""
    course = seats["ines"].home / "course"
    (course / "source" / "motd" / "files").mkdir(parents=True)
    nbformat.write(exercise(), course / "source" / "motd" / "motd.ipynb")
    (course / "source" / "motd" / "files" / "text").write_text("Welcome")
    seats["ines"].sit_down()
    config = Config()
    configure(config)
    config.CourseDirectory.course_id = "puppet"
    config.CourseDirectory.root = str(course)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    done(api.generate_assignment("motd"))
    return api
