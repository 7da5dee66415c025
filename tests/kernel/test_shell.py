"""%%sh: a shell as somebody, somewhere, streaming."""

import os
import pwd
import time
from pathlib import Path

import pytest

from puppet_kernel.display import outputs
from puppet_kernel.results import Kind
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.requirements import need

OTHER = "nobody"


def test_output_streams_while_the_shell_runs(session: Session) -> None:
    seen: list[float] = []

    def listen(event: dict[str, object]) -> None:
        if event["ev"] == "out":
            seen.append(time.monotonic())

    result = session.run_cell("%%sh\necho a; sleep 0.6; echo b", on_event=listen)
    assert result.output == "a\nb\n"
    assert result.kind is Kind.SHELL
    assert seen[-1] - seen[0] > 0.4


def test_a_status_that_is_not_zero_is_an_error(session: Session) -> None:
    result = session.run_cell("%%sh\necho before\nexit 3")
    assert result.exit_status == 3
    assert not result.ok
    stream, error = outputs(result)
    assert stream["text"] == "before\n"
    assert error["ename"] == "ExitStatus"
    assert "exit status 3" in error["evalue"]


def test_a_signal_becomes_a_status(session: Session) -> None:
    assert session.run_cell("%%sh\nkill -9 $$").exit_status == 137


def test_both_streams_are_shown_and_input_is_empty(session: Session) -> None:
    assert session.run_cell("%%sh\necho oops >&2; cat").output == "oops\n"


def test_the_environment_is_small(session: Session) -> None:
    result = session.run_cell("%%sh\nenv | cut -d= -f1 | sort | xargs")
    assert set(result.output.split()) == {
        *("HOME", "LANG", "LOGNAME", "PAGER", "PATH", "PWD", "SHELL", "SHLVL"),
        *("TERM", "USER", "_"),
    }


def test_a_lost_folder_is_no_obstacle(puppet: None) -> None:
    worker = Worker(ProcessChannel(local_worker_argv()))
    try:
        session = Session(worker, cwd="/no/such/folder")
        shell = session.run_cell("%%sh\npwd")
        assert shell.output == "/\n"
        assert "/no/such/folder" in shell.warnings[0].message
        assert session.run_cell("notice('x')").ok
    finally:
        worker.close()


def test_a_shell_runs_as_the_user_in_the_folder(puppet: None) -> None:
    need(os.geteuid() == 0, "only root can become another user")
    account = pwd.getpwnam(OTHER)
    worker = Worker(ProcessChannel(local_worker_argv()))
    try:
        session = Session(worker, cwd="/usr", user=OTHER)
        result = session.run_cell("%%sh\nid -u; id -g; id -G; pwd; echo $USER")
    finally:
        worker.close()
    gid = str(account.pw_gid)
    assert result.output.split() == [str(account.pw_uid), gid, gid, "/usr", OTHER]


def test_a_user_that_does_not_exist_is_an_error(puppet: None) -> None:
    worker = Worker(ProcessChannel(local_worker_argv()))
    try:
        result = Session(worker, user="no-such-user").run_cell("%%sh\nid")
    finally:
        worker.close()
    assert not result.ok


def test_a_daemon_keeps_running_and_may_print(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "alive"
    result = session.run_cell(
        f"%%sh\n(sleep 0.5; echo later; echo yes > {path}) & echo started"
    )
    assert result.output == "started\n"
    assert result.seconds < 0.5
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert path.read_text() == "yes\n"
    assert session.run_cell("%%sh\necho next").output == "next\n"


@pytest.mark.parametrize("source", ["%%sh", "%%sh\n  \n"])
def test_an_empty_shell_cell_does_nothing(session: Session, source: str) -> None:
    assert session.run_cell(source).kind is Kind.EMPTY
