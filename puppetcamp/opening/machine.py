"""What this machine offers a camp: ports and addresses."""

import errno
import ipaddress
import socket

from puppetcamp.errors import SetupError


def require_free(address: str, port: int, key: str) -> None:
    """Raise SetupError if another program listens at a port that the camp needs.

    `key` is the setting in camp.toml that decides about the port.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise SetupError(_port_trouble(error, address, port, key)) from error


def _port_trouble(error: OSError, address: str, port: int, key: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {address} is in use by another program. "
            f"Find it with: ss -ltnp 'sport = :{port}' -- and end it, or choose "
            f"another {key} in camp.toml; then run: make camp"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"{address} is not an address of this machine. "
            "Set [server] address in camp.toml to one of: hostname -I; "
            "then run: make camp"
        )
    return f"Cannot listen at port {port} on {address}: {error.strerror} ({key})"


def others_can_connect(address: str) -> bool:
    """Tell whether other machines may reach a server that listens at `address`."""
    return not ipaddress.ip_address(address).is_loopback


def shown_address(address: str) -> str:
    """Give the address by which attendees reach a server that listens at `address`.

    For "every address" this is the one by which this machine reaches others.
    """
    if not ipaddress.ip_address(address).is_unspecified:
        return address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing: it asks the routing table.
            probe.connect(("192.0.2.1", 9))
            name: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
        return name
