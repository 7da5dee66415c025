"""The shape of what the countdown asks; tests/hub has real tokens."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from puppetcamp.identity import Person, Role, current_person
from puppetcamp.sessions.api import Beside, router
from puppetcamp.sessions.timekeeper import Timekeeper
from tests.unit.sessions.support import HOUR, NOW, Time, rules, timekeeper


@pytest.fixture
def times(engine: Engine, clock: Time) -> Timekeeper:
    return timekeeper(engine, clock, rules(own_extensions=1))


async def ask(
    times: Timekeeper,
    name: str,
    path: str = "",
    role: Role = Role.ATTENDEE,
    beside: Beside | None = None,
) -> httpx.Response:
    """Ask for one's own camp session, or post to a path below it."""
    app = FastAPI()
    app.include_router(router(times, beside or Beside()))
    app.dependency_overrides[current_person] = lambda: Person(name, role)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://camp") as http:
        return await http.request(
            "POST" if path else "GET", f"/api/sessions/mine{path}"
        )


async def body(times: Timekeeper, name: str, **options: Any) -> dict[str, Any]:
    """Return what is answered, without a fault."""
    answer = await ask(times, name, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_time_left(times: Timekeeper, clock: Time) -> None:
    times.enter("ann")
    clock.now += HOUR
    assert await body(times, "ann") == {
        "attendee": "ann",
        "phase": "running",
        "started": "2026-11-23T09:00:00Z",
        "deadline": "2026-11-23T12:00:00Z",
        "remaining_seconds": 7200.0,
        "paused": False,
        "now": "2026-11-23T10:00:00Z",
        "warn_at_seconds": [600, 300, 60],
        "extension": {"allowed": True, "seconds": 900.0, "left": 1, "reason": None},
        "idle": {"ends_at": None},
        "notices": [],
        "take_home": None,
        "progress": False,
    }


async def test_nothing_is_left_when_time_is_up(times: Timekeeper, clock: Time) -> None:
    times.enter("ann")
    clock.now += 9 * HOUR
    found = await body(times, "ann")
    assert found["remaining_seconds"] == 0
    assert found["phase"] == "expired"
    assert found["extension"]["allowed"] is False
    assert "Ask your instructor" in found["extension"]["reason"]


async def test_no_time_runs_before_the_first_start_nor_for_staff(
    times: Timekeeper,
) -> None:
    times.enter("organizer")
    for name, role, phase in (
        ("bo", Role.ATTENDEE, "not-begun"),
        ("organizer", Role.ORGANIZER, "staff"),
    ):
        found = await body(times, name, role=role)
        assert found["phase"] == phase
        assert found["started"] is None
        assert found["deadline"] is None
        assert found["remaining_seconds"] is None
        assert found["extension"]["allowed"] is False


async def test_more_time_is_given_as_often_as_the_rules_allow(
    times: Timekeeper,
) -> None:
    times.enter("ann")
    found = await body(times, "ann", path="/extension")
    assert found["deadline"] == "2026-11-23T12:15:00Z"
    assert found["extension"]["allowed"] is False
    refused = await ask(times, "ann", "/extension")
    assert refused.status_code == 409
    assert refused.json()["detail"] == found["extension"]["reason"]
    assert times.standing("ann").extensions == 1


async def test_what_others_tell_comes_along(times: Timekeeper) -> None:
    here: list[tuple[str, datetime]] = []
    told = {"id": 3, "text": "Lunch!", "sender": "organizer", "at": NOW}
    beside = Beside(
        notices=lambda name, now: [told],
        take_home=lambda name, now: {"state": "ready", "url": "/x", "until": NOW},
        idle=lambda name, now: now + HOUR,
        present=lambda name, now: here.append((name, now)),
        progress=True,
    )
    found = await body(times, "ann", beside=beside)
    assert found["notices"] == [{**told, "at": "2026-11-23T09:00:00Z", "link": None}]
    assert found["take_home"]["state"] == "ready"
    assert found["idle"] == {"ends_at": "2026-11-23T10:00:00Z"}
    assert found["progress"] is True
    assert here == []
    await body(times, "ann", path="/presence", beside=beside)
    assert here == [("ann", NOW)]
