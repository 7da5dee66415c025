"""Room that is held back for the last writes."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from puppetcamp.reserve import LOW, PLENTY, SIZE, Reserve, is_held_back


@given(free=st.integers(0, 4 * PLENTY))
def test_it_is_given_up_once_and_not_taken_back_by_its_own_room(free: int) -> None:
    if not is_held_back(free, is_held=True):
        assert free < LOW
        assert not is_held_back(free + SIZE, is_held=False)


@given(free=st.integers(0, 4 * PLENTY))
def test_it_is_held_back_again_only_where_it_can_stay(free: int) -> None:
    if is_held_back(free, is_held=False):
        assert is_held_back(free - SIZE, is_held=True)


def test_it_really_takes_the_room(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    for _ in range(2):
        reserve.look()
    file = tmp_path / "reserve"
    assert file.stat().st_size == SIZE
    assert file.stat().st_blocks * 512 >= SIZE
