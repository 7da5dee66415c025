"""Guessing at sign-in is slowed down, and honest people hardly notice."""

from collections.abc import Callable

import httpx
import pytest

from puppetcamp.signin import FREE_CODES, FREE_PASSWORDS
from tests.hub.support.camp import HubCamp, Visitor, said, until

pytestmark = pytest.mark.hub

OpenCamp = Callable[..., HubCamp]
Visit = Callable[..., Visitor]

MINE = "correct horse"


def test_guessing_codes_is_slowed_for_the_address_alone(
    open_camp: OpenCamp, visit: Visit
) -> None:
    camp = open_camp()
    visit(camp).arrive("early")

    def guess(at: int, **headers: str) -> httpx.Response:
        return visit(camp, **headers).sign_in(f"n{at}", MINE, f"{at:04}-aaaa-bbbb")

    for at in range(FREE_CODES - 1):
        assert guess(at).status_code == 403
    # A classmate's right code is not held up by typos, and forgives them.
    assert visit(camp).sign_in("ann", MINE, camp.join_code).status_code == 302
    # Whoever pretends to come from elsewhere is counted all the same.
    elsewhere = {"X-Real-Ip": "192.0.2.1", "X-Forwarded-For": "192.0.2.2"}
    for at in range(FREE_CODES):
        spoofed = {key: f"{value}{at}" for key, value in elsewhere.items()}
        assert guess(at, **spoofed).status_code == 403
    slowed = until(lambda: _if_slowed(guess(99)), "a wait")
    assert int(slowed.headers["Retry-After"]) >= 1
    assert "Too many wrong attempts. Wait" in said(slowed)
    # During the wait nothing is evaluated, not even the right code …
    answer = visit(camp).sign_in("bo", MINE, camp.join_code)
    assert answer.status_code == 429
    # … but whoever has been here signs in as ever.
    assert visit(camp).sign_in("early", MINE).status_code == 302
    # After the wait the right code is right.
    until(
        lambda: visit(camp).sign_in("bo", MINE, camp.join_code).status_code == 302,
        "the end of the wait",
        every=0.5,
    )


def test_guessing_passwords_is_slowed_for_the_name_alone(
    open_camp: OpenCamp, visit: Visit
) -> None:
    camp = open_camp()
    visit(camp).arrive("ann")
    visit(camp).arrive("bo")
    for at in range(FREE_PASSWORDS):
        assert visit(camp).sign_in("ann", f"guess {at}").status_code == 403
    slowed = until(lambda: _if_slowed(visit(camp).sign_in("ann", "guess")), "a wait")
    assert "Wait" in said(slowed)
    assert visit(camp).sign_in("bo", MINE).status_code == 302
    until(
        lambda: visit(camp).sign_in("ann", MINE).status_code == 302,
        "the end of the wait",
        every=0.5,
    )
    assert visit(camp).sign_in("ann", "one typo").status_code == 403


def _if_slowed(answer: httpx.Response) -> httpx.Response | None:
    """Return an answer that asks to wait: a slow machine may sit the first ones out."""
    return answer if answer.status_code == 429 else None
