"""Close the host's own ports to seats, except those of the hub and the camp's service.

Docker keeps seats from each other and from the outside; what listens on the host itself
(an SSH server, a database) would still answer on the bridge. These rules are the
host's: they are set whenever the hub's container starts, and `make stop` takes them
away.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress

from puppetcamp.deployment import Deployment
from puppetcamp.errors import SetupError


def close_host(deployment: Deployment, gateway: str, ports: Sequence[int]) -> None:
    """Let seats reach `ports` on `gateway` and nothing else of the host.

    Raises SetupError where the kernel or another firewall refuses the rules.
    """
    open_host(deployment)
    for rule in rules(deployment, gateway, ports):
        _iptables(*rule)


def open_host(deployment: Deployment) -> None:
    """Take the camp's rules away, if there are any."""
    with suppress(SetupError):
        while True:
            _iptables("-D", *_jump(deployment))
    for verb in ("-F", "-X"):
        with suppress(SetupError):
            _iptables(verb, deployment.bridge)


def rules(
    deployment: Deployment, gateway: str, ports: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    """Give iptables' arguments, in the order in which they are to be run."""
    chain = deployment.bridge
    answers = ("-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED")
    yield ("-N", chain)
    # The hub calls the seats: their answers come in.
    yield ("-A", chain, *answers, "-j", "ACCEPT")
    for port in ports:
        hub = ("-p", "tcp", "-d", gateway, "--dport", str(port))
        yield ("-A", chain, *hub, "-j", "ACCEPT")
    yield ("-A", chain, "-j", "REJECT")
    yield ("-I", *_jump(deployment))


def _jump(deployment: Deployment) -> tuple[str, ...]:
    return ("INPUT", "-i", deployment.bridge, "-j", deployment.bridge)


def _iptables(*words: str) -> None:
    command = ["/usr/sbin/iptables", "-w", "10", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    except OSError as error:
        message = f"iptables cannot be run: {error}"
        raise SetupError(message) from error
    if done.returncode:
        message = f"iptables {' '.join(words)}: {done.stderr.strip()}"
        raise SetupError(message)
