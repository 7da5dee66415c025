"""Run one case of the corpus on both sides and say how they disagree."""

import os

import pytest

from tests.kernel.differential.comparison import Sides, differences
from tests.kernel.differential.nodes import CORPUS, Nodes

# Cold Puppet takes its time. DIFFERENTIAL=full takes all of it: every case, and those
# that change a node a second time. Otherwise a part of both is left out.
FULL = os.environ.get("DIFFERENTIAL") == "full"


def cases(group: str, *, sample: int = 1) -> list[str]:
    """Return the names of a group's cases; of many, every `sample`th."""
    found = sorted(f"{group}/{path.stem}" for path in (CORPUS / group).glob("*.pp"))
    return found if FULL else found[::sample]


def agree(both: Nodes, case: str, *, runs: int = 1) -> None:
    """Fail, and say what differs, unless both sides agree."""
    both.prepare(case)
    stock_runs, left = both.stock(case, runs)
    stock = Sides(stock_runs, **left)
    warm_runs, left = both.warm(case, runs)
    found = differences(case, stock, Sides(warm_runs, **left))
    if found:
        pytest.fail(
            "\n".join([f"{case}: not like stock Puppet", *found]), pytrace=False
        )
