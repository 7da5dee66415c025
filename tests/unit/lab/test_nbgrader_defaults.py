"""What an nbgrader_config.py of a camp gets from one call."""

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.converters
import pytest
from nbgrader.converters.autograde import Autograde
from nbgrader.exchange import ExchangeFactory
from nbgrader.preprocessors import ClearSolutions, DeduplicateIds, Execute
from traitlets.config import Config

from puppetcamp_lab import exchange
from puppetcamp_lab.autograding.converter import Autograde as ParallelAutograde
from puppetcamp_lab.autograding.restore import RestoreCells
from puppetcamp_lab.grading import SandboxExecute
from puppetcamp_lab.nbgrader_defaults import configure, configure_instructor


@pytest.fixture
def config() -> Config:
    config = Config()
    configure(config)
    return config


def test_all_eight_classes_of_the_exchange_are_the_camps(config: Config) -> None:
    factory = ExchangeFactory(config=config)
    used = {getattr(factory, trait) for trait in factory.trait_names(config=True)}
    assert used == {getattr(exchange, name) for name in exchange.__all__}
    assert len(used) == 8


def test_solutions_in_puppet_are_taken_out(config: Config) -> None:
    stubs = ClearSolutions(config=config).code_stub
    assert stubs["puppet"].startswith("# ")
    assert {"python", "bash"} < set(stubs)


@pytest.fixture(autouse=True)
def _stock_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give nbgrader its own converter back after a test."""
    for module in (nbgrader.converters, nbgrader.apps.autogradeapp, nbgrader.apps.api):
        monkeypatch.setattr(module, "Autograde", Autograde)


def test_nbgraders_command_and_pages_autograde_in_parallel(config: Config) -> None:
    configure_instructor(config)
    for module in (nbgrader.converters, nbgrader.apps.autogradeapp, nbgrader.apps.api):
        assert module.Autograde is ParallelAutograde


def test_the_courses_cells_are_restored_before_anything_reads_them(
    config: Config,
) -> None:
    before = Autograde().sanitize_preprocessors
    configure_instructor(config)
    after = Autograde(config=config).sanitize_preprocessors
    assert [step for step in after if step is not RestoreCells] == before
    assert after.index(RestoreCells) < after.index(DeduplicateIds)


def test_only_the_execute_step_of_grading_is_replaced(config: Config) -> None:
    before = Autograde().autograde_preprocessors
    configure_instructor(config)
    after = Autograde(config=config).autograde_preprocessors
    assert Execute not in after
    assert after.count(SandboxExecute) == 1
    assert [SandboxExecute if step is Execute else step for step in before] == after
