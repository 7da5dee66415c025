"""The host's rules for the camp's bridge, as words for iptables."""

from puppetcamp.deployment import Deployment
from puppetcamp.firewall import rules


def test_everything_but_the_hub_is_refused_and_the_jump_comes_last() -> None:
    deployment = Deployment("unit")
    made = [" ".join(rule) for rule in rules(deployment, "172.30.0.1", (18002, 18003))]
    chain = deployment.bridge
    assert made[0] == f"-N {chain}"
    accepted = [rule for rule in made if rule.endswith("ACCEPT")]
    assert len(accepted) == 3
    assert all("-d 172.30.0.1 --dport 1800" in rule for rule in accepted[1:])
    # The chain is whole before anything passes through it.
    assert made[-2:] == [f"-A {chain} -j REJECT", f"-I INPUT -i {chain} -j {chain}"]


def test_bridges_fit_the_kernel_and_differ() -> None:
    names = {Deployment(f"camp-{number}").bridge for number in range(200)}
    assert len(names) == 200
    assert all(len(name) <= 15 for name in names)
