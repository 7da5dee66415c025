"""A real Puppet for the kernel's tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.results import CellResult, ResourceResult
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.requirements import need

KERNEL_PATH = Path(__file__).parents[2] / "kernel"


def has_puppet() -> bool:
    return bool(shutil.which("puppet") and shutil.which("ruby"))


@pytest.fixture(scope="session")
def puppet() -> None:
    need(has_puppet(), "Puppet 8 and Ruby must be on the PATH")


@pytest.fixture
def fresh_session(puppet: None) -> Iterator[Session]:
    """Return a session with a worker of its own, for tests that hurt it."""
    session = Session(Worker(ProcessChannel(local_worker_argv())), cwd="/")
    yield session
    session.close()


@pytest.fixture(scope="module")
def session(puppet: None) -> Iterator[Session]:
    """Return a session that the tests of a module share."""
    shared = Session(Worker(ProcessChannel(local_worker_argv())), cwd="/")
    yield shared
    shared.close()


def only(result: CellResult) -> ResourceResult:
    """Return the one resource of a result."""
    assert len(result.resources) == 1, result
    return result.resources[0]
