"""The shape of what the countdown asks; tests/hub has real tokens."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from puppetcamp.database import metadata, open_engine
from puppetcamp.identity import Person, Role, current_person
from puppetcamp.sessions.api import router
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    metadata.create_all(engine)
    yield Ledger(engine)
    engine.dispose()


async def ask(
    ledger: Ledger, name: str, role: Role = Role.ATTENDEE, now: datetime = NOW
) -> dict[str, object]:
    """Ask for one's own camp session, three hours long."""
    app = FastAPI()
    rules = Rules(3 * HOUR, None, None, seats=5)
    app.include_router(router(rules, ledger, lambda: now))
    app.dependency_overrides[current_person] = lambda: Person(name, role)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://camp") as http:
        answer = await http.get("/api/sessions/mine")
    assert answer.status_code == 200
    body: dict[str, object] = answer.json()
    return body


async def test_time_left(ledger: Ledger) -> None:
    ledger.begin("ann", NOW)
    assert await ask(ledger, "ann", now=NOW + HOUR) == {
        "attendee": "ann",
        "started": "2026-11-23T09:00:00Z",
        "deadline": "2026-11-23T12:00:00Z",
        "remaining_seconds": 7200.0,
        "now": "2026-11-23T10:00:00Z",
    }


async def test_nothing_is_left_when_time_is_up(ledger: Ledger) -> None:
    ledger.begin("ann", NOW)
    body = await ask(ledger, "ann", now=NOW + 9 * HOUR)
    assert body["remaining_seconds"] == 0


async def test_no_time_runs_before_the_first_start_nor_for_staff(
    ledger: Ledger,
) -> None:
    ledger.begin("organizer", NOW)
    for name, role in (("bo", Role.ATTENDEE), ("organizer", Role.ORGANIZER)):
        assert await ask(ledger, name, role) == {
            "attendee": name,
            "started": None,
            "deadline": None,
            "remaining_seconds": None,
            "now": "2026-11-23T09:00:00Z",
        }
