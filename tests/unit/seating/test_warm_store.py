"""The tables of warm seats and homes: nobody gets another's seat or home."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.database import create_tables, open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.warm_rows import BROKEN, CLAIMED, READY
from puppetcamp.seating.warm_store import WarmStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> WarmStore:
    return WarmStore(engine)


@pytest.fixture
def homes(engine: Engine) -> Homes:
    return Homes(engine, Deployment("c"))


def ready(store: WarmStore, id: str, attendee: str | None = None) -> None:
    store.add(id, attendee, f"volume-{id}", NOON)
    assert store.made(id, f"container-{id}", "10.0.0.2")


def state(store: WarmStore, id: str) -> str:
    return next(seat.state for seat in store.all() if seat.id == id)


def test_a_claimed_volume_is_a_home_for_good(store: WarmStore, homes: Homes) -> None:
    ready(store, "a")
    taken = store.claim("ada", NOON, walk_in=True)
    assert taken is not None
    assert taken.container == "container-a"
    assert homes.volume_of("ada") == "volume-a"
    store.forget("a")
    assert homes.enter("ada", NOON + timedelta(days=1)) == "volume-a"


def test_ones_own_seat_comes_first(store: WarmStore) -> None:
    ready(store, "any")
    ready(store, "own", "ada")
    taken = store.claim("ada", NOON, walk_in=True)
    assert taken is not None
    assert taken.id == "own"
    assert state(store, "any") == READY


def test_nobody_gets_a_seat_that_is_kept_for_another(store: WarmStore) -> None:
    ready(store, "bobs", "bob")
    assert store.claim("ada", NOON, walk_in=True) is None


def test_who_has_a_home_gets_no_other(store: WarmStore, homes: Homes) -> None:
    assert homes.enter("ada", NOON) == "c-home-ada"
    ready(store, "a")
    assert store.claim("ada", NOON, walk_in=True) is None
    assert store.claim("bob", NOON, walk_in=False) is None
    assert homes.known("bob") is None
    assert state(store, "a") == READY


def test_what_is_made_for_somebody_who_came_is_not_wanted(store: WarmStore) -> None:
    store.add("late", "ada", "c-home-ada", NOON)
    assert store.claim("ada", NOON, walk_in=False) is None
    assert state(store, "late") == BROKEN
    assert not store.made("late", "container", "10.0.0.2")


def test_a_claimed_seat_cannot_be_dropped(store: WarmStore) -> None:
    ready(store, "a")
    assert store.claim("ada", NOON, walk_in=True)
    assert not store.drop("a")
    assert state(store, "a") == CLAIMED


def test_a_crowd_takes_every_seat_once(store: WarmStore, homes: Homes) -> None:
    for number in range(10):
        ready(store, f"{number}")
    names = [f"guest{number}" for number in range(14)]
    with ThreadPoolExecutor(14) as crowd:
        taken = list(crowd.map(lambda name: store.claim(name, NOON, True), names))
    got = [one.id for one in taken if one is not None]
    assert len(got) == len(set(got)) == 10
    assert {one.attendee for one in store.all()} == {
        name for name, one in zip(names, taken, strict=True) if one
    }
    assert len({homes.known(name) for name in names}) == 11, "two share a home"


def test_the_settings_count_again_when_they_change(store: WarmStore) -> None:
    later = NOON + timedelta(hours=1)
    store.aim_as_configured(2, ["ada"], NOON)
    store.aim(7, [], later)
    store.aim_as_configured(2, ["ada"], later)
    assert store.target().walk_ins == 7, "the desk's order was lost at a restart"
    store.aim_as_configured(3, ["ada"], later)
    assert (store.target().walk_ins, store.target().roster) == (3, ("ada",))
    assert store.counts().target == 4
