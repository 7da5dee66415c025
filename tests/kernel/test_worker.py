"""The worker's life: interrupts, death, time limits, foreign surroundings."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from puppet_kernel.errors import WorkerDied, WorkerTimeout
from puppet_kernel.results import CellResult, State
from puppet_kernel.session import Session
from puppet_kernel.worker import (
    ProcessChannel,
    Worker,
    local_worker_argv,
)

# Seconds that no other process sleeps, whatever tests run beside these.
MARK = f"86399.{os.getpid()}"


def until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def commands() -> dict[int, str]:
    """Return the command lines of all running processes."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        found[int(path.parent.name)] = line
    return found


def descendants(root: int) -> set[tuple[int, str]]:
    """Return a process and all below it, each with the time that it was started."""
    fields = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        if pid in fields:
            found.add((pid, fields[pid][19]))
        waiting += [child for child, field in fields.items() if int(field[1]) == pid]
    return found


def sleeping() -> list[str]:
    found = commands().values()
    return [line for line in found if MARK in line and "ruby" not in line]


InBackground = Callable[..., Callable[[], CellResult]]


@pytest.fixture
def in_background(fresh_session: Session) -> InBackground:
    """Return a function that starts a cell and returns a function to await it."""

    def start(
        source: str, on_event: Callable[[object], None] | None = None
    ) -> Callable[[], CellResult]:
        results: list[CellResult] = []
        thread = threading.Thread(
            target=lambda: results.append(
                fresh_session.run_cell(source, on_event=on_event)
            )
        )
        thread.start()

        def finish() -> CellResult:
            thread.join(20)
            assert results, "the cell did not end"
            return results[0]

        return finish

    return start


def test_an_interrupt_lets_the_current_resource_end(
    fresh_session: Session, tmp_path: Path, in_background: InBackground
) -> None:
    finish = in_background(
        f"exec {{ '/bin/sh -c \"touch {tmp_path}/began; sleep 1; "
        f"touch {tmp_path}/ended\"': }}\n"
        f"-> file {{ '{tmp_path}/never': ensure => file }}"
    )
    until((tmp_path / "began").exists)
    fresh_session.interrupt()
    result = finish()
    assert result.interrupted
    assert not result.ok
    assert (tmp_path / "ended").exists()
    assert not (tmp_path / "never").exists()
    states = {r.reference.partition("[")[0]: r.state for r in result.resources}
    assert states["Exec"] is State.CHANGED
    assert fresh_session.run_cell("notice('next')").ok


def test_a_second_interrupt_kills_the_process_tree(
    fresh_session: Session, in_background: InBackground
) -> None:
    finish = in_background(
        f"exec {{ '/bin/sh -c \"setsid sleep {MARK} & sleep {MARK}\"': timeout => 0 }}"
    )
    until(lambda: len(sleeping()) >= 2)
    fresh_session.interrupt()
    time.sleep(0.3)  # long enough that a wrong end would show
    assert sleeping()
    fresh_session.interrupt()
    assert finish().interrupted
    until(lambda: not sleeping())
    assert fresh_session.run_cell("notice('next')").ok


def test_endless_compilation_can_be_killed(
    fresh_session: Session, in_background: InBackground
) -> None:
    events: list[object] = []
    finish = in_background(
        "Integer[1, 100000000].each |$n| { if $n == 5 { notice('began') } }",
        events.append,
    )
    until(lambda: events)
    fresh_session.interrupt()
    fresh_session.interrupt()
    assert finish().interrupted
    assert fresh_session.run_cell("notice('next')").ok


def test_an_interrupt_ends_a_shell(
    fresh_session: Session, in_background: InBackground
) -> None:
    finish = in_background(f"%%sh\nsleep {MARK}; echo not reached")
    until(sleeping)
    fresh_session.interrupt()
    result = finish()
    assert result.interrupted
    assert "not reached" not in result.output
    assert not sleeping()


def test_an_interrupt_without_a_cell_does_nothing(fresh_session: Session) -> None:
    fresh_session.worker.wait_ready()
    fresh_session.interrupt()
    assert fresh_session.run_cell("notice('x')").ok


def test_an_interrupt_while_puppet_loads_gives_the_cell_up(
    fresh_session: Session, tmp_path: Path, in_background: InBackground
) -> None:
    finish = in_background(f"file {{ '{tmp_path}/never': ensure => file }}")
    fresh_session.interrupt()
    assert finish().interrupted
    assert fresh_session.run_cell("notice('next')").ok
    assert not (tmp_path / "never").exists()


def test_a_time_limit_kills_the_cell_and_not_the_worker(
    fresh_session: Session,
) -> None:
    fresh_session.worker.wait_ready()
    with pytest.raises(WorkerTimeout):
        fresh_session.run_cell(f"%%sh\ntrap '' INT; sleep {MARK}", timeout=1.5)
    until(lambda: not sleeping())
    assert fresh_session.run_cell("notice('next')").ok


def test_a_worker_that_dies_is_noticed_and_takes_its_cell_along(
    fresh_session: Session, in_background: InBackground
) -> None:
    channel = ProcessChannel(local_worker_argv())
    worker = Worker(channel)
    worker.wait_ready()
    errors: list[Exception] = []

    def run() -> None:
        try:
            Session(worker).run_cell(f"exec {{ '/bin/sleep {MARK}': timeout => 0 }}")
        except WorkerDied as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    until(sleeping)
    os.kill(channel.pid, signal.SIGKILL)
    thread.join(10)
    assert errors
    assert not worker.alive
    with pytest.raises(WorkerDied):
        worker.request("ping")
    until(lambda: not sleeping())
    worker.close()


def test_no_process_is_left(puppet: None) -> None:
    channel = ProcessChannel(local_worker_argv())
    worker = Worker(channel)
    session = Session(worker)
    assert session.run_cell("notice('x')").ok

    def run() -> None:
        with contextlib.suppress(WorkerDied):
            session.run_cell(f"exec {{ '/bin/sleep {MARK}': }}")

    thread = threading.Thread(target=run)
    thread.start()
    until(sleeping)
    own = descendants(channel.pid)
    assert len(own) >= 3  # worker, child, command
    session.close()
    session.close()
    thread.join(10)
    until(lambda: not sleeping())
    until(lambda: not any((pid, start) in descendants(pid) for pid, start in own))


def test_no_descriptor_is_left(session: Session) -> None:
    pid = int(session.worker.request("ping")[0]["pid"])
    if not os.access(f"/proc/{pid}/fd", os.R_OK):
        pytest.skip("the worker belongs to another user")
    session.run_cell("notice('x')")
    before = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - a count
    for _ in range(5):
        session.run_cell("%%sh\necho x")
        session.run_cell("%%noop\nnotify { 'x': }")
    until(lambda: len(os.listdir(f"/proc/{pid}/fd")) <= before + 1)  # noqa: PTH208


def test_a_command_that_cannot_start_is_a_death(puppet: None) -> None:
    with pytest.raises(WorkerDied, match="cannot be started"):
        ProcessChannel(["/no/such/ruby"])
    worker = Worker(ProcessChannel(["/bin/sh", "-c", "echo no puppet here >&2"]))
    with pytest.raises(WorkerDied, match="no puppet here"):
        worker.wait_ready()
    worker.close()


def test_a_worker_that_never_gets_ready_is_a_timeout() -> None:
    worker = Worker(ProcessChannel(["/bin/cat"]), ready_timeout=0.2)
    with pytest.raises(WorkerTimeout):
        worker.wait_ready()
    worker.close()
