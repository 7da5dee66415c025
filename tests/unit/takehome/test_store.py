"""Bundles outlive the service, one for each attendee, for as long as they are kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from puppetcamp.takehome import shelf
from puppetcamp.takehome.decisions import State
from puppetcamp.takehome.shelf import NoRoom
from puppetcamp.takehome.store import Job, TakeHomeStore
from tests.unit.takehome.conftest import Time


def claimed(store: TakeHomeStore, clock: Time) -> Job:
    job = store.claim(clock())
    assert job is not None
    return job


def make(store: TakeHomeStore, clock: Time, content: bytes = b"PK") -> Path:
    """Make the next bundle as the maker does; return its file."""
    job = claimed(store, clock)
    target = store.shelf.begin()
    target.write_bytes(content)
    file = store.shelf.keep(target)
    store.finish(job, file, len(content), 2.0, clock())
    return store.shelf.path(file)


def test_a_bundle_is_queued_made_and_kept(store: TakeHomeStore, clock: Time) -> None:
    assert store.find("ada", clock()).state is None
    store.ask("ada", clock(), by_attendee=False)
    assert store.find("ada", clock()).state is State.QUEUED
    assert store.shown("ada", clock())["state"] == "making"
    path = make(store, clock)
    found = store.find("ada", clock())
    assert found.state is State.READY
    assert found.ready is not None
    assert found.ready.size == 2
    assert path.read_bytes() == b"PK"
    assert store.shown("ada", clock()) == {
        "state": "ready",
        "url": "/services/camp/take-home",
        "until": clock() + timedelta(days=14),
    }
    assert store.find("bob", clock()).ready is None


def test_those_who_came_first_are_first(store: TakeHomeStore, clock: Time) -> None:
    for name in ("ada", "bob", "cy"):
        store.ask(name, clock(), by_attendee=True)
    assert [store.find(n, clock()).before for n in ("ada", "bob", "cy")] == [0, 1, 2]
    # Asking again is no way to have two, nor to lose one's place.
    store.ask("ada", clock(), by_attendee=False)
    job = claimed(store, clock)
    assert (job.attendee, job.by_attendee) == ("ada", False)
    assert [store.find(n, clock()).before for n in ("bob", "cy")] == [1, 2]
    # What is made already may lack what came after: another one follows.
    store.ask("ada", clock(), by_attendee=False)
    assert [claimed(store, clock).attendee for _ in range(3)] == ["bob", "cy", "ada"]
    assert store.claim(clock()) is None


def test_what_was_under_way_is_made_by_the_next_service(
    engine: Engine, store: TakeHomeStore, clock: Time, tmp_path: Path
) -> None:
    store.ask("ada", clock(), by_attendee=False)
    claimed(store, clock)
    (tmp_path / "shelf/incoming/half").write_text("half")
    (tmp_path / "shelf/bundles/nobodys").write_text("lost")
    again = TakeHomeStore(engine, tmp_path / "shelf", timedelta(days=14))
    assert again.prepare(clock()) == 1
    assert not list((tmp_path / "shelf").glob("*/*"))
    assert claimed(again, clock).attendee == "ada"


def test_a_new_bundle_takes_the_place_of_the_old(
    store: TakeHomeStore, clock: Time
) -> None:
    paths = []
    for _ in range(2):
        store.ask("ada", clock(), by_attendee=True)
        paths.append(make(store, clock))
    assert [path.exists() for path in paths] == [False, True]
    store.ask("ada", clock(), by_attendee=True)
    job = claimed(store, clock)
    assert store.fail(job, "It is odd.", clock(), final=True)
    found = store.find("ada", clock())
    assert (found.state, found.why) == (State.FAILED, "It is odd.")
    assert found.ready is not None
    assert paths[1].exists()


def test_failures_are_tried_again_and_then_given_up(
    store: TakeHomeStore, clock: Time
) -> None:
    store.ask("ada", clock(), by_attendee=True)
    for _ in range(3):
        job = claimed(store, clock)
        assert not store.fail(job, "Docker is away.", clock())
        assert store.claim(clock()) is None
        clock.now += timedelta(minutes=2)
    assert store.fail(claimed(store, clock), "Docker is away.", clock())
    assert store.find("ada", clock()).state is State.FAILED
    assert store.claim(clock() + timedelta(days=1)) is None


def test_a_homes_fault_is_answered_with_a_plain_bundle(
    store: TakeHomeStore, clock: Time
) -> None:
    store.ask("ada", clock(), by_attendee=True)
    job = claimed(store, clock)
    assert not job.plain
    assert not store.fail(job, "too long", clock(), plain=True)
    job = claimed(store, clock)
    assert job.plain
    assert store.fail(job, "too long", clock(), plain=True)


def test_bundles_expire(store: TakeHomeStore, clock: Time) -> None:
    store.ask("ada", clock(), by_attendee=True)
    path = make(store, clock)
    clock.now += timedelta(days=14)
    assert store.find("ada", clock()).ready is None
    assert store.find("ada", clock()).state is None
    assert store.expire(clock()) == 1
    assert not path.exists()
    assert store.asked() == {}


def test_the_disk_is_left_room(
    store: TakeHomeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.shelf.begin()
    monkeypatch.setattr(shelf, "MIN_FREE", 2**60)
    with pytest.raises(NoRoom, match="no room for bundles"):
        store.shelf.begin()
    monkeypatch.undo()
    monkeypatch.setattr(shelf, "MAX_ALL", 1)
    with pytest.raises(NoRoom, match="all bundles take 0 MiB"):
        store.shelf.begin()
