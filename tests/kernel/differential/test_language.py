"""The Puppet language: compiled by a warm worker as by stock Puppet."""

import pytest

from tests.kernel.differential.agreement import agree, cases
from tests.kernel.differential.nodes import Nodes

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.mark.parametrize("case", cases("language"))
def test_a_cell_does_what_puppet_apply_does(both: Nodes, case: str) -> None:
    agree(both, case)
