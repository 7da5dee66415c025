"""Sign-in for browsers: the pages of the camp's service know who looks at them.

A page that is asked for without a sign-in sends the browser to the hub (OAuth 2 with
PKCE) and back. What the hub hands out is kept in a cookie that no script can read and
that is sent to this service alone. The hub, its service and everybody's servers share
one origin, so a cookie alone proves little: a page is given to a navigation only, never
to a script or into a frame, and every other request with the cookie must carry the
word that the page's own cookie `_xsrf` holds.
"""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from jupyterhub.services.auth import HubOAuth
from starlette.concurrency import run_in_threadpool
from tornado.web import HTTPError as HubSaysNothing

from puppetcamp.identity import Person, current_person, person_of
from puppetcamp.place import SERVICE_PREFIX

TOKEN_COOKIE = "puppetcamp-sign-in"  # noqa: S105 -- a name
XSRF_COOKIE = "_xsrf"
XSRF_HEADER = "X-XSRFToken"
COOKIE_PATH = f"{SERVICE_PREFIX}/"
CALLBACK = f"{SERVICE_PREFIX}/oauth_callback"
STATE_SECONDS = 600
"""How long a sign-in at the hub may take."""

FORM_BYTES = 4096
"""How large a form of ours can be."""

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    # Servers of attendees have the same origin: a window that one of them opens must
    # not be a handle on what is shown in it.
    "Cross-Origin-Opener-Policy": "noopener-allow-popups",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every page of the service says to the browser."""


class SignInNeeded(Exception):
    """Send the browser to the hub and back to where it is now."""


class SignIn:
    """Bring browsers to the hub and back; one for each service.

    `secret` signs what must come back unchanged. `secure` tells whether browsers reach
    the camp over HTTPS.
    """

    def __init__(self, hub: HubOAuth, secret: bytes, *, secure: bool) -> None:
        self._hub = hub
        self._key = hashlib.sha256(b"puppetcamp browser sign-in:" + secret).digest()
        self._secure = secure

    def install(self, app: FastAPI) -> None:
        """Add the way back from the hub, and the way there, to an application."""
        app.state.sign_in = self
        app.include_router(self._router())

        @app.exception_handler(SignInNeeded)
        async def send_to_the_hub(request: Request, _: Exception) -> Response:
            return self._depart(request)

    def xsrf(self, token: str) -> str:
        """Give the word that goes with a sign-in; nobody can guess one from others."""
        return self._sign(f"xsrf:{token}")

    def welcome(self, request: Request, response: Response) -> Response:
        """Give a page its headers, and its script the word of the visitor's sign-in."""
        token = request.cookies.get(TOKEN_COOKIE, "")
        response.headers.update(PAGE_HEADERS)
        self._set(response, XSRF_COOKIE, self.xsrf(token), httponly=False)
        return response

    def _router(self) -> APIRouter:
        routes = APIRouter(include_in_schema=False)

        @routes.get(CALLBACK)
        async def come_back(request: Request) -> Response:
            return await self._arrive(request)

        return routes

    def _depart(self, request: Request) -> Response:
        """Redirect to the hub; remember in a signed cookie where to come back to."""
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(verifier.encode()).digest()
        ).rstrip(b"=")
        asked = {
            "client_id": self._hub.oauth_client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        url = f"{self._hub.oauth_authorization_url}?{urlencode(asked)}"
        going = RedirectResponse(url, 302, {"Cache-Control": "no-store"})
        back = request.url.path
        if request.url.query:
            back += f"?{request.url.query}"
        memo = json.dumps({"state": state, "verifier": verifier, "back": back})
        packed = base64.urlsafe_b64encode(memo.encode()).decode()
        signed = f"{packed}.{self._sign(packed)}"
        self._set(going, _state_cookie(state), signed, max_age=STATE_SECONDS)
        return going

    async def _arrive(self, request: Request) -> Response:
        """Take the hub's code for a token, and go to where the browser wanted to."""
        state = request.query_params.get("state", "")
        memo = self._memo(request.cookies.get(_state_cookie(state), ""))
        code = request.query_params.get("code", "")
        if not code or not state or not hmac.compare_digest(memo["state"], state):
            raise HTTPException(
                400, "The sign-in took too long or was mixed up. Open the page again."
            )
        try:
            token = await run_in_threadpool(
                self._hub.token_for_code, code, code_verifier=memo["verifier"]
            )
        except HubSaysNothing as error:
            raise HTTPException(
                503, "The hub did not confirm the sign-in. Open the page again."
            ) from error
        home = RedirectResponse(memo["back"], 303, {"Cache-Control": "no-store"})
        self._set(home, TOKEN_COOKIE, token)
        home.delete_cookie(_state_cookie(state), path=COOKIE_PATH)
        return home

    def _memo(self, signed: str) -> dict[str, str]:
        packed, _, signature = signed.partition(".")
        if not _same(signature, self._sign(packed)):
            return {"state": ""}
        memo: dict[str, str] = json.loads(base64.urlsafe_b64decode(packed))
        return memo

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _set(self, response: Response, name: str, value: str, **options: Any) -> None:
        response.set_cookie(
            name,
            value,
            **{
                "path": COOKIE_PATH,
                "secure": self._secure,
                "httponly": True,
                "samesite": "lax",
                **options,
            },
        )


async def visitor(request: Request) -> Person:
    """Tell who looks at a page; raise SignInNeeded if nobody is signed in.

    Raises HTTPException 403 for a script or a frame that wants the page.
    """
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    kind = request.headers.get("Sec-Fetch-Dest", "document")
    if (mode, kind) != ("navigate", "document"):
        raise HTTPException(403, "This page is for people, not for scripts or frames.")
    return await _by_cookie(request)


async def own_form(request: Request) -> dict[str, str]:
    """Read a form of one of our own pages; raise HTTPException 403 for any other."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > FORM_BYTES:
        raise HTTPException(413, "This form is too large.")
    body = (await request.body()).decode("ascii", "replace")
    form = {name: values[-1] for name, values in parse_qs(body).items()}
    _require_word(request, form.get("_xsrf", ""))
    return form


async def anyone(request: Request) -> Person:
    """Tell who asks an API: by a token of the hub, or by a sign-in and its word."""
    if "Authorization" in request.headers:
        return await current_person(request)
    if not request.cookies.get(TOKEN_COOKIE):
        raise HTTPException(
            401,
            "Nobody is signed in here. Load the page again to sign in.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    word = request.headers.get(XSRF_HEADER) or request.query_params.get("_xsrf", "")
    _require_word(request, word)
    try:
        return await _by_cookie(request)
    except SignInNeeded as error:
        raise HTTPException(
            401,
            "The sign-in is over. Load the page again.",
            headers={"WWW-Authenticate": "Bearer"},
        ) from error


Visitor = Annotated[Person, Depends(visitor)]
Form = Annotated[dict[str, str], Depends(own_form)]
Anyone = Annotated[Person, Depends(anyone)]


def welcome(request: Request, response: Response) -> Response:
    """Give a page its headers, and its script the word that its requests must carry."""
    sign_in: SignIn = request.app.state.sign_in
    return sign_in.welcome(request, response)


def word_of(request: Request) -> str:
    """Give the word for a form's hidden field `_xsrf`."""
    sign_in: SignIn = request.app.state.sign_in
    return sign_in.xsrf(request.cookies.get(TOKEN_COOKIE, ""))


async def _by_cookie(request: Request) -> Person:
    token = request.cookies.get(TOKEN_COOKIE, "")
    if not token:
        raise SignInNeeded
    session_id = request.cookies.get("jupyterhub-session-id", "")
    try:
        return await person_of(request, token, session_id)
    except HTTPException as error:
        if error.status_code == 401:
            raise SignInNeeded from error
        raise


def _require_word(request: Request, word: str) -> None:
    if not _same(word, word_of(request)):
        raise HTTPException(
            403, "The request does not come from this page. Load the page again."
        )


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _state_cookie(state: str) -> str:
    """Give each sign-in that is under way a cookie of its own: two tabs, two states."""
    return f"{TOKEN_COOKIE}-{hashlib.sha256(state.encode()).hexdigest()[:8]}"
