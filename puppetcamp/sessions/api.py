"""How much time is left, over HTTP: what the countdown in the browser asks."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from puppetcamp.clock import Clock, utc_now
from puppetcamp.identity import REFUSALS, CurrentPerson, Role
from puppetcamp.problems import documented
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules, deadline, remaining


class MySession(BaseModel):
    """Tell people about their own time: None for staff and before it began."""

    attendee: str
    started: datetime | None = Field(default=None, description="When their time began.")
    deadline: datetime | None = Field(default=None, description="When it ends.")
    remaining_seconds: float | None = Field(
        default=None, description="How much is left at `now`; never negative."
    )
    now: datetime = Field(description="The camp's clock: compare with it alone.")


def router(rules: Rules, ledger: Ledger, clock: Clock = utc_now) -> APIRouter:
    """Build the routes of camp sessions."""
    routes = APIRouter(prefix="/api/sessions", tags=["sessions"])

    @routes.get("/mine", responses=documented(REFUSALS))
    def mine(person: CurrentPerson) -> MySession:
        """Return the camp session of whoever's token it is."""
        now = clock()
        session = None
        if person.role is Role.ATTENDEE:
            session = ledger.current(person.name, rules.opens)
        if session is None:
            return MySession(attendee=person.name, now=now)
        return MySession(
            attendee=person.name,
            started=session.started,
            deadline=deadline(rules, session),
            remaining_seconds=remaining(rules, session, now).total_seconds(),
            now=now,
        )

    return routes
