"""Secrets: made once, readable by their owner alone, written whole."""

import os
import stat
from pathlib import Path

import pytest

from puppetcamp.deployment import Deployment
from puppetcamp.opening import secrets
from puppetcamp.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give an empty place of a camp."""
    return Place(Deployment("t-unit"), "127.0.0.1", tmp_path / "state")


def mode(path: Path) -> int:
    """Give a file's permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_they_are_made_for_their_owner(place: Place) -> None:
    before = os.umask(0)
    try:
        secrets.ensure(place)
    finally:
        os.umask(before)
    assert mode(place.root) == mode(place.secrets) == 0o700
    files = sorted(place.secrets.iterdir())
    assert files == [place.cookie_secret, place.join_code, place.proxy_token]
    assert {mode(path) for path in files} == {0o600}
    # JupyterHub takes a cookie secret of 32 bytes, in hexadecimal digits.
    assert len(bytes.fromhex(place.cookie_secret.read_text().strip())) == 32
    assert len(bytes.fromhex(place.proxy_token.read_text().strip())) == 32


def test_they_are_made_once(place: Place) -> None:
    secrets.ensure(place)
    made = {path: path.read_text() for path in place.secrets.iterdir()}
    secrets.ensure(place)
    assert {path: path.read_text() for path in place.secrets.iterdir()} == made


def test_an_empty_file_is_no_secret(place: Place) -> None:
    secrets.ensure(place)
    place.join_code.write_text("")
    secrets.ensure(place)
    assert place.join_code.read_text().strip()


def test_two_camps_share_none(tmp_path: Path) -> None:
    places = [Place(Deployment(n), "127.0.0.1", tmp_path / n) for n in ("a", "b")]
    for place in places:
        secrets.ensure(place)
    one, other = places
    for name in ("cookie_secret", "join_code", "proxy_token"):
        assert (one.secrets / name).read_text() != (other.secrets / name).read_text()


def test_an_open_file_becomes_closed_when_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("old")
    path.chmod(0o644)
    secrets.write(path, "new")
    assert path.read_text() == "new"
    assert mode(path) == 0o600


def test_what_a_crash_left_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "password"
    (tmp_path / ".password.new").write_text("half")
    secrets.write(path, "whole")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]
