"""The camp's service in trouble: killed, and on a machine whose clock is set."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from puppetcamp.sessions.ledger import Ledger
from tests.hub.support.camp import HubCamp, Visitor, hub_camp, until
from tests.hub.support.service import running_service

pytestmark = pytest.mark.hub

SET_CLOCK = Path(__file__).parent / "support" / "set_clock.py"
LENGTH = 15
LATE = 8.0
HOURS = 3600.0


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_neither_a_killed_service_nor_a_set_clock_moves_a_deadline(
    tmp_path: Path,
    stack: ExitStack,
    visit: Callable[[HubCamp], Visitor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, path = tmp_path / "clock", tmp_path / "path"
    path.mkdir()
    shutil.copy(SET_CLOCK, path / "sitecustomize.py")
    camp = stack.enter_context(
        hub_camp(tmp_path / "camp", length=LENGTH, with_service=True)
    )
    with monkeypatch.context() as patched:
        patched.setenv("SET_CLOCK", str(clock))
        service = stack.enter_context(
            running_service(
                camp,
                camp.place,
                f'[session]\nlength = "{LENGTH}s"\n',
                first_on_path=path,
            )
        )
    ann = visit(camp).arrive("ann").work("ann")
    deadline = _deadline(camp, "ann")

    clock.write_text(str(2 * HOURS))
    service.end(signal.SIGKILL)
    service.start()
    at_work_until = time.time()
    assert at_work_until < deadline, "this machine is too slow for the test"
    assert ann.is_at_work("ann")
    clock.write_text(str(-2 * HOURS))

    while "ann" in camp.servers():
        at_work_until = time.time()
        assert at_work_until < deadline + LATE, service.log()
        time.sleep(0.05)
    assert at_work_until > deadline - 1, "ann was sent away early"
    assert "the machine's clock was set" in service.log()
    until(lambda: not ann.is_at_work("ann"), "the end of ann's page")


def _deadline(camp: HubCamp, name: str) -> float:
    """Tell when somebody's time ends, by this machine's clock."""
    engine = camp.ledger_engine()
    try:
        session = Ledger(engine).current(name, None)
    finally:
        engine.dispose()
    assert session is not None
    return (session.started + timedelta(seconds=LENGTH)).timestamp()
