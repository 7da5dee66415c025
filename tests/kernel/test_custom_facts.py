"""Facts that attendees write: their mistakes are told, and never in the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    facts = tmp_path / "own/lib/facter"
    facts.mkdir(parents=True)
    return tmp_path


@pytest.fixture
def learner(puppet: None, modules: Path) -> Iterator[Session]:
    argv = [*local_worker_argv(), "--basemodulepath", str(modules)]
    made = Session(Worker(ProcessChannel(argv)), cwd="/")
    yield made
    made.close()


def test_a_broken_fact_is_a_warning_of_every_cell(
    learner: Session, modules: Path
) -> None:
    fact = modules / "own/lib/facter/broken.rb"
    fact.write_text("Facter.add(:broken) { setcode { raise 'no such luck' } }\n")
    for _ in range(2):
        result = learner.run_cell("notice($facts['kernel'])")
        assert result.ok
        assert [notice.message for notice in result.notices] == ["Linux"]
        assert "no such luck" in result.warnings[0].message
    fact.unlink()
    assert not learner.run_cell("notice($facts['kernel'])").warnings


def test_a_fact_that_changes_its_own_file_keeps_no_cell_waiting(
    learner: Session, modules: Path
) -> None:
    fact = modules / "own/lib/facter/restless.rb"
    fact.write_text(
        "Facter.add(:restless) { setcode { File.write(__FILE__, "
        "File.read(__FILE__) + '#') && 'yes' } }\n"
    )
    for _ in range(2):
        result = learner.run_cell("notice($facts['restless'])", timeout=60)
        assert [notice.message for notice in result.notices] == ["yes"]
