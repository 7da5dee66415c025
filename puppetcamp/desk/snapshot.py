"""The snapshot of the desk, put together from facts; no clock, no network, no disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from puppetcamp.desk.consents import Consent, ConsentState
from puppetcamp.desk.exercises import ClassWork
from puppetcamp.desk.schemas import (
    ExerciseNow,
    HelpNow,
    LessonNow,
    SeatNow,
    SeatState,
    Stuck,
)
from puppetcamp.progress.store import NotebookProgress, Progress
from puppetcamp.progress.stuck import stuck
from puppetcamp.seating.table import InLine
from puppetcamp.sessions.hub_api import RunningServer
from puppetcamp.sessions.policy import Phase, Standing

QUIET = timedelta(minutes=5)
"""After this much without activity a seat counts as idle."""

_WAITING = ("seat", "start")


@dataclass(frozen=True)
class Usage:
    """Hold what a seat's container uses: bytes, and cores that it keeps busy."""

    memory: int
    cpu: float | None


@dataclass(frozen=True)
class Facts:
    """Hold what is known of everybody's seat, by attendee's name; staff left out.

    `active` is when attendees last did something, by their seats' own count.
    """

    now: datetime
    standings: Mapping[str, Standing] = field(default_factory=dict)
    servers: Mapping[str, RunningServer] = field(default_factory=dict)
    line: Mapping[str, InLine] = field(default_factory=dict)
    active: Mapping[str, datetime] = field(default_factory=dict)
    warming: frozenset[str] = frozenset()
    progress: Mapping[str, Progress] = field(default_factory=dict)
    work: ClassWork = field(default_factory=ClassWork)
    consents: Sequence[Consent] = ()
    usage: Mapping[str, Usage] = field(default_factory=dict)


_NO_PROGRESS = Progress()


def seats(facts: Facts) -> list[SeatNow]:
    """Describe the seat of everybody who came or is expected, by name."""
    names = {*facts.standings, *facts.servers, *facts.line, *facts.warming}
    return [_seat(facts, name) for name in sorted(names)]


def state(facts: Facts, name: str) -> SeatState:
    """Name what somebody's seat is doing."""
    server, waiting = facts.servers.get(name), facts.line.get(name)
    if server is not None and server.pending == "stop":
        return SeatState.STOPPING
    if waiting is not None and waiting.stage in _WAITING:
        return SeatState.QUEUED
    if name in facts.warming and server is None and waiting is None:
        return SeatState.WARMING
    if waiting is not None or (server is not None and not server.ready):
        return SeatState.STARTING
    over = _over(facts.standings.get(name))
    if server is None:
        return over or SeatState.AWAY
    if over is not None:
        return SeatState.STOPPING
    last = last_activity(facts, name)
    quiet = last is not None and facts.now - last >= QUIET
    return SeatState.IDLE if quiet else SeatState.IN_USE


def last_activity(facts: Facts, name: str) -> datetime | None:
    """Say when somebody last did something; the seat knows that best, then the hub."""
    server = facts.servers.get(name)
    if server is None:
        return None
    return facts.active.get(name) or server.last_activity


def _over(standing: Standing | None) -> SeatState | None:
    if standing is None:
        return None
    return {
        Phase.EXPIRED: SeatState.EXPIRED,
        Phase.ENDED: SeatState.ENDED,
    }.get(standing.phase)


def _seat(facts: Facts, name: str) -> SeatNow:
    standing, server = facts.standings.get(name), facts.servers.get(name)
    waiting, usage = facts.line.get(name), facts.usage.get(name)
    progress = facts.progress.get(name, _NO_PROGRESS)
    seat = SeatNow(
        attendee=name,
        state=state(facts, name),
        last_activity=last_activity(facts, name),
        lessons=[_lesson(n) for n in progress.notebooks],
        exercises=_exercises(facts, name, progress),
        stuck=_stuck(facts, name, progress),
        help=_help(facts, name),
    )
    if waiting is not None and seat.state is SeatState.QUEUED:
        seat.place = max(1, waiting.place)
        seat.estimate_seconds = waiting.estimate_seconds
    if standing is not None:
        left = standing.remaining
        seat.started, seat.deadline = standing.started, standing.deadline
        seat.remaining_seconds = None if left is None else left.total_seconds()
        if standing.session is not None:
            given = standing.session.extensions
            seat.extensions = len(given)
            seat.extension_seconds = sum(e.length.total_seconds() for e in given)
    if usage is not None and server is not None:
        seat.memory_bytes, seat.cpu = usage.memory, usage.cpu
    return seat


def _lesson(notebook: NotebookProgress) -> LessonNow:
    return LessonNow(
        notebook=notebook.notebook,
        cells_run=notebook.cells_run,
        cells_failed=notebook.cells_failed,
    )


def _exercises(facts: Facts, name: str, progress: Progress) -> list[ExerciseNow]:
    """Join what was released, what was submitted and what the kernel reported."""
    handed = facts.work.of(name)
    worked: dict[str, list[NotebookProgress]] = {}
    for notebook in progress.notebooks:
        # nbgrader fetches an exercise into a folder of its name.
        folder = notebook.notebook.rpartition("/")[0].rpartition("/")[2]
        worked.setdefault(folder, []).append(notebook)
    found = []
    for exercise in dict.fromkeys((*facts.work.released, *handed)):
        submitted, tried = handed.get(exercise), worked.get(exercise, [])
        where: Literal["open", "worked-on", "submitted", "graded"] = "open"
        if submitted is not None:
            where = "graded" if submitted.graded else "submitted"
        elif tried:
            where = "worked-on"
        found.append(
            ExerciseNow(
                name=exercise,
                state=where,
                score=None if submitted is None else submitted.score,
                max_score=None if submitted is None else submitted.max_score,
                checks_passed=sum(n.checks_passed for n in tried),
                checks=sum(n.checks for n in tried),
            )
        )
    return found


def _stuck(facts: Facts, name: str, progress: Progress) -> Stuck | None:
    if name not in facts.servers:
        return None
    found = stuck(list(progress.failing), progress.last_success, facts.now)
    return None if found is None else Stuck(since=found.since, why=found.why)


def _help(facts: Facts, name: str) -> list[HelpNow]:
    return [
        HelpNow(
            by=consent.staff,
            state="agreed" if consent.state is ConsentState.AGREED else "asked",
            ends=consent.ends,
            url=(f"/user/{name}/lab" if consent.state is ConsentState.AGREED else None),
        )
        for consent in facts.consents
        if consent.attendee == name
    ]
