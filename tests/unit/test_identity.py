"""Who may speak to the camp's service, by what the hub says of a token."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tornado.web import HTTPError

from puppetcamp.identity import ACCESS_SCOPE, CurrentPerson, Instructor, Role
from puppetcamp.settings import StaffSettings

USERS: dict[str, dict[str, Any]] = {
    "ada's": {"kind": "user", "name": "ada", "scopes": [ACCESS_SCOPE]},
    "grace's": {"kind": "user", "name": "instructor", "scopes": [ACCESS_SCOPE]},
    "boss's": {"kind": "user", "name": "organizer", "scopes": [ACCESS_SCOPE]},
    "narrow": {"kind": "user", "name": "ada", "scopes": ["access:servers!user=ada"]},
    "culler's": {"kind": "service", "name": "idle-culler", "scopes": [ACCESS_SCOPE]},
}


class Hub:
    """Answer as the hub does, from the table above."""

    def user_for_token(self, token: str, session_id: str = "") -> dict[str, Any] | None:
        assert token.isascii()
        if token.startswith("restart"):
            raise HTTPError(500, "Failed to connect to Hub API")
        return USERS.get(token)

    def check_scopes(self, wanted: list[str], user: dict[str, Any]) -> bool:
        return set(wanted) <= set(user["scopes"])


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.state.hub_auth = Hub()
    app.state.staff = StaffSettings()

    @app.get("/me")
    def me(person: CurrentPerson) -> dict[str, str]:
        return {"name": person.name, "role": person.role}

    @app.get("/staff")
    def staff(person: Instructor) -> str:
        return person.name

    return app


async def ask(app: FastAPI, path: str, authorization: str | None) -> httpx.Response:
    headers = {}
    if authorization is not None:
        headers["Authorization"] = authorization.encode("latin-1")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://camp") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("token", "name", "role"),
    [
        ("ada's", "ada", Role.ATTENDEE),
        ("grace's", "instructor", Role.INSTRUCTOR),
        ("boss's", "organizer", Role.ORGANIZER),
    ],
)
@pytest.mark.parametrize("scheme", ["token", "Bearer"])
async def test_the_token_says_who_it_is(
    app: FastAPI, scheme: str, token: str, name: str, role: Role
) -> None:
    answer = await ask(app, "/me", f"{scheme} {token}")
    assert answer.json() == {"name": name, "role": role}


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("token", 401),
        ("token ", 401),
        ("Basic ada's", 401),
        ("token forged", 401),
        ("token f\u00f6rged", 401),
        ("token restarting", 503),
        ("token narrow", 403),
        ("token culler's", 403),
    ],
)
async def test_everything_else_is_refused_in_a_sentence(
    app: FastAPI, authorization: str | None, status: int
) -> None:
    answer = await ask(app, "/me", authorization)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("token", "status"), [("ada's", 403), ("grace's", 200), ("boss's", 200)]
)
async def test_instructors_work_is_closed_to_attendees(
    app: FastAPI, token: str, status: int
) -> None:
    answer = await ask(app, "/staff", f"token {token}")
    assert answer.status_code == status
