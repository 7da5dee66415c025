"""%env: which Puppet this is, and where it finds what."""

import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel import __version__
from puppet_kernel.document import Text, Tone
from puppet_kernel.results import CellResult
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import ask, rows, text

HIERA = """\
version: 5
defaults:
  datadir: data
hierarchy:
  - name: Each machine
    path: "nodes/%{trusted.certname}.yaml"
  - name: All
    paths: [common.yaml, more.yaml]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "environments/production"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def own(puppet: None, tmp_path: Path, folder: Path) -> Iterator[Session]:
    """Return a session with an environment of its own."""
    argv = [*local_worker_argv(), "--codedir", str(tmp_path)]
    session = Session(Worker(ProcessChannel(argv)), cwd="/", user="somebody")
    yield session
    session.close()


def oddities(result: CellResult) -> list[str]:
    """Return what is warned of."""
    return [
        block.text
        for block in result.blocks
        if isinstance(block, Text) and block.tone is Tone.WARNING
    ]


def test_versions_and_places_are_told(own: Session, folder: Path) -> None:
    result = ask(own, "%env")
    known = rows(result)
    stock = subprocess.run(
        ["puppet", "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert known["Puppet"][0].startswith(f"{stock}, in /")
    assert f"{__version__}, its worker is process " in known["puppet-kernel"][0]
    if platform.system() == "Linux" and os.geteuid() == 0:
        assert " MiB, up for " in known["puppet-kernel"][0]
    assert known["environment"] == [f"production, in {folder}"]
    assert known["%%file modules/… writes to"] == [f"{folder}/modules"]
    assert known["%%sh runs as"] == ["somebody"]
    assert known["strict_variables"][0] == "true"
    assert known["codedir"][0] == str(folder.parent.parent)
    assert oddities(result) == []


def test_who_runs_is_told(own: Session) -> None:
    (told,) = rows(ask(own, "%env"))["runs as"]
    all_of_it = "Puppet can manage everything" in told
    assert all_of_it == (os.geteuid() == 0), told


def test_modules_are_told_with_their_versions(own: Session, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / "modules" / name).mkdir(parents=True)
    (folder / "modules/one/metadata.json").write_text(
        '{"name": "x-one", "version": "1.2.3", "author": "x"}'
    )
    again = folder.parent.parent / "modules/two"
    again.mkdir(parents=True)
    known = rows(ask(own, "%env"))
    assert known["one"][0] == "1.2.3"
    told = text(own, "%env")
    assert "no metadata.json" in told
    assert "does not count" in told


def test_the_levels_of_data_are_told(own: Session, folder: Path) -> None:
    (folder / "hiera.yaml").write_text(HIERA)
    known = rows(ask(own, "%env"))
    assert known["Each machine"] == ["nodes/%{trusted.certname}.yaml", "data"]
    assert known["All"] == ["common.yaml, more.yaml", "data"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "version: 5\nhierarchy:\n  - name: a\n   path: b\n",
            "line 3: it is not valid",
        ),
        ("version: 3\n", "Puppet wants 5"),
        ("- 1\n", "it must begin with version: 5"),
        ("version: 5\nhierarchy:\n  - name: a\n    pth: b\n", "pth"),
    ],
)
def test_a_broken_hiera_yaml_is_warned_of(
    own: Session, folder: Path, content: str, told: str
) -> None:
    (folder / "hiera.yaml").write_text(content)
    (warning,) = oddities(ask(own, "%env"))
    assert "hiera.yaml" in warning
    assert told in warning


def test_other_oddities_are_warned_of(own: Session, folder: Path) -> None:
    (folder / "modules/bad").mkdir(parents=True)
    (folder / "modules/bad/metadata.json").write_text("{ bad")
    (folder / "environment.conf").write_text("modulepath = modules:/none\nfoo = 1\n")
    result = ask(own, "%env")
    conf, metadata = oddities(result)
    assert "environment.conf line 2: foo is no setting" in conf
    assert "metadata.json is not valid JSON" in metadata
    assert rows(result)["/none"] == ["missing"]


def test_an_environment_that_is_missing_is_warned_of(
    own: Session, folder: Path
) -> None:
    own.worker.wait_ready()
    # Puppet makes the environment's folder if only that is missing.
    folder.rmdir()
    folder.parent.rmdir()
    (warning,) = oddities(ask(own, "%env"))
    assert f"{folder} does not exist" in warning
