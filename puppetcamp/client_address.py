"""Where a request really comes from: what guessing is counted by.

`request.remote_ip` is no help against guessing: the hub believes an X-Real-IP header
that any browser may send. Only the last entry of X-Forwarded-For is the proxy's own
word, and only if the proxy sent the request; attendees' containers reach the hub's port
without the proxy and may write what they like.
"""

import ipaddress
from typing import Any


def client_address(request: Any) -> str:
    """Return the address that a tornado request came from, as a key for counting."""
    try:
        socket = request.connection.stream.socket
        peer, own = socket.getpeername()[0], socket.getsockname()[0]
    except (AttributeError, OSError):  # the connection is gone already
        return _key(request.remote_ip or "")
    return counted_address(peer, own, request.headers.get("X-Forwarded-For", ""))


def counted_address(peer: str, own: str, forwarded: str) -> str:
    """Choose between the peer of a connection and whom it speaks for.

    A peer on this machine is the proxy: it uses a loopback address or, talking to an
    address of this machine, that same address (`own`).
    """
    last = forwarded.rsplit(",", 1)[-1].strip()
    if last and (_is_loopback(peer) or peer == own):
        return _key(last)
    return _key(peer)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _key(address: str) -> str:
    """Take IPv6 by network: whoever has one address has 2^64 of them."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        if ip.is_global:
            return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
