"""Who stands at the desk: the hub's scopes of a sign-in, turned into what they may."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Request

from puppetcamp.browser import Anyone
from puppetcamp.desk.roles import WATCH, allowed
from puppetcamp.desk.schemas import Action, You
from puppetcamp.identity import REFUSALS, Person, Role
from puppetcamp.problems import documented

REFUSED = documented({**REFUSALS, 403: "The token's scopes do not allow it."})
"""How every route of the desk refuses."""

REFUSED_ACTION = {**REFUSED, **documented({400: "The body is no JSON."})}
"""How every action of the desk refuses."""


def you(request: Request, person: Person) -> You:
    """Tell somebody who they are to the desk; raise HTTPException 403 for attendees."""
    if WATCH not in person.scopes:
        raise HTTPException(403, "The desk is for the camp's staff.")
    role: Literal["organizer", "instructor"] = (
        "organizer" if person.role is Role.ORGANIZER else "instructor"
    )
    return You(name=person.name, role=role, may=list(_allowed(request, person)))


def may(action: Action) -> Callable[..., Person]:
    """Make a dependency that lets through who may do something, and names them."""

    def check(request: Request, person: Anyone) -> Person:
        if action not in _allowed(request, person):
            message = f"You may not do this at the desk: {action}."
            raise HTTPException(403, message)
        return person

    return check


def _allowed(request: Request, person: Person) -> tuple[Action, ...]:
    extend: bool = request.app.state.instructors_extend
    return allowed(person.scopes, instructors_extend=extend)


Extender = Annotated[Person, Depends(may(Action.EXTEND))]
Ender = Annotated[Person, Depends(may(Action.END))]
Messenger = Annotated[Person, Depends(may(Action.MESSAGE))]
Asker = Annotated[Person, Depends(may(Action.ASK))]
Restarter = Annotated[Person, Depends(may(Action.RESTART))]
Pauser = Annotated[Person, Depends(may(Action.PAUSE))]
Porter = Annotated[Person, Depends(may(Action.OPEN_DOORS))]
Warmer = Annotated[Person, Depends(may(Action.WARM))]
