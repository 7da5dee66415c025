"""What the kernel notes of each cell, through Jupyter's own protocol."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyter_kernel_test")

from jupyter_client.manager import start_new_kernel

from puppet_kernel.journal import Journal
from puppet_kernel.results import CellResult, Kind, Verdict
from tests.kernel.test_kernel import TIMEOUT, kernel_spec

__all__ = ["kernel_spec"]

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.usefixtures("kernel_spec")
def test_each_cell_is_noted_without_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    monkeypatch.setenv("PUPPET_KERNEL_JOURNAL", str(path))
    monkeypatch.setenv("JPY_SESSION_NAME", "lessons/00_your_node.ipynb")
    manager, client = start_new_kernel(kernel_name="puppet", startup_timeout=TIMEOUT)
    try:
        for source in (
            f"file {{ '{tmp_path}/x': content => 'secret' }}",
            f"%%expect there\nfile {{ '{tmp_path}/x': ensure => file }}",
            f"%%expect gone\nfile {{ '{tmp_path}/x': ensure => absent }}",
            "%%nosuchmagic",
            "",
        ):
            client.execute_interactive(
                source, timeout=TIMEOUT, output_hook=lambda _: None, stop_on_error=False
            )
        client.execute_interactive(
            "notice('quiet')", silent=True, timeout=TIMEOUT, output_hook=lambda _: None
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    noted = lines(path)
    assert [(n["status"], n["checks"]) for n in noted] == [
        ("ok", []),
        ("ok", [{"id": "there", "passed": True}]),
        ("failed", [{"id": "gone", "passed": False}]),
        ("refused", []),
    ]
    assert {n["notebook"] for n in noted} == {"lessons/00_your_node.ipynb"}
    assert all(0 <= n["seconds"] < TIMEOUT for n in noted)
    moment = datetime.fromisoformat(noted[0]["at"])
    assert timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=2)
    assert "secret" not in path.read_text()


def test_names_are_cut_and_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUPPET_KERNEL_JOURNAL", str(tmp_path / "journal"))
    monkeypatch.setenv("JPY_SESSION_NAME", "n" * 5000)
    journal = Journal.from_environment()
    assert journal is not None
    verdict = Verdict("i" * 5000, True, "fine")
    journal.note("c" * 5000, CellResult(Kind.EXPECT, verdict=verdict), 1.23456)
    (noted,) = lines(tmp_path / "journal")
    assert len(json.dumps(noted)) < 1000
    assert noted["seconds"] == 1.235
    with pytest.raises(OSError, match="No space"):
        Journal(Path("/dev/full"), "n").note("c", None, 0.1)


def test_nothing_is_noted_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUPPET_KERNEL_JOURNAL", raising=False)
    assert Journal.from_environment() is None
