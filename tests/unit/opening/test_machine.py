"""What this machine offers: ports, addresses."""

import socket
from collections.abc import Iterator

import pytest

from puppetcamp.errors import SetupError
from puppetcamp.opening import machine


@pytest.fixture
def busy() -> Iterator[int]:
    """Listen at a port of the kernel's choice."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        yield port


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_busy_port_is_named_with_a_remedy(busy: int, address: str) -> None:
    with pytest.raises(SetupError) as caught:
        machine.require_free(address, busy, "[server] port")
    said = str(caught.value)
    assert f"Port {busy} on {address} is in use" in said
    assert f"ss -ltnp 'sport = :{busy}'" in said
    assert "[server] port in camp.toml" in said


def test_another_address_at_the_port_does_not_matter(busy: int) -> None:
    machine.require_free("127.0.0.2", busy, "[server] port")


def test_an_address_of_another_machine() -> None:
    with pytest.raises(SetupError, match=r"192\.0\.2\.1 is not an address of this"):
        machine.require_free("192.0.2.1", 0, "[server] port")


def test_a_port_that_was_just_left_is_free() -> None:
    with socket.socket() as server:
        # As servers do; without it Linux keeps the port for a minute.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            connection, _ = server.accept()
            connection.close()
    machine.require_free("127.0.0.1", port, "[server] port")


def test_port_zero_asks_for_the_address_alone() -> None:
    machine.require_free("127.0.0.1", 0, "[server] port")


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("127.0.0.1", False),
        ("127.3.2.1", False),
        ("::1", False),
        ("0.0.0.0", True),  # noqa: S104
        ("::", True),
        ("192.0.2.7", True),
    ],
)
def test_who_can_connect(address: str, others: bool) -> None:
    assert machine.others_can_connect(address) is others


def test_an_address_is_shown_as_it_is() -> None:
    assert machine.shown_address("192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104
def test_every_address_is_shown_as_one(address: str) -> None:
    assert machine.shown_address(address) not in {"0.0.0.0", "::"}  # noqa: S104
