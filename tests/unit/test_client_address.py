"""Whom guessing is counted against: the proxy is believed, and nobody else."""

import pytest

from puppetcamp.client_address import counted_address

GATEWAY = "172.18.0.1"


@pytest.mark.parametrize(
    ("peer", "own", "forwarded", "counted"),
    [
        # The proxy on this machine speaks for a browser.
        ("127.0.0.1", "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        (GATEWAY, GATEWAY, "192.0.2.7", "192.0.2.7"),
        ("::1", "::1", "192.0.2.7", "192.0.2.7"),
        # Only the proxy's own entry counts, the browser may have sent the others.
        ("127.0.0.1", "127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "127.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
        # A container that talks to the hub's port directly speaks for itself.
        ("172.18.0.5", GATEWAY, "192.0.2.7", "172.18.0.5"),
        # No proxy.
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        # IPv6 is counted by network, but for addresses that share one with everybody.
        ("::1", "::1", "2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::/64"),
        ("::1", "::1", "fe80::1:2%eth0", "fe80::1:2"),
        ("::1", "::1", "nonsense", "nonsense"),
    ],
)
def test_address_that_counts(peer: str, own: str, forwarded: str, counted: str) -> None:
    assert counted_address(peer, own, forwarded) == counted
