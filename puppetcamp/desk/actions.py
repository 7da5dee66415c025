"""What can be done at the desk, for one attendee, for some, or for all of them.

Each function does one thing and returns what came of it for everybody concerned;
`api.py` writes the audit log. Nothing here asks who may: the hub's scopes did.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from puppetcamp.clock import Clock
from puppetcamp.desk.consents import Consents, ConsentState
from puppetcamp.desk.notices import Notices
from puppetcamp.desk.schemas import Extend, Message, Outcome, Warm, Whom
from puppetcamp.desk.watch import Watch
from puppetcamp.errors import CampError
from puppetcamp.sessions.hub_api import HubApi, RunningServer
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.sessions.timekeeper import ExtensionRefused, Timekeeper

log = logging.getLogger(__name__)

HELP_PATH = "/services/camp/help"
"""Where attendees answer whether their server may be opened."""

STOP_SECONDS = 120.0
"""How long a server may take to stop before a restart is given up."""

_AT_ONCE = 4
"""How many restarts are under way at the same time."""


@dataclass
class Desk:
    """Hold everything that actions act on."""

    timekeeper: Timekeeper
    notices: Notices
    consents: Consents
    watch: Watch
    clock: Clock
    aim: Callable[[int, Iterable[str], datetime], None]
    roster: tuple[str, ...] = ()
    slots: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(_AT_ONCE)
    )
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def known(self) -> set[str]:
        """Name everybody whom the desk can do something to."""
        return set(self.timekeeper.standings())


def extend(desk: Desk, by: str, asked: Extend) -> list[Outcome]:
    """Give more time."""
    keeper = desk.timekeeper
    if asked.attendees == "all":
        found = keeper.extend_all(by, asked.seconds)
        return [_extended(name, found[name]) for name in sorted(found)]
    outcomes = []
    for name in _names(asked.attendees):
        try:
            outcomes.append(_extended(name, keeper.extend(name, by, asked.seconds)))
        except ExtensionRefused as refused:
            outcomes.append(_extended(name, refused))
    return outcomes


def end(desk: Desk, by: str, whom: Whom) -> list[Outcome]:
    """End the time of attendees; their servers stop a few seconds later."""
    standings = desk.timekeeper.standings()
    running = [n for n, s in standings.items() if s.phase is Phase.RUNNING]
    outcomes = []
    for name in sorted(running) if whom == "all" else _names(whom):
        if name not in running:
            outcomes.append(_refused(name, f"No time of {name}'s runs."))
            continue
        ended = desk.timekeeper.end(name, by)
        outcomes.append(
            Outcome(
                attendee=name,
                done=True,
                text=f"{name}'s time ends now; what they have open is saved first.",
                deadline=ended.deadline,
            )
        )
    return outcomes


def message(desk: Desk, by: str, asked: Message) -> list[Outcome]:
    """Show a message on attendees' screens."""
    if asked.attendees == "all":
        desk.notices.add(desk.clock(), by, asked.text)
        return []
    names, known = _names(asked.attendees), desk.known()
    there = [name for name in names if name in known]
    desk.notices.add(desk.clock(), by, asked.text, there)
    return [
        Outcome(attendee=name, done=True, text=f"{name} is shown the message.")
        if name in known
        else _nobody(name)
        for name in names
    ]


def ask(desk: Desk, by: str, whom: Iterable[str]) -> list[Outcome]:
    """Ask attendees whether a member of staff may open their server."""
    known, now, outcomes = desk.known(), desk.clock(), []
    for name in _names(whom):
        if name not in known:
            outcomes.append(_nobody(name))
            continue
        consent = desk.consents.ask(name, by, now)
        if consent.state is ConsentState.AGREED:
            text = f"{name} has agreed already."
        else:
            text = f"{name} is asked; the desk shows their answer."
            question = f"{by} asks to open your JupyterLab, to help you."
            desk.notices.add(now, by, question, [name], HELP_PATH)
        outcomes.append(Outcome(attendee=name, done=True, text=text))
    return outcomes


def warm(desk: Desk, asked: Warm) -> str:
    """Set how many seats are kept warm; return a sentence."""
    roster = desk.roster if asked.roster else ()
    desk.aim(asked.walk_ins, roster, desk.clock())
    names = f" and for {len(roster)} names of the roster" if roster else ""
    return f"Seats are kept warm for {asked.walk_ins} who may come{names}."


async def restart(desk: Desk, whom: Whom) -> list[Outcome]:
    """Give attendees a fresh container; home and time stay as they are.

    Returns when that has begun; what fails later is a problem on the desk.
    """
    hub = desk.watch.hub
    if hub is None:
        message = "the service is not running yet; try again in a moment"
        raise CampError(message)
    servers = await desk.watch.servers(anew=True)
    outcomes = []
    for name in sorted(servers) if whom == "all" else _names(whom):
        server = servers.get(name)
        if server is None or not server.ready or server.pending:
            outcomes.append(_refused(name, f"{name} has no server that runs."))
            continue
        task = asyncio.create_task(_restart(desk, hub, server))
        desk.tasks.add(task)
        task.add_done_callback(desk.tasks.discard)
        text = f"{name}'s seat is being restarted; their files and time are kept."
        outcomes.append(Outcome(attendee=name, done=True, text=text))
    return outcomes


async def _restart(desk: Desk, hub: HubApi, server: RunningServer) -> None:
    try:
        async with desk.slots, asyncio.timeout(STOP_SECONDS):
            await hub.stop(server)
            while server.owner in await desk.watch.servers(anew=True):
                await asyncio.sleep(0.5)
            await hub.start(server.owner)
    except (CampError, TimeoutError) as error:
        log.warning("the seat of %s was not restarted: %r", server.owner, error)


def _extended(name: str, found: Standing | ExtensionRefused) -> Outcome:
    if isinstance(found, ExtensionRefused):
        return _refused(name, str(found))
    return Outcome(
        attendee=name,
        done=True,
        text=f"{name} has more time.",
        deadline=found.deadline,
    )


def _names(whom: Iterable[str]) -> list[str]:
    return sorted(set(whom))


def _nobody(name: str) -> Outcome:
    return _refused(name, f"Nobody called {name} has begun in this camp.")


def _refused(name: str, text: str) -> Outcome:
    return Outcome(attendee=name, done=False, text=text)
