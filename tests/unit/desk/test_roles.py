"""Who may do what at the desk follows from scopes alone."""

from itertools import chain, combinations

import pytest

from puppetcamp.desk.capacity import RESERVE, USUAL, fitting
from puppetcamp.desk.roles import HELP, SCOPES, STEER, WATCH, allowed, hub_roles
from puppetcamp.desk.schemas import Action


@pytest.mark.parametrize(
    "scopes",
    list(chain.from_iterable(combinations((WATCH, HELP, STEER), n) for n in range(4))),
)
@pytest.mark.parametrize("extend", [True, False])
def test_actions(scopes: tuple[str, ...], extend: bool) -> None:
    may = set(allowed(scopes, instructors_extend=extend))
    if STEER in scopes:
        assert may == set(Action)
    elif HELP in scopes:
        assert may == {Action.MESSAGE, Action.ASK} | (
            {Action.EXTEND} if extend else set()
        )
    else:
        assert may == set()


def test_roles_of_the_hub_use_scopes_that_are_defined() -> None:
    roles = hub_roles(["boss"], ["ines"])
    assert [role["users"] for role in roles] == [["boss"], ["ines"]]
    for role in roles:
        assert set(role["scopes"]) <= set(SCOPES)  # type: ignore[call-overload]


def test_seats_that_fit() -> None:
    assert fitting(RESERVE + 10 * USUAL, 3, []) == 13
    assert fitting(RESERVE + 10 * USUAL, 3, [4 * USUAL] * 3) == 5
    assert fitting(RESERVE - 1, 3, []) == 3
