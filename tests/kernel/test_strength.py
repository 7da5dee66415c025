"""Cells that hurt: what they fill, fork, leave behind or kill, the next cell works."""

import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from puppet_kernel.errors import WorkerDied
from puppet_kernel.results import CellResult
from puppet_kernel.session import Session
from puppet_kernel.worker import Event, ProcessChannel, Worker, local_worker_argv
from tests.kernel.conftest import only

# Seconds that only these tests' own processes sleep.
NAP = f"86398.{os.getpid()}"
# Bytes of memory that a small worker may have.
SMALL = 700_000_000


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def napping() -> list[int]:
    """Return the processes that sleep for NAP seconds, shells around them apart."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", NAP.encode()]:
            found.append(int(path.parent.name))
    return found


@pytest.fixture(autouse=True)
def no_nap_is_left() -> Iterator[None]:
    yield
    for pid in napping():
        os.kill(pid, signal.SIGKILL)


def works(session: Session) -> bool:
    """Tell whether the next cells work, one of each kind."""
    shell = session.run_cell("%%sh\necho next")
    return shell.output == "next\n" and session.run_cell("notice('next')").ok


def worker_pid(session: Session) -> int:
    return int(session.worker.request("ping")[0]["pid"])


def children(pid: int) -> list[tuple[int, str]]:
    """Return the children of a process and their states."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid:
            found.append((int(path.parent.name), state))
    return found


def interrupted(
    session: Session, source: str, begun: Callable[[list[Event]], object], times: int
) -> CellResult:
    """Run a cell, interrupt it when it has begun, and return its result."""
    events: list[Event] = []
    results: list[CellResult] = []
    thread = threading.Thread(
        target=lambda: results.append(session.run_cell(source, on_event=events.append))
    )
    thread.start()
    until(lambda: begun(events))
    for _ in range(times):
        session.interrupt()
        time.sleep(0.1)  # the two are two, not one
    thread.join(20)
    assert results, "the cell did not end"
    return results[0]


def printed(events: list[Event]) -> bool:
    return any(event.get("ev") == "out" for event in events)


def test_a_hundred_megabytes_are_cut(session: Session) -> None:
    result = session.run_cell("%%sh\nyes | head -c 100000000")
    assert result.ok
    assert len(result.output) < 300_000
    assert "more bytes of output left out" in result.output
    assert works(session)


def test_endless_output_can_be_interrupted(session: Session) -> None:
    result = interrupted(session, "%%sh\nyes", printed, times=1)
    assert result.interrupted
    assert len(result.output) < 300_000
    assert works(session)


def test_endless_output_of_an_exec_can_be_killed(session: Session) -> None:
    napped = f"exec {{ '/bin/sh -c \"sleep {NAP} & yes > /dev/null\"': timeout => 0 }}"
    result = interrupted(session, napped, lambda _: napping(), times=2)
    assert result.interrupted
    until(lambda: not napping())
    assert works(session)


def test_binary_output_of_an_exec_does_no_harm(session: Session) -> None:
    source = "exec { '/usr/bin/head -c 5000 /dev/urandom': logoutput => true }"
    # Puppet itself can make nothing of it, and says so.
    only(session.run_cell(source))
    assert works(session)


@pytest.mark.parametrize(
    "script",
    [
        "kill -9 0",
        "kill -TERM 0; sleep 20",
        "kill -9 $PPID",
        "kill -9 $$",
        "kill -SEGV $PPID",
        "exec < /dev/null > /dev/null 2>&1; kill -9 0",
    ],
)
def test_a_shell_that_kills_those_around_it(session: Session, script: str) -> None:
    before = worker_pid(session)
    result = session.run_cell(f"%%sh\n{script}")
    # While one thread of it writes down why it crashes, another may tell how the shell
    # ended, and that was well.
    assert not result.ok or "SEGV" in script
    assert worker_pid(session) == before
    assert works(session)


@pytest.mark.parametrize("script", ["kill -9 0", "kill -9 $PPID"])
def test_an_exec_that_kills_those_around_it(session: Session, script: str) -> None:
    before = worker_pid(session)
    assert not session.run_cell(f"exec {{ '/bin/sh -c \"{script}\"': }}").ok
    assert worker_pid(session) == before
    assert works(session)


def test_a_cell_that_stops_itself_can_be_killed(session: Session) -> None:
    source = f"%%sh\nsleep {NAP} & kill -STOP $PPID; sleep {NAP}"
    result = interrupted(session, source, lambda _: len(napping()) == 2, times=2)
    assert result.interrupted
    until(lambda: not napping())
    assert works(session)


def test_a_cell_that_ignores_interrupts_can_be_killed(session: Session) -> None:
    source = f"%%sh\ntrap '' INT TERM\nsetsid sleep {NAP} & sleep {NAP}"
    result = interrupted(session, source, lambda _: len(napping()) == 2, times=2)
    assert result.interrupted
    until(lambda: not napping())
    assert works(session)


def test_a_cell_that_kills_its_worker_is_told(fresh_session: Session) -> None:
    pid = worker_pid(fresh_session)
    with pytest.raises(WorkerDied):
        fresh_session.run_cell(f"%%sh\nsleep {NAP} & kill -9 {pid}; sleep {NAP}")
    assert not fresh_session.worker.alive
    until(lambda: not napping())


def test_a_folder_is_the_cell_s_own(session: Session, tmp_path: Path) -> None:
    assert session.run_cell(f"%%sh\ncd {tmp_path}; pwd").output == f"{tmp_path}\n"
    assert session.run_cell("%%sh\npwd").output == "/\n"
    lost = tmp_path / "lost"
    lost.mkdir()
    own = Session(session.worker, cwd=str(lost))
    assert own.run_cell(f"%%sh\nrmdir {lost}").ok
    assert own.run_cell("notice('still here')").ok
    assert works(session)


def test_settings_of_a_shell_do_not_last(session: Session) -> None:
    assert session.run_cell("%%sh\numask 0; ulimit -n 10; export LEFT=behind").ok
    told = session.run_cell("%%sh\numask; ulimit -n; echo ${LEFT:-nothing}").output
    mask, descriptors, left = told.split()
    assert (int(mask, 8), left) == (0o022, "nothing")
    assert int(descriptors) > 10


def test_descriptors_are_used_up(session: Session) -> None:
    script = "ulimit -n 12; for n in $(seq 20); do exec {x}<>/dev/null; done; echo end"
    result = session.run_cell(f"%%sh\n{script}")
    assert "Too many open files" in result.output
    assert works(session)


def test_memory_is_used_up(session: Session) -> None:
    script = (
        "ulimit -v 300000; head -c 1000000000 /dev/zero | tail; exit ${PIPESTATUS[1]}"
    )
    assert not session.run_cell(f"%%sh\n{script}").ok
    assert works(session)


def test_a_manifest_uses_memory_up(puppet: None) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit here")
    argv = ["prlimit", f"--as={SMALL}", *local_worker_argv()]
    small = Session(Worker(ProcessChannel(argv)), cwd="/")
    try:
        assert small.run_cell("notice('x')").ok
        result = small.run_cell(
            "$x = Integer[1, 1000000].map |$n| { sprintf('%0100000d', $n) }"
        )
        assert not result.ok
        assert result.errors
        assert works(small)
    finally:
        small.close()


def test_too_many_processes_are_an_error_of_the_cell(fresh_session: Session) -> None:
    if shutil.which("prlimit") is None or os.geteuid() != 0:
        pytest.skip("needs prlimit, and to be root")
    pid = worker_pid(fresh_session)
    until(lambda: not children(pid))
    limit = len(os.listdir(f"/proc/{pid}/fd")) + 1  # noqa: PTH208 - a count
    os.system(f"prlimit --nofile={limit}:4096 --pid {pid}")  # noqa: S605
    result = fresh_session.run_cell("notice('x')")
    assert not result.ok
    assert "could not be started" in result.errors[0].message
    os.system(f"prlimit --nofile=4096:4096 --pid {pid}")  # noqa: S605
    assert works(fresh_session)


def test_daemons_live_on_and_hold_nothing_up(session: Session) -> None:
    result = session.run_cell(
        f"%%sh\nsetsid sleep {NAP} & sleep {NAP} & sleep {NAP} > /dev/null 2>&1 &"
    )
    assert result.ok
    assert result.seconds < 5
    until(lambda: len(napping()) == 3)
    assert works(session)
    assert len(napping()) == 3


def test_many_short_processes(session: Session) -> None:
    script = "for n in $(seq 300); do (sleep 0.05 &) ; done; wait; echo end"
    assert session.run_cell(f"%%sh\n{script}").output == "end\n"
    assert works(session)


def test_nothing_leaks_in_fifty_cells(fresh_session: Session, tmp_path: Path) -> None:
    pid = worker_pid(fresh_session)
    descriptors = Path(f"/proc/{pid}/fd")
    if not os.access(descriptors, os.R_OK):
        pytest.skip("the worker belongs to another user")
    cells = [
        "notice('x')",
        "%%sh\n(sleep 0.1; echo later) & echo now",
        f"file {{ '{tmp_path}/x': content => \"${{facts['system_uptime']}}\" }}",
        "%%noop\nexec { '/bin/false': }",
        "this is no manifest",
    ]
    for cell in cells:
        fresh_session.run_cell(cell)

    def at_rest() -> bool:
        return not children(pid)

    until(at_rest)
    before = len(list(descriptors.iterdir()))
    for number in range(50):
        fresh_session.run_cell(cells[number % len(cells)])
    until(at_rest)
    until(lambda: len(list(descriptors.iterdir())) <= before)


def test_a_new_session_knows_nothing_of_the_last(
    session: Session, puppet: None
) -> None:
    assert session.run_cell("$left = 'behind'\nnotify { 'x': }").ok
    fresh = Session(Worker(ProcessChannel(local_worker_argv())), cwd="/")
    try:
        assert not fresh.memory.declared
        result = fresh.run_cell("notice($left)")
    finally:
        fresh.close()
    assert any(re.search(r"\bleft\b", e.message) for e in result.errors)
