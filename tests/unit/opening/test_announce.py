"""What the organizer reads when the camp is open."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from puppetcamp.deployment import Deployment
from puppetcamp.opening import secrets
from puppetcamp.opening.announce import address, announce, invitation
from puppetcamp.place import Place
from puppetcamp.settings import CampSettings, parse

CERTIFICATE = 'certificate = "camp.pem"\nkey = "camp.key"\n'


def settings(server: str) -> CampSettings:
    """Read a camp.toml with these lines below [server]."""
    return parse(f'[camp]\nname = "Camp Hopper"\n[server]\n{server}\n'.encode())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a camp's place with its secrets."""
    place = Place(Deployment("t-unit"), "192.0.2.9", tmp_path)
    secrets.ensure(place)
    return place


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ('address = "127.0.0.1"', "http://127.0.0.1:8000/"),
        ('address = "127.0.0.1"\nport = 80', "http://127.0.0.1/"),
        (f'address = "192.0.2.7"\nport = 443\n{CERTIFICATE}', "https://192.0.2.7/"),
        (f'address = "192.0.2.7"\nport = 80\n{CERTIFICATE}', "https://192.0.2.7:80/"),
        ('address = "2001:db8::7"', "http://[2001:db8::7]:8000/"),
    ],
)
def test_address(server: str, expected: str) -> None:
    assert address(settings(server)) == expected


def test_everywhere_is_no_address_to_type() -> None:
    shown = urlsplit(address(settings('address = "0.0.0.0"'))).hostname
    assert shown != "0.0.0.0"  # noqa: S104


def test_the_link_carries_the_code() -> None:
    link = urlsplit(invitation(settings('address = "127.0.0.1"'), "a b&c"))
    assert link.path == "/hub/login"
    assert parse_qs(link.query) == {"code": ["a b&c"]}


@pytest.mark.parametrize(
    ("server", "warned"),
    [
        ('address = "0.0.0.0"', True),
        ('address = "192.0.2.7"', True),
        ('address = "127.0.0.1"', False),
        ('address = "::1"', False),
        (f'address = "0.0.0.0"\n{CERTIFICATE}', False),
    ],
)
def test_plain_http_in_a_network_is_warned_of(
    place: Place, server: str, warned: bool
) -> None:
    said = announce(settings(server), place, None, True)
    assert ("Without HTTPS" in said) is warned
    assert ("certificate and key in camp.toml" in said) is warned


def test_it_says_what_attendees_need(place: Place) -> None:
    said = announce(settings('address = "127.0.0.1"'), place, None, True)
    code = place.join_code.read_text().strip()
    assert "Camp Hopper is open." in said
    assert f"Join code   {code}\n" in said
    assert f"/hub/login?code={code}\n" in said
    assert "█" in said or "▀" in said
    assert "handed out when the camp first opened" in said
    for other in (place.proxy_token, place.cookie_secret):
        assert other.read_text().strip() not in said


def test_passwords_are_pointed_at_and_not_printed(place: Place, tmp_path: Path) -> None:
    handout = tmp_path / "t-unit-passwords.txt"
    handout.write_text("organizer  open-sesame\n")
    said = announce(settings('address = "127.0.0.1"'), place, handout, True)
    assert ".camp/t-unit-passwords.txt" in said
    assert "delete it" in said
    assert "open-sesame" not in said


@pytest.mark.parametrize("spared", [True, False])
def test_an_engine_that_takes_seats_along_is_warned_of(
    place: Place, spared: bool
) -> None:
    said = announce(settings('address = "127.0.0.1"'), place, None, spared)
    assert ("restart of Docker Engine" in said) is not spared


def test_no_line_is_wider_than_a_terminal(place: Place) -> None:
    said = announce(settings('address = "0.0.0.0"'), place, None, False)
    assert max(len(line) for line in said.splitlines()) <= 100
