"""The kernel through Jupyter's own protocol."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.kernel.conftest import KERNEL_PATH, has_puppet
from tests.requirements import need

jupyter_kernel_test = pytest.importorskip("jupyter_kernel_test")

from jupyter_client.blocking.client import BlockingKernelClient  # noqa: E402
from jupyter_client.manager import KernelManager, start_new_kernel  # noqa: E402

from puppet_kernel.install import install  # noqa: E402

# Closing zmq sockets is up to jupyter_client, which leaves some of it to the end.
pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")

TIMEOUT = 60


@pytest.fixture(scope="module")
def kernel_spec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Install the kernelspec where this test's Jupyter looks first."""
    need(has_puppet(), "Puppet 8 and Ruby must be on the PATH")
    prefix = tmp_path_factory.mktemp("prefix")
    patch = pytest.MonkeyPatch()
    patch.setenv("JUPYTER_PATH", str(prefix / "share" / "jupyter"))
    patch.setenv("PYTHONPATH", str(KERNEL_PATH))
    yield install(prefix=str(prefix))
    patch.undo()


@pytest.fixture(scope="module")
def kernel(kernel_spec: Path) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager, client = start_new_kernel(kernel_name="puppet", startup_timeout=TIMEOUT)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel()


class Run:
    """Run one cell and collect what the kernel says.

    `outputs` are those that a notebook would hold in the end, `updates` the pictures
    that were replaced on the way.
    """

    def __init__(self, client: BlockingKernelClient, code: str) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        reply = client.execute_interactive(
            code, timeout=TIMEOUT, output_hook=self._take, stop_on_error=False
        )
        self.reply: dict[str, Any] = reply["content"]

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["header"]["msg_type"]
        if kind in {"stream", "display_data", "error"}:
            self.outputs.append({"output_type": kind, **message["content"]})
        if kind == "update_display_data":
            content = message["content"]
            (old,) = [o for o in self.outputs if _display(o) == _display(content)]
            self.updates.append(old["data"])
            old["data"] = content["data"]

    @property
    def stdout(self) -> str:
        return "".join(o["text"] for o in self.outputs if o["output_type"] == "stream")

    def kinds(self) -> list[str]:
        return [output["output_type"] for output in self.outputs]


def _display(content: dict[str, Any]) -> str | None:
    display: str | None = content.get("transient", {}).get("display_id")
    return display


Kernel = tuple[KernelManager, BlockingKernelClient]


@pytest.mark.usefixtures("kernel_spec")
class TestConformance(jupyter_kernel_test.KernelTests):  # type: ignore[misc]
    kernel_name = "puppet"
    language_name = "puppet"
    file_extension = ".pp"
    code_hello_world = "%%sh\necho hello, world"
    completion_samples: ClassVar[list[dict[str, object]]] = [
        {"text": "%%ex", "matches": {"%%expect"}},
        {"text": "pack", "matches": {"package"}},
        {"text": "file { '/x': ens", "matches": {"ensure => "}},
        {"text": "nothingatall", "matches": set()},
    ]
    complete_code_samples: ClassVar[list[str]] = [
        "notice('x')",
        "file { '/x':\n  ensure => file,\n}",
        "%%noop\nnotice(1)\n\n",
        "",
    ]
    incomplete_code_samples: ClassVar[list[str]] = [
        "file { '/x':",
        "if true {",
        "$a = 'open",
        "%%noop\nnotice(1)",
    ]
    invalid_code_samples: ClassVar[list[str]] = ["file { '/x' ensure => 1 }", "}"]
    code_generate_error = "fail('boo')"
    code_display_data: ClassVar[list[dict[str, str]]] = [
        {"code": "notify { 'x': }", "mime": "text/html"},
        {"code": "%%noop\nnotify { 'x': }", "mime": "text/plain"},
    ]
    code_inspect_sample = "file"


def test_a_cell_shows_its_table(kernel: Kernel, tmp_path: Path) -> None:
    run = Run(kernel[1], f"file {{ '{tmp_path}/x': content => '<b>' }}")
    assert run.reply["status"] == "ok"
    (output,) = run.outputs
    assert "● changed" in output["data"]["text/plain"]
    assert "<table" in output["data"]["text/html"]
    assert (tmp_path / "x").read_text() == "<b>"


def test_a_long_cell_shows_how_far_it_is(kernel: Kernel) -> None:
    slow = "exec { ['/bin/sleep 0.7', '/bin/sleep 0.8', '/bin/true']: }"
    run = Run(kernel[1], slow)
    (output,) = run.outputs
    assert "3 changed" in output["data"]["text/plain"]
    seen = "\n".join(data["text/plain"] for data in run.updates)
    assert "Exec[/bin/sleep 0.8] (" in seen
    assert " left) … 1." in seen
    assert "<progress" in run.updates[0]["text/html"]


def test_a_short_cell_shows_no_progress(kernel: Kernel) -> None:
    # On a busy machine no cell is short; some moment it is not busy.
    for _ in range(20):
        run = Run(kernel[1], "notify { 'short': }")
        assert run.kinds() == ["display_data"]
        if not run.updates:
            return
    pytest.fail("not one of many short cells was shown without progress")


def test_a_long_cell_that_fails_leaves_no_progress_behind(kernel: Kernel) -> None:
    run = Run(kernel[1], "generate('/bin/sleep', '1.2')\nfail('late')")
    assert run.reply["status"] == "error"
    assert run.kinds() == ["display_data", "error"]
    assert run.outputs[0]["data"]["text/plain"].startswith("did not finish, in ")


def test_an_error_has_a_coloured_traceback(kernel: Kernel) -> None:
    run = Run(kernel[1], "%%noop\nfile { '/x'\n  ensure => file }")
    assert run.reply["status"] == "error"
    (error,) = run.outputs
    assert error["ename"] == run.reply["ename"] == "SyntaxError"
    assert "\x1b[1m" in error["traceback"][0]
    assert "^" in "".join(error["traceback"])
    assert "(line 3, column 3)" in error["evalue"]


def test_an_unknown_magic_names_the_nearest(kernel: Kernel) -> None:
    run = Run(kernel[1], "%%expct\nnotify { 'x': }")
    assert run.reply["evalue"] == "unknown magic %%expct; did you mean %%expect?"


def test_a_check_that_fails_is_an_error(kernel: Kernel, tmp_path: Path) -> None:
    run = Run(kernel[1], f"%%expect x\nfile {{ '{tmp_path}/x': ensure => file }}")
    assert run.kinds() == ["display_data", "error"]
    assert run.reply["ename"] == "ExpectationFailed"


def test_a_silent_cell_says_nothing(kernel: Kernel, tmp_path: Path) -> None:
    client = kernel[1]
    seen: list[str] = []
    reply = client.execute_interactive(
        f"file {{ '{tmp_path}/x': ensure => file }}\nfail_not('x')",
        silent=True,
        timeout=TIMEOUT,
        output_hook=lambda message: seen.append(message["header"]["msg_type"]),
    )
    assert reply["content"]["status"] == "error"
    assert set(seen) <= {"status"}


@pytest.mark.parametrize("source", ["", "# only a comment", "### BEGIN SOLUTION"])
def test_an_empty_cell_is_fine(kernel: Kernel, source: str) -> None:
    run = Run(kernel[1], source)
    assert (run.reply["status"], run.outputs) == ("ok", [])


def test_output_is_streamed_once(kernel: Kernel) -> None:
    run = Run(kernel[1], "exec { '/bin/echo once': logoutput => true }")
    assert run.stdout == "once\n"
    assert run.kinds() == ["stream", "display_data"]


def test_shell_runs_in_the_kernels_folder(kernel: Kernel) -> None:
    assert Run(kernel[1], "%%sh\npwd").stdout.strip() == str(Path.cwd())


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_ends_a_cell(kernel: Kernel, tmp_path: Path, times: int) -> None:
    manager, client = kernel
    client.kernel_info()
    seconds = 6 if times == 1 else 600
    code = (
        f"exec {{ '/bin/sh -c \"touch {tmp_path}/began; sleep {seconds}\"': }}\n"
        f"-> file {{ '{tmp_path}/never': ensure => file }}"
    )
    message = client.execute(code)
    deadline = time.monotonic() + TIMEOUT
    while not (tmp_path / "began").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for _ in range(times):
        manager.interrupt_kernel()
        time.sleep(0.5)  # the two are two, not one
    reply = client.get_shell_msg(timeout=TIMEOUT)
    while reply["parent_header"].get("msg_id") != message:
        reply = client.get_shell_msg(timeout=TIMEOUT)
    assert reply["content"]["status"] == "error"
    assert reply["content"]["ename"] == "Interrupted"
    assert not (tmp_path / "never").exists()
    assert Run(client, "%%sh\necho next").stdout == "next\n"


def test_a_worker_that_died_is_replaced_and_told(kernel: Kernel) -> None:
    client = kernel[1]
    worker = int(Run(client, "%%sh\necho $PPID").stdout)
    parent = int(Path(f"/proc/{worker}/stat").exists() or 0)
    assert parent in {0, 1}
    found = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"worker.rb" in _read(path) and _parent(path.parent) == _kernel_pid(kernel)
    ]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    assert found
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/fd").exists() and _state(pid) != "Z" for pid in found):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.2)  # the kernel's reader has to see the end of file
    run = Run(client, "%%sh\necho alive")
    assert run.reply["status"] == "ok"
    assert "runs on a new one" in run.stdout
    assert run.stdout.endswith("alive\n")
    assert "new one" not in Run(client, "%%sh\necho alive").stdout


def test_a_cell_that_kills_its_worker_says_so(kernel: Kernel) -> None:
    client = kernel[1]
    run = Run(client, "%%sh\nkill -9 $(ps -o ppid= -p $PPID)")
    assert run.reply["status"] == "error"
    assert run.reply["ename"] == "WorkerDied"
    assert "new one" in run.reply["evalue"]
    # Whoever asks first starts it; the next cell tells.
    assert client.complete("pack", reply=True, timeout=TIMEOUT)["content"]["matches"]
    run = Run(client, "notify { 'x': }")
    assert run.reply["status"] == "ok"
    assert "runs on a new one" in run.stdout


def test_the_language_is_told_so_that_highlighting_works(kernel: Kernel) -> None:
    client = kernel[1]
    client.kernel_info()
    info = client.get_shell_msg(timeout=TIMEOUT)["content"]["language_info"]
    assert info["name"] == "puppet"
    assert info["mimetype"] == "text/x-puppet"
    assert info["codemirror_mode"] == "puppet"
    assert info["file_extension"] == ".pp"


def test_the_kernelspec_is_complete(kernel_spec: Path) -> None:
    spec = json.loads((kernel_spec / "kernel.json").read_text())
    assert spec["argv"] == [
        *(sys.executable, "-m", "puppet_kernel", "-f", "{connection_file}")
    ]
    assert spec["display_name"] == "Puppet"
    assert (kernel_spec / "logo-svg.svg").is_file()


def test_nothing_is_left_after_shutdown(kernel_spec: Path) -> None:
    manager, client = start_new_kernel(kernel_name="puppet", startup_timeout=TIMEOUT)
    assert Run(client, "notice('x')").reply["status"] == "ok"
    pid = _pid(manager)
    client.stop_channels()
    manager.shutdown_kernel()
    deadline = time.monotonic() + 10
    while any(
        b"worker.rb" in _read(path) and _parent(path.parent) in {pid, 1}
        for path in Path("/proc").glob("[0-9]*/cmdline")
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _stat(folder: Path) -> list[str]:
    return _read(folder / "stat").decode().rpartition(")")[2].split()


def _parent(folder: Path) -> int:
    stat = _stat(folder)
    return int(stat[1]) if stat else 0


def _state(pid: int) -> str:
    stat = _stat(Path(f"/proc/{pid}"))
    return stat[0] if stat else "Z"


def _pid(manager: KernelManager) -> int:
    assert manager.provisioner is not None
    return int(manager.provisioner.pid)  # type: ignore[attr-defined]


def _kernel_pid(kernel: Kernel) -> int:
    return _pid(kernel[0])
