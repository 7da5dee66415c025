"""Work that shows no sign of life is still work: a long apply is no idle seat."""

from pathlib import Path
from typing import Any

PROC = Path("/proc")


def kernel_is_busy(kernels: Any) -> bool:
    """Tell whether one of a MappingKernelManager's kernels runs a cell."""
    return any(
        getattr(kernels.get_kernel(kernel), "execution_state", "") == "busy"
        for kernel in kernels.list_kernel_ids()
    )


def puppet_runs_on_a_terminal(proc: Path = PROC) -> bool:
    """Tell whether somebody runs Puppet by hand; an agent in the background is none."""
    return any(
        entry.name.isdigit() and _is_puppet(entry / "stat") for entry in proc.iterdir()
    )


def _is_puppet(stat: Path) -> bool:
    try:
        text = stat.read_text()
    except OSError:  # it has ended meanwhile
        return False
    # pid (name) state parent group session terminal …; a name may hold anything.
    name = text[text.find("(") + 1 : text.rfind(")")]
    fields = text[text.rfind(")") + 1 :].split()
    return name == "puppet" and len(fields) > 4 and fields[4] != "0"
