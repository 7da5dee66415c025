"""An attendee's kernel: unprivileged itself, Puppet as root through sudo."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.conftest import KERNEL_PATH
from tests.requirements import need

ATTENDEE = "attendee"
STRANGER = "nobody"

PROGRAM = """
import json, sys
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

argv = local_worker_argv()
channel = ProcessChannel(argv)
worker = Worker(channel)
session = Session(worker, user=sys.argv[1], cwd="/tmp")
results = [session.run_cell(source).to_json() for source in json.load(sys.stdin)]
session.close()
channel._process.wait(10)
print(json.dumps([argv[0], worker.about["root"], results]))
"""


@pytest.fixture(scope="module")
def kernel_for_all() -> Iterator[Path]:
    """Copy the kernel to where everybody may read it; a checkout may be root's own."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(KERNEL_PATH / "puppet_kernel", Path(folder) / "puppet_kernel")
        Path(folder).chmod(0o755)
        yield Path(folder)


def run_as(
    kernel: Path, user: str, *cells: str
) -> tuple[str, bool, list[dict[str, object]]]:
    """Run cells in a Session whose Python belongs to `user`."""
    account = pwd.getpwnam(user)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, user],
        input=json.dumps(cells),
        user=user,
        group=account.pw_gid,
        extra_groups=os.getgrouplist(user, account.pw_gid),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(kernel), "HOME": "/"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, root, results = json.loads(done.stdout)
    return Path(first).name, root, results


@pytest.fixture(autouse=True)
def as_root(puppet: None) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")


@pytest.fixture
def attendee() -> str:
    try:
        pwd.getpwnam(ATTENDEE)
    except KeyError:
        pytest.skip(f"there is no user {ATTENDEE} here")
    if shutil.which("sudo") is None:
        pytest.skip("there is no sudo here")
    asked = subprocess.run(
        ["sudo", "-n", "true"], user=ATTENDEE, capture_output=True, check=False
    )
    if asked.returncode != 0:
        pytest.skip(f"{ATTENDEE} may not use sudo here")
    return ATTENDEE


def test_puppet_is_root_and_the_shell_is_the_attendee(
    kernel_for_all: Path, attendee: str
) -> None:
    path = Path("/root/camp_sudo_test")
    try:
        command, root, (applied, shell) = run_as(
            kernel_for_all,
            attendee,
            f"file {{ '{path}': ensure => file, mode => '0600' }}",
            "%%sh\nid -un; pwd; echo $HOME; sudo -n id -un",
        )
        assert (command, root) == ("sudo", True)
        assert applied["completed"]
        assert path.owner() == "root"
        home = pwd.getpwnam(attendee).pw_dir
        assert shell["output"] == f"{attendee}\n/tmp\n{home}\nroot\n"
    finally:
        path.unlink(missing_ok=True)


def test_without_sudo_puppet_is_who_asks(kernel_for_all: Path) -> None:
    need(Path("/home").exists(), "an ordinary Linux")
    command, root, (shell, applied) = run_as(
        kernel_for_all,
        STRANGER,
        "%%sh\nid -un",
        "file { '/root/nope': ensure => file }",
    )
    assert (command, root) == ("ruby", False)
    assert shell["output"] == f"{STRANGER}\n"
    assert applied["errors"]
