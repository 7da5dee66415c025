"""Progress over HTTP: what a seat's server sends of the cells that were run in it."""

from fastapi import APIRouter, HTTPException

from puppetcamp.clock import Clock
from puppetcamp.identity import REFUSALS, CurrentPerson, Role
from puppetcamp.problems import documented
from puppetcamp.progress.schemas import ProgressReport, Received
from puppetcamp.progress.store import ProgressStore

REPORTED = {
    400: "The body is no JSON.",
    404: "The camp does not ask for progress.",
}


def router(store: ProgressStore | None, clock: Clock) -> APIRouter:
    """Build the route; `store` is None where camp.toml has progress switched off."""
    routes = APIRouter(prefix="/api/progress", tags=["progress"])

    @routes.post("", responses=documented({**REFUSALS, **REPORTED}))
    def report(person: CurrentPerson, report: ProgressReport) -> Received:
        """Note runs of cells under the name of the token's owner."""
        if store is None:
            raise HTTPException(404, "This camp does not ask for progress.")
        if person.role is not Role.ATTENDEE:
            return Received(received=0)
        return Received(received=store.report(person.name, report.cells, clock()))

    return routes
