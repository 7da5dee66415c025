"""Who is asking: the hub's word on a token, turned into a person of the camp."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from jupyterhub.services.auth import HubAuth
from starlette.concurrency import run_in_threadpool
from tornado.web import HTTPError as HubSaysNothing

from puppetcamp.settings import StaffSettings

ACCESS_SCOPE = "access:services!service=camp"
"""The scope without which a token does not open the camp's service."""


REFUSALS = {
    401: "The hub does not know the token.",
    403: "The token does not open the camp's service to its owner.",
    503: "The hub does not answer.",
}
"""The statuses with which `current_person` refuses, and why."""


class Role(StrEnum):
    """Name what a person does in the camp."""

    ATTENDEE = "attendee"
    INSTRUCTOR = "instructor"
    ORGANIZER = "organizer"


@dataclass(frozen=True)
class Person:
    """Name somebody the hub vouches for, with the scopes of what they showed."""

    name: str
    role: Role
    scopes: frozenset[str] = frozenset()


def role_of(name: str, staff: StaffSettings) -> Role:
    """Look up a role in the camp's settings; whoever is not staff is an attendee."""
    if name in staff.organizers:
        return Role.ORGANIZER
    if name in staff.instructors:
        return Role.INSTRUCTOR
    return Role.ATTENDEE


async def current_person(request: Request) -> Person:
    """Ask the hub whose token the request carries.

    Reads ``Authorization: token …`` or ``Authorization: Bearer …``. Raises
    HTTPException 401 without a valid token, 403 for a token that was not made for the
    camp's service, and 503 when the hub does not say.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in {"token", "bearer"} or not token.strip():
        raise HTTPException(
            401,
            "No token of the hub was sent. Sign in at the camp's address first.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return await person_of(request, token.strip())


async def person_of(request: Request, token: str, session_id: str = "") -> Person:
    """Ask the hub whose token this is.

    `session_id` is that of the browser's stay at the hub, if a browser asks: after a
    sign-out an answer that was kept for the one before does not count. Raises
    HTTPException as `current_person` does.
    """
    hub: HubAuth = request.app.state.hub_auth
    # A header may hold anything; the hub's tokens are printable.
    printable = token.isascii() and token.isprintable()
    try:
        user = (
            await run_in_threadpool(hub.user_for_token, token, session_id=session_id)
            if printable
            else None
        )
    except HubSaysNothing as error:
        raise HTTPException(
            503, "The hub does not say whose token this is. Try again in a minute."
        ) from error
    if user is None:
        raise HTTPException(
            401,
            "The hub does not know this token. Restart your server to get a new one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not hub.check_scopes([ACCESS_SCOPE], user):
        raise HTTPException(403, "This token does not open the camp's service.")
    if user.get("kind") != "user":
        raise HTTPException(403, "The camp's service answers people, not services.")
    name: str = user["name"]
    role = role_of(name, request.app.state.staff)
    return Person(name, role, frozenset(user["scopes"]))


CurrentPerson = Annotated[Person, Depends(current_person)]


def require_instructor(person: CurrentPerson) -> Person:
    """Let instructors and organizers through; raise HTTPException 403 for others."""
    if person.role is Role.ATTENDEE:
        raise HTTPException(403, "Only the camp's instructors may do this.")
    return person


Instructor = Annotated[Person, Depends(require_instructor)]
