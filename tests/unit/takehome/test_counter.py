"""What attendees are shown and given, whatever stands behind the counter."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from puppetcamp.errors import SessionError
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.takehome.counter import Counter
from puppetcamp.takehome.maker import Maker, World
from puppetcamp.takehome.store import TakeHomeStore
from tests.unit.takehome.conftest import Time
from tests.unit.takehome.test_store import make

Make = Callable[..., Counter]


@pytest.fixture
def counter(store: TakeHomeStore, clock: Time) -> Make:
    """Give a function that makes a counter; `phase` None is a ledger that fails."""

    def make_one(phase: Phase | None = Phase.RUNNING, *, makes: bool = True) -> Counter:
        def standing(name: str) -> Standing:
            if phase is None:
                message = "the ledger is gone"
                raise SessionError(message)
            return Standing(name, phase, clock(), deadline=clock())

        world = World(dict, str, bool, lambda *_: b"")
        maker = Maker(store, lambda *_: 0, world, clock) if makes else None
        return Counter(store, maker, standing, clock, UTC)

    return make_one


@pytest.mark.parametrize(
    ("phase", "heading", "words"),
    [
        (Phase.RUNNING, "Take your work home", "made by itself"),
        (Phase.EXPIRED, "Your time is over", "Your session ended today at 12:00 (UTC)"),
        (Phase.ENDED, "Your time is over", "was ended by the staff today at 12:00"),
        (Phase.STAFF, "Take your work home", ""),
        (None, "Take your work home", ""),
    ],
)
def test_what_happened(
    counter: Make, phase: Phase | None, heading: str, words: str
) -> None:
    shown = counter(phase).show("ada")
    assert shown.heading == heading
    assert words in shown.time
    assert "None" not in shown.time


def test_asking_is_slowed(counter: Make, store: TakeHomeStore, clock: Time) -> None:
    open_counter = counter()
    assert open_counter.ask("ada").wait is None
    make(store, clock)
    assert open_counter.show("ada").wait == timedelta(minutes=2)
    open_counter.ask("ada")
    assert store.claim(clock()) is None
    clock.now += timedelta(minutes=2)
    open_counter.ask("ada")
    assert store.claim(clock()) is not None


def test_a_bundle_is_handed_out_while_it_is_kept(
    counter: Make, store: TakeHomeStore, clock: Time
) -> None:
    open_counter = counter()
    assert open_counter.bundle("ada") is None
    open_counter.ask("ada")
    path = make(store, clock)
    assert open_counter.bundle("ada") == path
    assert open_counter.bundle("bob") is None
    store.ask("ada", clock(), by_attendee=False)
    shown = open_counter.show("ada")
    assert shown.has_bundle
    assert "There is an earlier one. It was made today" in shown.text
    path.unlink()
    assert open_counter.bundle("ada") is None


def test_a_camp_without_bundles_says_so(counter: Make) -> None:
    closed = counter(makes=False)
    shown = closed.ask("ada")
    assert "makes no take-home bundles" in shown.text
    assert (shown.state, shown.wait) == (None, None)
