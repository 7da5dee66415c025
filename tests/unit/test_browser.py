"""Sign-in for browsers: what may be forged, and what the cookies are like.

tests/hub/test_desk.py does all of it with a real hub.
"""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from puppetcamp.browser import CALLBACK, TOKEN_COOKIE, SignIn, Visitor, welcome
from puppetcamp.identity import ACCESS_SCOPE
from puppetcamp.settings import StaffSettings

PAGE = "/services/camp/page"


class Hub:
    """Hand out one token for one code, and know whose it is."""

    oauth_client_id = "service-camp"
    oauth_authorization_url = "/hub/api/oauth2/authorize"

    def token_for_code(self, code: str, *, code_verifier: str) -> str:
        assert (code, len(code_verifier) > 40) == ("right", True)
        return "token"

    def user_for_token(self, token: str, session_id: str = "") -> dict[str, Any]:
        assert token == "token"  # noqa: S105 -- a name
        return {"kind": "user", "name": "ada", "scopes": [ACCESS_SCOPE]}

    def check_scopes(self, wanted: list[str], user: dict[str, Any]) -> bool:
        return set(wanted) <= set(user["scopes"])


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.hub_auth = hub = Hub()
    app.state.staff = StaffSettings()
    SignIn(hub, b"secret", secure=True).install(app)  # type: ignore[arg-type]

    @app.get(PAGE)
    def page(request: Request, person: Visitor) -> Response:
        return welcome(request, Response(person.name))

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://camp") as http:
        yield http


async def leave(http: httpx.AsyncClient, path: str = PAGE) -> str:
    """Ask for a page without a sign-in; return the state that goes to the hub."""
    answer = await http.get(path)
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["code_challenge_method"] == ["S256"]
    return asked["state"][0]


async def test_browser_comes_back_to_where_it_was(http: httpx.AsyncClient) -> None:
    state = await leave(http, f"{PAGE}?a=b%26c")
    back = await http.get(CALLBACK, params={"code": "right", "state": state})
    assert back.status_code == 303
    assert back.headers["Location"] == f"{PAGE}?a=b%26c"
    cookie = next(
        c
        for c in back.headers.get_list("Set-Cookie")
        if c.startswith(f"{TOKEN_COOKIE}=")
    )
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/services/camp/"):
        assert word in cookie
    shown = await http.get(PAGE)
    assert shown.text == "ada"
    again = await http.get(CALLBACK, params={"code": "right", "state": state})
    assert again.status_code == 400, "a state is good for one sign-in"


async def test_two_tabs_sign_in_side_by_side(http: httpx.AsyncClient) -> None:
    first, second = await leave(http), await leave(http)
    for state in (first, second):
        back = await http.get(CALLBACK, params={"code": "right", "state": state})
        assert back.status_code == 303


async def test_states_of_others_are_refused(http: httpx.AsyncClient) -> None:
    state = await leave(http)
    held = next(iter(http.cookies.jar))
    for name, value, asked in (
        (held.name, held.value, "another"),
        (held.name, "e30=.", state),
        (held.name, f"{held.value}0", state),
        (held.name, "", state),
    ):
        http.cookies.clear()
        http.cookies.set(name, value or "", path="/services/camp/")
        answer = await http.get(CALLBACK, params={"code": "right", "state": asked})
        assert answer.status_code == 400, value
