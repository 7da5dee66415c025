"""What does not work: it fails in a warm worker where it fails in stock Puppet."""

import pytest

from tests.kernel.differential.agreement import agree, cases
from tests.kernel.differential.nodes import Nodes

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.mark.parametrize("case", cases("broken", sample=3))
def test_a_cell_does_what_puppet_apply_does(both: Nodes, case: str) -> None:
    agree(both, case)
