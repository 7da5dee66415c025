"""The worker where it is a guest: bare environment, foreign pipes, private folders."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.session import Session
from puppet_kernel.worker import WORKER_RB, ProcessChannel, Worker, local_worker_argv


def test_poor_surroundings_are_enough(puppet: None, tmp_path: Path) -> None:
    ruby = shutil.which("ruby")
    assert ruby is not None
    bare = ["/bin/sh", "-c", 'umask 077; exec "$0" "$@"', ruby, str(WORKER_RB)]
    worker = Worker(ProcessChannel(["/usr/bin/env", "-i", *bare]))
    try:
        path = tmp_path / "ü"
        session = Session(worker)
        result = session.run_cell(f"file {{ '{path}': content => 'größer' }}")
        assert result.ok
        assert path.read_text() == "größer"
        assert path.stat().st_mode & 0o777 == 0o644
        assert session.run_cell("%%sh\numask; pwd").output.split()[0] == "0022"
    finally:
        worker.close()


def test_nonsense_does_not_end_the_worker(puppet: None) -> None:
    lines = [b"nonsense", b"[1]", b"\xff\xfe", b"{}", b'{"op":"no such"}']
    lines.append(json.dumps({"op": "ping", "id": 7}).encode())
    answered = subprocess.run(
        local_worker_argv(),
        input=b"\n".join(lines) + b"\n",
        capture_output=True,
        timeout=60,
        check=True,
    )
    events = [json.loads(line) for line in answered.stdout.splitlines()]
    assert {"ev": "pong", "id": 7} in [
        {"ev": e["ev"], "id": e.get("id")} for e in events
    ]


def test_a_cell_cannot_speak_for_the_worker(session: Session) -> None:
    forged = json.dumps({"ev": "report", "completed": True, "id": 1})
    script = f"for fd in /proc/self/fd/*; do echo '{forged}' > $fd; done; true"
    result = session.run_cell(f"%%sh\n({script}) 2>/dev/null; echo end")
    assert result.output.endswith("end\n")
    assert session.run_cell("notice('next')").ok


def test_private_settings_are_used(puppet: None, tmp_path: Path) -> None:
    settings = [
        argument
        for name in ("confdir", "vardir", "codedir")
        for argument in (f"--{name}", str(tmp_path / name))
    ]
    module = tmp_path / "codedir" / "modules" / "own" / "manifests"
    module.mkdir(parents=True)
    (module / "init.pp").write_text("class own { notice('mine') }")
    argv = [*local_worker_argv(), "--builtin-facts-only", *settings]
    worker = Worker(ProcessChannel(argv))
    try:
        result = Session(worker).run_cell("include own\nnotice($facts['kernel'])")
    finally:
        worker.close()
    assert [n.message for n in result.notices] == ["mine", "Linux"]


@pytest.fixture
def no_network() -> Iterator[None]:
    """Hide the addresses from Facter, as on a node that has none."""
    conf = Path("/etc/facter/facter.conf")
    before = conf.read_text() if conf.exists() else None
    new = not conf.parent.exists()
    try:
        conf.parent.mkdir(exist_ok=True)
        conf.write_text(
            'facts : { blocklist : [ "networking.ip", "networking.ip6", "augeas" ] }\n'
        )
    except OSError as error:
        pytest.skip(f"needs to configure Facter: {error}")
    yield
    if before is not None:
        conf.write_text(before)
        return
    conf.unlink()
    if new:
        conf.parent.rmdir()


@pytest.mark.parametrize("options", [[], ["--builtin-facts-only"]])
@pytest.mark.usefixtures("no_network")
def test_a_node_without_network_is_no_reason_to_warn(
    puppet: None, options: list[str]
) -> None:
    worker = Worker(ProcessChannel([*local_worker_argv(), *options]))
    try:
        result = Session(worker).run_cell(
            "notice($facts['networking']['ip'])\nnotice($facts['kernel'])"
        )
    finally:
        worker.close()
    assert result.ok
    assert [notice.message for notice in result.notices] == ["", "Linux"]
    assert result.warnings == ()


def test_server_facts_are_those_of_stock_puppet(session: Session) -> None:
    told = "notice($server_facts)"
    stock = subprocess.run(
        ["puppet", "apply", "--color=false", "-e", told],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    (notice,) = session.run_cell(told).notices
    assert f"Scope(Class[main]): {notice.message}\n" in stock.stdout
