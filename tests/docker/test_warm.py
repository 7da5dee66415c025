"""Warm seats: a real hub gives real seats, which ran before, to who arrives."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from docker import DockerClient
from docker.models.containers import Container
from sqlalchemy import Engine

from bench.hubs import Hub, camp_hub
from puppetcamp.database import open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.rehearsal.visitors import Visitor, VisitorFailure
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.warm import claim_address, claim_headers
from puppetcamp.seating.warm_store import Kept, WarmStore
from tests.camps import run, until

pytestmark = [pytest.mark.docker, pytest.mark.hub]

DOORS = '[doors]\nwarm = 1\nroster = ["rosa"]\n'


@dataclass(frozen=True)
class WarmCamp:
    """A camp whose two warm seats have been claimed, and what they were before."""

    hub: Hub
    docker: DockerClient
    engine: Engine
    before: list[Kept]

    @property
    def deployment(self) -> Deployment:
        """Find the camp's name in the name of one of its volumes."""
        walk_in = next(one for one in self.before if one.attendee is None)
        return Deployment(walk_in.volume.removesuffix(f"-walk-in-{walk_in.id}"))

    def seat(self, name: str) -> Container:
        """Get somebody's running seat."""
        return self.docker.containers.get(self.deployment.seat_container(name))


def as_visitor(hub: Hub, name: str, do: Callable[[Visitor], Awaitable[Any]]) -> Any:
    """Sign somebody in and do something as they."""

    async def sign_in() -> Any:
        async with Visitor(hub.public, name, hub.code) as visitor:
            await visitor.sign_in()
            return await do(visitor)

    return asyncio.run(sign_in())


async def arrive(visitor: Visitor) -> None:
    await visitor.start()
    await visitor.until_usable()


@pytest.fixture(scope="module")
def camp(engine: DockerClient, attendee_image: str) -> Iterator[WarmCamp]:
    with camp_hub(DOORS) as hub:
        database = open_engine(hub.database)
        store = WarmStore(database)
        until(lambda: store.counts().ready == 2, "two warm seats", 300)
        before = store.all()
        for name in ("rosa", "wim"):
            as_visitor(hub, name, arrive)
        yield WarmCamp(hub, engine, database, before)
        database.dispose()


def test_who_arrives_gets_a_seat_that_ran_before(camp: WarmCamp) -> None:
    ran = {one.attendee: one.container for one in camp.before}
    assert camp.seat("rosa").id == ran["rosa"]
    assert camp.seat("wim").id == ran[None]


def test_a_walk_ins_volume_is_their_home_for_good(camp: WarmCamp) -> None:
    homes = Homes(camp.engine, camp.deployment)
    for name in ("rosa", "wim"):
        mounts = {m["Destination"]: m["Name"] for m in camp.seat(name).attrs["Mounts"]}
        assert mounts["/home/attendee"] == homes.volume_of(name)
    assert homes.volume_of("rosa") == camp.deployment.home_volume("rosa")


@pytest.mark.parametrize("name", ["rosa", "wim"])
def test_kernels_terminals_and_pages_are_the_owners(camp: WarmCamp, name: str) -> None:
    async def work(visitor: Visitor) -> Any:
        await visitor.until_usable()
        await visitor.ask_seat("POST", "api/terminals")
        # A route that a server adds when it is first asked for; it wants more.
        with pytest.raises(VisitorFailure, match="400"):
            await visitor.ask_seat("GET", "assignments")
        return await visitor.ask_seat("POST", "api/kernels", {"name": "puppet"})

    assert as_visitor(camp.hub, name, work)["name"] == "puppet"
    script = "cat /proc/$(pgrep -n bash)/environ"
    told = run(camp.seat(name), "sh", "-c", script, user="attendee")
    variables = set(told.split("\0"))
    assert f"JUPYTERHUB_USER={name}" in variables
    assert any(one.endswith(f":8888/user/{name}/") for one in variables)
    assert "CLAIM_SECRET" not in told
    assert "warm-" not in told.replace(camp.deployment.instance, "")


def test_nobody_else_may_enter(camp: WarmCamp) -> None:
    async def visit(visitor: Visitor) -> None:
        visitor.name = "wim"
        await visitor.ask_seat("GET", "api/contents")

    with pytest.raises(VisitorFailure, match=r"403|404|405"):
        as_visitor(camp.hub, "eve", visit)


def test_a_seat_is_claimed_once(camp: WarmCamp) -> None:
    for seat in camp.before:
        name = seat.attendee or "wim"
        moved = claim_address(seat).replace(seat.prefix, f"/user/{name}/")
        for address in (claim_address(seat), moved):
            again = requests.post(
                address,
                json={"environment": {}},
                headers=claim_headers(seat),
                timeout=10,
            )
            assert again.status_code in {403, 404}


def test_what_is_claimed_is_looked_after_no_more(camp: WarmCamp) -> None:
    """The sweep of the pool must never take a seat that is somebody's."""
    store = WarmStore(camp.engine)
    for seat in camp.before:
        assert not store.drop(seat.id)
