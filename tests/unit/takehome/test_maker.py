"""The maker: every session that ended gets its bundle, whatever stumbles."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from puppetcamp.errors import SessionError
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.takehome.builder import HomeRefused, NoHome, Unavailable
from puppetcamp.takehome.decisions import State
from puppetcamp.takehome.maker import Maker, World
from puppetcamp.takehome.store import TakeHomeStore
from tests.unit.takehome.conftest import Time

SECOND = timedelta(seconds=1)


class Camp:
    """What the maker meets: attendees, their servers, and what building them does."""

    def __init__(self, store: TakeHomeStore, clock: Time) -> None:
        self.store = store
        self.clock = clock
        self.ended: dict[str, timedelta] = {}
        self.running: set[str] = set()
        self.faults: list[Exception] = []
        self.built: list[tuple[str, bytes]] = []
        self.maker = Maker(
            store,
            self.build,
            World(
                standings=self.standings,
                volume=lambda name: f"home-{name}",
                runs=lambda name: name in self.running,
                task=lambda name, plain: b"plain" if plain else b"whole",
            ),
            clock,
            slots=2,
        )

    def standings(self) -> dict[str, Standing]:
        return {
            name: Standing(
                name, Phase.EXPIRED, self.clock(), deadline=self.clock() - before
            )
            for name, before in self.ended.items()
        }

    def build(self, volume: str, task: bytes, target: Path) -> int:
        self.built.append((volume, task))
        target.write_bytes(b"PK")
        if self.faults:
            raise self.faults.pop(0)
        return 2

    def state(self, name: str) -> State | None:
        return self.store.find(name, self.clock()).state


@pytest.fixture
def camp(store: TakeHomeStore, clock: Time) -> Camp:
    return Camp(store, clock)


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_who_has_ended_gets_one_bundle(camp: Camp) -> None:
    camp.ended = {"ada": SECOND, "bob": timedelta(days=15), "cy": -SECOND}
    camp.maker.look()
    camp.maker.look()
    assert camp.maker.make_one()
    assert not camp.maker.make_one()
    assert camp.built == [("home-ada", b"whole")]
    camp.maker.look()
    assert not camp.maker.make_one()


def test_faults_are_met_by_what_they_are(camp: Camp, tmp_path: Path) -> None:
    camp.maker.ask("ada")
    camp.faults = [Unavailable("Docker is away."), HomeRefused("Too long.")]
    assert camp.maker.make_one()
    assert not camp.maker.make_one(), "later, not at once"
    camp.clock.now += 10 * SECOND
    assert camp.maker.make_one()
    assert camp.maker.make_one(), "at once, but plain"
    assert [task for _, task in camp.built] == [b"whole", b"whole", b"plain"]
    assert camp.state("ada") is State.READY
    assert not list((tmp_path / "shelf/incoming").iterdir())


def test_no_home_is_told_at_once(camp: Camp) -> None:
    camp.maker.ask("ada")
    camp.faults = [NoHome("There is no home yet.")]
    assert camp.maker.make_one()
    found = camp.store.find("ada", camp.clock())
    assert (found.state, found.why) == (State.FAILED, "There is no home yet.")


def test_a_fault_of_our_own_is_told_without_its_details(camp: Camp) -> None:
    camp.maker.ask("ada")
    camp.faults = [ZeroDivisionError("secret")]
    assert camp.maker.make_one()
    assert "secret" not in camp.store.find("ada", camp.clock()).why


def test_it_waits_for_the_server_and_for_nobody_else(camp: Camp) -> None:
    camp.ended, camp.running = {"ada": SECOND}, {"ada", "bob"}
    camp.maker.start()
    try:
        until(lambda: camp.state("ada") is State.MAKING)
        # What an attendee asks for is made while they work.
        camp.maker.ask("bob")
        until(lambda: camp.state("bob") is State.READY)
        assert camp.built == [("home-bob", b"whole")]
        camp.running.discard("ada")
        until(lambda: camp.state("ada") is State.READY)
    finally:
        camp.maker.close()
        camp.maker.join()


def test_a_word_of_an_end_is_enough(camp: Camp) -> None:
    camp.maker.start()
    try:
        until(lambda: len(threading.enumerate()) >= 3)
        camp.ended = {"ada": SECOND}
        began = time.monotonic()
        camp.maker.ended("ada")
        until(lambda: camp.state("ada") is State.READY)
        assert time.monotonic() - began < 4
    finally:
        camp.maker.close()
        camp.maker.join()


def test_a_ledger_that_fails_stops_no_thread(
    camp: Camp, caplog: pytest.LogCaptureFixture
) -> None:
    fails = threading.Event()

    def standings() -> dict[str, Standing]:
        if not fails.is_set():
            message = "the ledger is gone"
            raise SessionError(message)
        return {}

    world = World(standings, lambda n: n, lambda _: False, lambda *_: b"")
    maker = Maker(camp.store, camp.build, world, camp.clock)
    maker.start()
    try:
        until(lambda: "the ledger is gone" in caplog.text)
        maker.ask("ada")
        until(lambda: camp.state("ada") is State.READY)
        fails.set()
    finally:
        maker.close()
        maker.join()


def test_a_service_that_ends_keeps_no_failure(camp: Camp) -> None:
    camp.maker.ask("ada")
    camp.faults = [HomeRefused("killed with its service")]
    camp.maker.close()
    camp.maker.make_one()
    assert camp.store.prepare(camp.clock()) == 1
    assert camp.state("ada") is State.QUEUED
