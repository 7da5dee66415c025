"""Memory of one idle seat: JupyterLab open in a browser, nothing run in it yet.

What a browser asks of the server when it opens JupyterLab is asked first. Memory is
that of the whole container without the cache of files, as `docker stats` counts it.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import docker
import requests

from bench.hubs import Hub, camp_hub
from bench.seats import verdict

LIMIT = 110.0
MIB = 2**20
NAME = "idle"
LESSON = "lessons/00_your_node.ipynb"
ASKED = (
    "lab",
    "api/contents/lessons",
    f"api/contents/{LESSON}",
    "api/kernelspecs",
    "api/sessions",
    "api/kernels",
    "api/terminals",
    "lab/api/settings",
    "lab/api/translations/en",
    "lab/api/workspaces/default",
    "lsp/status",
    "puppetcamp/exercises",
    "puppetcamp/clock",
)
SETTLE = 5.0


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    with camp_hub() as hub:
        hub.add(NAME)
        hub.start(NAME)
        hub.until_usable(NAME)
        for path in ASKED:
            _ask(hub, "GET", path)
        time.sleep(SETTLE)
        yield f"an idle seat, MiB: {verdict(memory_mib(NAME), LIMIT)}"
        asyncio.run(_open_lesson(hub))
        time.sleep(SETTLE)
        yield f"the same with a lesson open, one cell run: {memory_mib(NAME):.0f}"
        hub.stop(NAME)


def memory_mib(name: str) -> float:
    """Tell how much memory the one seat of that name on this machine holds."""
    client = docker.from_env()
    try:
        found = client.containers.list(filters={"label": f"puppetcamp.seat={name}"})
        [container] = found
        used: dict[str, Any] = container.stats(stream=False)["memory_stats"]
        cache = used["stats"].get("total_inactive_file")
        if cache is None:
            cache = used["stats"].get("inactive_file", 0)
        return float(used["usage"] - cache) / MIB
    finally:
        client.close()


def _ask(hub: Hub, method: str, path: str, json: object = None) -> requests.Response:
    return requests.request(
        method,
        f"{hub.public}/user/{NAME}/{path}",
        headers=hub.headers,
        json=json,
        timeout=60,
    )


async def _open_lesson(hub: Hub) -> None:
    """Open a lesson as JupyterLab does, and run a first cell in its kernel."""
    body = {
        "path": LESSON,
        "name": "",
        "type": "notebook",
        "kernel": {"name": "puppet"},
    }
    answer = _ask(hub, "POST", "api/sessions", body)
    answer.raise_for_status()
    kernel = answer.json()["kernel"]["id"]
    address = f"{hub.public}/user/{NAME}/api/kernels/{kernel}/channels"
    cell = {"code": "notice('here')", "silent": False, "store_history": True}
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "bench"}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": cell}
    async with (
        asyncio.timeout(120),
        aiohttp.ClientSession(headers=hub.headers) as http,
        http.ws_connect(address) as channels,
    ):
        await channels.send_json(request | {"channel": "shell"})
        while (await channels.receive_json())["msg_type"] != "execute_reply":
            pass
