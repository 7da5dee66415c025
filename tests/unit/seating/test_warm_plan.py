"""Which warm seats are made and which are removed."""

from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.seating.warm_plan import Plan, Target, WarmSeat, plan


def seat(id: str, attendee: str | None = None, ready: bool = True) -> WarmSeat:
    return WarmSeat(id, attendee, ready)


def test_what_is_missing_is_made_roster_first() -> None:
    target = Target(walk_ins=2, roster=("ada", "bob"))
    assert plan(target, [seat("1", "bob")], room=9) == Plan(make=("ada", None, None))


def test_who_has_arrived_needs_no_warm_seat() -> None:
    target = Target(roster=("ada", "bob"))
    decided = plan(
        target, [seat("1", "ada")], arrived=frozenset({"ada", "bob"}), room=9
    )
    assert decided == Plan(remove=("1",))


def test_nobody_is_given_two() -> None:
    target = Target(roster=("ada", "ada"))
    assert plan(target, [], room=9) == Plan(make=("ada",))
    assert plan(target, [seat("1", "ada"), seat("2", "ada")], room=9).remove == ("2",)


def test_a_full_camp_keeps_nothing_warm() -> None:
    seats = [seat("1", "ada"), seat("2")]
    decided = plan(Target(1, ("ada",)), seats, room=0)
    assert decided == Plan(remove=("1", "2"))


def test_fewer_are_wanted_and_the_unready_go_first() -> None:
    seats = [seat("1", ready=False), seat("2"), seat("3")]
    assert plan(Target(2), seats, room=9) == Plan(remove=("1",))


NAMES = st.sampled_from(["ada", "bob", "cleo", "dan"])


@given(
    walk_ins=st.integers(0, 6),
    roster=st.lists(NAMES),
    seats=st.lists(st.tuples(st.none() | NAMES, st.booleans())),
    arrived=st.frozensets(NAMES),
    room=st.integers(-2, 8),
)
def test_one_plan_is_enough_and_never_more_than_the_room(
    walk_ins: int,
    roster: list[str],
    seats: list[tuple[str | None, bool]],
    arrived: frozenset[str],
    room: int,
) -> None:
    target = Target(walk_ins, tuple(roster))
    there = [seat(str(n), name, ready) for n, (name, ready) in enumerate(seats)]
    decided = plan(target, there, arrived=arrived, room=room)
    after = [one for one in there if one.id not in decided.remove]
    after += [seat(f"new{n}", name) for n, name in enumerate(decided.make)]
    assert len(after) <= max(room, 0)
    assert not {one.attendee for one in after} & arrived
    assert plan(target, after, arrived=arrived, room=room) == Plan()
