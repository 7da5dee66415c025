"""A test's own timekeeper, on the ledger of a camp whose hub and enforcer run."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine

from puppetcamp.clock import camp_clock
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules
from puppetcamp.sessions.timekeeper import Timekeeper
from tests.hub.support.camp import HubCamp


def timekeeper_of(camp: HubCamp, engine: Engine) -> Timekeeper:
    """Make a timekeeper with a camp's rules; `engine` is `camp.ledger_engine()`."""
    staff = frozenset(camp.staff)
    rules = Rules(
        timedelta(seconds=camp.length),
        camp.opens,
        camp.closes,
        camp.seats,
        staff=staff,
        extenders=staff,
    )
    return Timekeeper(rules, Ledger(engine), camp_clock(engine))


@contextlib.contextmanager
def at_the_desk(camp: HubCamp) -> Iterator[Timekeeper]:
    """Open a camp's ledger as the desk does, for a moment."""
    engine = camp.ledger_engine()
    try:
        yield timekeeper_of(camp, engine)
    finally:
        engine.dispose()
