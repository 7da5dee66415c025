"""Passwords and join codes: strong, readable, and kept as hashes."""

import math
import re
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppetcamp import passwords

QUICK = 4  # bcrypt's lowest cost


def test_generated_secrets_are_strong_and_readable() -> None:
    bits = math.log2(len(passwords.ALPHABET))
    assert not set("0oO1lIi") & set(passwords.ALPHABET)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", passwords.generate())
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", passwords.generate_join_code())
    assert 16 * bits > 75
    assert 12 * bits > 40
    assert len({passwords.generate() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "given",
    ["abcd-efgh-jkmn", "ABCDEFGHJKMN", " abcd efgh jkmn ", "Abcd\u2013efgh\u2014jkmn"],
)
def test_codes_are_compared_as_people_type_them(given: str) -> None:
    assert passwords.same_code(given, "abcd-efgh-jkmn")


@pytest.mark.parametrize("given", ["", "-", "abcd-efgh-jkm", "abcd-efgh-jkmnn"])
def test_other_codes_are_other_codes(given: str) -> None:
    assert not passwords.same_code(given, "abcd-efgh-jkmn")


def test_no_code_matches_a_missing_one() -> None:
    assert not passwords.same_code("", "")
    assert not passwords.same_code("-", "\n")


@given(st.text())
def test_comparing_never_fails(text: str) -> None:
    passwords.same_code(text, "abcd-efgh-jkmn")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 8 characters"),
        ("x" * 73, "too long"),
        ("ü" * 37, "too long"),
        ("annabelle", "not your name"),
        ("Abcd Efgh Jkmn", "not the code"),
    ],
)
def test_bad_choices_are_explained(password: str, says: str) -> None:
    fault = passwords.fault_of(password, "annabelle", "abcd-efgh-jkmn")
    assert fault is not None
    assert says in fault


@pytest.mark.parametrize("password", ["12345678", "x" * 72, "pass word ü"])
def test_fair_choices_are_taken(password: str) -> None:
    assert passwords.fault_of(password, "ann", "abcd-efgh-jkmn") is None
    stored = passwords.hashed(password, QUICK)
    assert passwords.matches(password, stored)
    assert not passwords.matches(password[:-1], stored)


@pytest.mark.parametrize("password", ["", "x" * 5000, "\0" * 8, "\udcff" * 8])
def test_any_password_can_be_compared(password: str) -> None:
    assert not passwords.matches(password, passwords.hashed("12345678", QUICK))


def test_store_keeps_hashes_for_its_owner_alone(tmp_path: Path) -> None:
    store = passwords.PasswordStore(tmp_path / "attendees")
    assert store.get("ann") is None
    assert store.claim("ann", b"one")
    assert not store.claim("ann", b"two")
    assert passwords.PasswordStore(tmp_path / "attendees").get("ann") == b"one"
    store.put("ann", b"three")
    assert store.get("ann") == b"three"
    store.remove("ann")
    store.remove("ann")
    assert store.get("ann") is None
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_of_many_claims_wins(tmp_path: Path) -> None:
    store = passwords.PasswordStore(tmp_path / "attendees")
    barrier, won = threading.Barrier(8), []

    def claim(who: bytes) -> None:
        barrier.wait()
        if store.claim("ann", who):
            won.append(who)

    threads = [threading.Thread(target=claim, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [store.get("ann")]


def test_staff_get_a_password_once(tmp_path: Path) -> None:
    path = tmp_path / "staff"
    first = passwords.ensure_staff(path, ["organizer"], QUICK)
    assert passwords.ensure_staff(path, ["organizer"], QUICK) == {}
    second = passwords.ensure_staff(path, ["organizer", "instructor"], QUICK)
    assert list(second) == ["instructor"]
    stored = passwords.PasswordStore(path).get("organizer")
    assert stored is not None
    assert passwords.matches(first["organizer"], stored)
