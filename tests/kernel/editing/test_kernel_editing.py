"""Completion, inspection and is_complete through Jupyter's own protocol."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kernel.conftest import KERNEL_PATH, has_puppet
from tests.kernel.editing.marks import split
from tests.requirements import need

pytest.importorskip("jupyter_client")

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from puppet_kernel.install import install

# Closing zmq sockets is up to jupyter_client, which leaves some of it to the end.
pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")

TIMEOUT = 60


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BlockingKernelClient]:
    need(has_puppet(), "Puppet 8 and Ruby must be on the PATH")
    prefix = tmp_path_factory.mktemp("prefix")
    patch = pytest.MonkeyPatch()
    patch.setenv("JUPYTER_PATH", str(prefix / "share" / "jupyter"))
    patch.setenv("PYTHONPATH", str(KERNEL_PATH))
    install(prefix=str(prefix))
    manager, client = start_new_kernel(kernel_name="puppet", startup_timeout=TIMEOUT)
    yield client
    client.stop_channels()
    manager.shutdown_kernel()
    patch.undo()


def complete(client: BlockingKernelClient, marked: str) -> dict[str, Any]:
    code, cursor = split(marked)
    reply = client.complete(code, cursor, reply=True, timeout=TIMEOUT)
    content: dict[str, Any] = reply["content"]
    return content


def inspect(client: BlockingKernelClient, marked: str, level: int) -> dict[str, Any]:
    code, cursor = split(marked)
    reply = client.inspect(code, cursor, level, reply=True, timeout=TIMEOUT)
    content: dict[str, Any] = reply["content"]
    return content


def test_a_completion(client: BlockingKernelClient) -> None:
    content = complete(client, "file { '/x': ens‸ }")
    assert content["status"] == "ok"
    assert content["matches"] == ["ensure => "]
    assert (content["cursor_start"], content["cursor_end"]) == (13, 16)
    (choice,) = content["metadata"]["_jupyter_types_experimental"]
    assert (choice["text"], choice["type"]) == ("ensure => ", "property")
    assert "directory" in choice["signature"]


def test_astral_characters_count_once(client: BlockingKernelClient) -> None:
    content = complete(client, "notify { '\N{PILE OF POO}': mess‸")
    assert content["matches"] == ["message => "]
    assert content["cursor_start"] == len("notify { 'x': ")


def test_nothing_to_offer(client: BlockingKernelClient) -> None:
    content = complete(client, "%%sh\nl‸")
    assert (content["status"], content["matches"]) == ("ok", [])


def test_what_a_cell_declared_is_offered_in_the_next(
    client: BlockingKernelClient,
) -> None:
    client.execute_interactive("notify { 'told': }", timeout=TIMEOUT)
    content = complete(client, "file { '/x': require => Not‸")
    assert content["matches"][0] == "Notify['told']"


def test_an_inspection(client: BlockingKernelClient) -> None:
    brief, full = (inspect(client, "fi‸le { '/x': }", level) for level in (0, 1))
    assert brief["found"]
    assert brief["data"]["text/markdown"].startswith("**file** (resource type)")
    assert brief["data"]["text/plain"].startswith("file (resource type)")
    assert len(full["data"]["text/plain"]) > len(brief["data"]["text/plain"])
    assert inspect(client, "nosuch‸", 0) == {
        "status": "ok",
        "found": False,
        "data": {},
        "metadata": {},
    }


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("notice(1)", {"status": "complete"}),
        ("class x {\n  if true {", {"status": "incomplete", "indent": "    "}),
        ("}", {"status": "invalid"}),
    ],
)
def test_is_it_complete(
    client: BlockingKernelClient, code: str, told: dict[str, str]
) -> None:
    asked = client.is_complete(code)
    reply = client.get_shell_msg(timeout=TIMEOUT)
    while reply["parent_header"].get("msg_id") != asked:
        reply = client.get_shell_msg(timeout=TIMEOUT)
    assert reply["content"] == told
