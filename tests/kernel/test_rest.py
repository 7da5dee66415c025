"""When an idle Puppet lets its memory go, and that nothing is lost by it."""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from puppet_kernel.rest import PATIENCE, is_due, memory_left
from tests.kernel.conftest import KERNEL_PATH

BYTES = st.integers(-(2**20), 2**31)
SECONDS = st.floats(0, 10_000)


@given(BYTES, SECONDS, BYTES, SECONDS)
def test_the_shorter_memory_is_the_sooner_it_rests(
    left: int, idle: float, less: int, longer: float
) -> None:
    if is_due(idle, left):
        assert is_due(max(idle, longer), min(left, less))


def test_it_does_not_rest_while_there_is_memory() -> None:
    assert not is_due(1e9, None)
    assert not is_due(1e9, max(below for below, _ in PATIENCE))
    assert not is_due(2.9, 0)


@pytest.mark.parametrize(
    ("limit", "usage", "statistics", "files"),
    [
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ],
)
def test_files_that_can_be_given_up_are_not_in_use(
    limit: str, usage: str, statistics: str, files: str, tmp_path: Path
) -> None:
    (tmp_path / limit).parent.mkdir(exist_ok=True)
    (tmp_path / limit).write_text("1000\n")
    (tmp_path / usage).write_text("900\n")
    (tmp_path / statistics).write_text(f"anon 700\n{files} 150\nother 3\n")
    assert memory_left(tmp_path) == 250


@pytest.mark.parametrize("limit", ["max", str(2**63 - 4096), ""])
def test_without_a_limit_nobody_knows(limit: str, tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(limit)
    (tmp_path / "memory.current").write_text("900")
    (tmp_path / "memory.stat").write_text("inactive_file 0")
    assert memory_left(tmp_path) is None


TIRED = """
from puppet_kernel import rest
rest.is_due, rest.LOOK_EVERY = lambda *_: True, 0.2
from puppet_kernel.__main__ import main
main()
"""


@pytest.fixture
def tired(
    puppet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BlockingKernelClient]:
    """Talk to a kernel that rests as soon as it is idle: memory is always short."""
    folder = tmp_path / "kernels" / "tired"
    folder.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-c", TIRED, "-f", "{connection_file}"],
        "display_name": "Puppet",
        "language": "puppet",
        "env": {"PYTHONPATH": str(KERNEL_PATH)},
    }
    folder.joinpath("kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    manager, client = start_new_kernel(kernel_name="tired")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> str:
    said: list[str] = []
    client.execute_interactive(
        code, timeout=60, output_hook=lambda message: said.append(str(message))
    )
    return "\n".join(said)


def test_a_kernel_that_rests_knows_what_it_knew(
    tired: BlockingKernelClient, tmp_path: Path
) -> None:
    run(tired, f"file {{ '{tmp_path}/a': content => 'mine' }}")
    who = "%%sh\necho worker $(ps -o ppid= -p $PPID)"
    first = re.findall(r"worker +\d+", run(tired, who))
    time.sleep(3)
    again = run(tired, "%%idempotent\n")
    assert f"{tmp_path}/a" in again
    assert "another run changed nothing" in again
    assert "had ended" not in again
    assert first
    assert re.findall(r"worker +\d+", run(tired, who)) != first


def test_what_still_writes_keeps_its_puppet(
    tired: BlockingKernelClient, tmp_path: Path
) -> None:
    note = tmp_path / "writer"
    run(tired, f"%%sh\n(while sleep 0.1; do echo on; done) & echo $! > {note}")
    time.sleep(3)
    writer = Path("/proc", note.read_text().strip())
    assert writer.exists()
    run(tired, f"%%sh\nkill {writer.name}")
