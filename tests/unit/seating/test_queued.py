"""What a spawner in line does that needs no hub to be seen."""

import asyncio
from types import SimpleNamespace as Stub
from typing import Any

import pytest

from puppetcamp.seating.queued import QueuedSpawner, StartFailed, with_a_server


class NeverReady(QueuedSpawner):
    """Start for ever."""

    async def start(self) -> Any:
        return await super().start()

    async def stop(self, now: bool = False) -> None:
        return None

    async def poll(self) -> int | None:
        return None

    async def start_seat(self) -> None:
        await asyncio.Event().wait()

    @property
    def camp_role(self) -> str:
        return "instructor"


async def test_a_start_that_takes_too_long_says_so() -> None:
    spawner = NeverReady(seat_timeout=1, user=Stub(name="ida"))
    with pytest.raises(StartFailed, match="did not start within 1 second") as caught:
        await spawner.start()
    assert "tell your instructor" in caught.value.jupyterhub_message


def test_seats_are_counted_without_staff() -> None:
    def server(active: bool) -> Stub:
        return Stub(active=active)

    users = {
        1: Stub(name="ann", spawners={"": server(True)}),
        2: Stub(name="bo", spawners={"": server(False)}),
        3: Stub(name="ida", spawners={"": server(True)}),
        4: Stub(name="cy", spawners={}),
    }
    assert with_a_server(users, frozenset({"ida"})) == {"ann"}
