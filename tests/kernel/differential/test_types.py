"""Every core type: applied by a warm worker as by stock Puppet, twice."""

import pytest

from tests.kernel.differential.agreement import FULL, agree, cases
from tests.kernel.differential.nodes import Nodes

pytestmark = [pytest.mark.docker, pytest.mark.slow]

# What these say the second time depends on what the first run left or remembered.
AGAIN = {
    f"types/{name}"
    for name in (
        *("cron_jobs", "custom_type_and_provider", "exec_creates", "exec_refreshonly"),
        *("exec_unless_onlyif", "file_audit", "file_backup", "file_links"),
        *("file_purge", "file_recurse", "file_replaced_content", "file_source_module"),
        *("group_members", "host_entries", "mount_mounted", "noop_resources"),
        *("package_installed", "resources_purge", "schedule_periods", "service_cron"),
        *("service_restart_by_config", "ssh_authorized_key", "user_groups"),
    )
}


@pytest.mark.parametrize("case", cases("types"))
def test_a_cell_does_what_puppet_apply_does(both: Nodes, case: str) -> None:
    agree(both, case, runs=2 if FULL or case in AGAIN else 1)


def test_what_is_run_again_is_in_the_corpus() -> None:
    assert set(cases("types")) >= AGAIN
