"""`python -m puppet_kernel install`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel.conftest import KERNEL_PATH


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "puppet_kernel", "install", *arguments],
        env={**os.environ, "PYTHONPATH": str(KERNEL_PATH), "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("where", ["--prefix", "--user"])
def test_the_kernelspec_is_written(tmp_path: Path, where: str) -> None:
    arguments = [where, str(tmp_path / "p")] if where == "--prefix" else [where]
    done = run(*arguments, home=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.removeprefix("wrote ").strip())
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o755
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["language"] == "puppet"


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("--prefix", str(tmp_path / "file"), home=tmp_path)
    assert done.returncode == 1
    assert "try --user or --prefix" in done.stderr


def test_a_wrong_option_is_refused(tmp_path: Path) -> None:
    assert run("--user", "--sys-prefix", home=tmp_path).returncode == 2
