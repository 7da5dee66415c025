"""Rehearse a class: open a camp beside the organizer's, fill it, work, measure.

The camp has its own name, network, volumes and ports, and nobody but this machine
reaches it. It has the real camp's limits of a seat; its doors are not prepared: cold is
the harder case.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import docker

from puppetcamp.deployment import STATE_ROOT, Deployment
from puppetcamp.errors import SetupError
from puppetcamp.opening import camp
from puppetcamp.place import Place
from puppetcamp.rehearsal import drawing
from puppetcamp.rehearsal.containers import Meter, look_at_machine, others_at_work
from puppetcamp.rehearsal.figures import Judgement, LessonRun, SeatFigures, judge
from puppetcamp.rehearsal.lessons import work
from puppetcamp.rehearsal.visitors import Visitor, VisitorFailure, arrive
from puppetcamp.settings import CampSettings, load

PATIENCE_SECONDS = 1200.0
SETTLE_SECONDS = 5.0
"""How long a seat may finish what it does after its start, before it counts as idle."""

SUFFIX = "-rehearsal"
MOST_SEATS = 500

Say = Callable[[str], None]


def rehearse(
    client: docker.DockerClient,
    deployment: Deployment,
    camp_toml: Path,
    seats: int | None,
    folder: Path,
    say: Say,
    lessons: Sequence[str] = (),
) -> Judgement:
    """Rehearse the camp of `camp_toml` with so many seats, or with as many as it has.

    `deployment` is the rehearsal's own, whose volumes are there; `folder` is for files
    that are needed meanwhile. `lessons` are the beginnings of their names; none means
    all of them. What was opened stays: the caller cleans it. Raises SettingsError or
    SetupError.
    """
    settings = load(camp_toml)
    count = settings.seats.count if seats is None else seats
    if not 1 <= count <= MOST_SEATS:
        message = f"SEATS is {count}; rehearse 1 to {MOST_SEATS}"
        raise SetupError(message)
    _require_quiet(client, deployment)
    own = folder / "camp.toml"
    own.write_text(settings_of(settings, count, free_row(4)))
    camp.open_camp(client, deployment, own, folder, say)
    machine = look_at_machine(STATE_ROOT)
    meter = Meter(client, deployment)
    figures = asyncio.run(_class(load(own), count, meter, say, lessons))
    judgement = judge(machine, figures)
    say("")
    for line in drawing.report(machine, figures, judgement):
        say(line)
    return judgement


def settings_of(settings: CampSettings, seats: int, port: int) -> str:
    """Write the rehearsal's camp.toml: the real seats, and nothing that closes it."""
    return "\n".join(
        [
            "[camp]",
            'name = "Rehearsal"',
            f'course = "{settings.camp.course}"',
            "[session]",
            'length = "24h"',
            'idle_timeout = "24h"',
            "[seats]",
            f"count = {seats}",
            f'memory = "{settings.seats.memory // 2**20}M"',
            f"cpus = {settings.seats.cpus}",
            f"processes = {settings.seats.processes}",
            f"starts_at_once = {settings.seats.starts_at_once}",
            "[server]",
            'address = "127.0.0.1"',
            f"port = {port}",
            f"internal_port = {port + 1}",
            "",
        ]
    )


def free_row(count: int) -> int:
    """Find the first of several ports in a row that nobody uses."""
    for first in range(21000, 32000, count):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + count):
                probe = stack.enter_context(socket.socket())
                probe.bind(("0.0.0.0", port))  # noqa: S104 -- as the camp does
            return first
    message = f"no {count} ports in a row are free between 21000 and 32000"
    raise SetupError(message)


def _require_quiet(client: docker.DockerClient, deployment: Deployment) -> None:
    """Refuse to slow down people who are at work."""
    real = Deployment(deployment.instance.removesuffix(SUFFIX))
    if real != deployment and (busy := others_at_work(client, real)):
        message = (
            f"{len(busy)} seats of the camp {real.instance} are in use "
            f"({', '.join(busy[:5])}): a rehearsal would slow them down. "
            "Rehearse when nobody is at work, or close them first: make stop"
        )
        raise SetupError(message)


async def _class(
    settings: CampSettings, count: int, meter: Meter, say: Say, lessons: Sequence[str]
) -> list[SeatFigures]:
    """Let everybody in, look at the idle seats, let everybody work."""
    url = f"http://127.0.0.1:{settings.server.port}"
    code = Place.from_environment().join_code.read_text().strip()
    async with contextlib.AsyncExitStack() as stack:
        visitors = [
            await stack.enter_async_context(Visitor(url, f"r{number:03}", code))
            for number in range(1, count + 1)
        ]
        say(f"{count} attendees sign in, then all click at once")
        arrivals = await arrive(visitors, PATIENCE_SECONDS)
        inside = [v for v, a in zip(visitors, arrivals, strict=True) if a.usable]
        names = [visitor.name for visitor in inside]
        say(f"{len(names)} of {count} are in; measuring idle seats")
        await asyncio.sleep(SETTLE_SECONDS)
        idle = await asyncio.to_thread(meter.read, names)
        which = f"the lessons {', '.join(lessons)}" if lessons else "every lesson"
        say(f"All work through {which} at the same time")
        with meter.watching(names):
            done = await asyncio.gather(
                *(_work(visitor, lessons) for visitor in inside)
            )
        after = await asyncio.to_thread(meter.read, names)
    worked = dict(zip(names, done, strict=True))
    return [
        SeatFigures(
            arrival.name,
            arrival.usable,
            trouble=worked[arrival.name][0],
            idle=idle[arrival.name].memory,
            peak=meter.peaks[arrival.name],
            cpu_start=idle[arrival.name].cpu,
            cpu_lessons=after[arrival.name].cpu - idle[arrival.name].cpu,
            lessons=tuple(worked[arrival.name][1]),
        )
        if arrival.name in worked
        else SeatFigures(arrival.name, None, arrival.refusal)
        for arrival in arrivals
    ]


async def _work(
    visitor: Visitor, lessons: Sequence[str]
) -> tuple[str, list[LessonRun]]:
    """Work through the lessons; give what went wrong, and the lessons that ended."""
    try:
        return "", await work(visitor, lessons)
    except (VisitorFailure, OSError, TimeoutError) as error:
        return str(error) or repr(error), []
