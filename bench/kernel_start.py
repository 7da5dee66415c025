"""The kernel is ready for a cell at most 1.5 s after its start, within 130 MiB (PSS).

Ready: from the start of the kernel's process, by Jupyter's own client, to the end of a
trivial first cell, less what that cell takes later. The memory is that of the kernel
and the worker with all their processes when they have come to rest. The kernel is an
attendee's, Puppet root's through sudo.
"""

from collections.abc import Iterator

from bench.seats import ask, percentile, seat, verdict

STARTS = 11
SECONDS = 1.5
MEBIBYTES = 130

_START = """
import json, pathlib, subprocess, time
from jupyter_client.manager import KernelManager

def children(pid):
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in path.read_text().split()]
    return own + [one for child in own for one in children(child)]

def pss(pid):
    # A process of root's tells nobody else, and sudo tells nobody at all: what it has
    # in memory, shared or not, is a bit more.
    path = f"/proc/{pid}/smaps_rollup"
    told = subprocess.run(["sudo", "-n", "cat", path], capture_output=True, text=True)
    own = subprocess.run(["cat", path], capture_output=True, text=True)
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    for text, name in ((told.stdout, "Pss:"), (own.stdout, "Pss:"), (status, "VmRSS:")):
        for line in text.splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024

def cell(client):
    began = time.monotonic()
    reply = client.execute_interactive("notice('x')", output_hook=lambda _: None)
    assert reply["content"]["status"] == "ok"
    return time.monotonic() - began

def memory(pid):
    return sum(pss(one) for one in [pid, *children(pid)])

def at_rest(pid):
    # It loads what is left while nobody asks: until that is done its memory changes.
    before, deadline = -1.0, time.monotonic() + 30
    while abs((now := memory(pid)) - before) > 0.2:
        assert time.monotonic() < deadline, "the kernel does not come to rest"
        before = now
        time.sleep(1)
    return now

def once():
    manager = KernelManager(kernel_name="puppet")
    manager.log.setLevel("ERROR")
    began = time.monotonic()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    cell(client)
    first = time.monotonic() - began
    pid = manager.provisioner.pid
    at_rest(pid)
    later = sorted(cell(client) for _ in range(5))[2]
    size = at_rest(pid)
    client.stop_channels()
    manager.shutdown_kernel()
    return first - later, size

print(json.dumps([once() for _ in range(%d)]))
"""


def measure() -> Iterator[str]:
    """Yield one line a finding: seconds and mebibytes, p50 and p95."""
    with seat() as container:
        found = ask(container, ["python", "-c", _START % STARTS], user="attendee")
    for part in (0.50, 0.95):
        seconds, size = (
            percentile(list(each), part) for each in zip(*found, strict=True)
        )
        name = f"p{part * 100:.0f} of {len(found)}"
        yield f"ready for the first cell, {name}, s: {verdict(seconds, SECONDS)}"
        yield f"memory of kernel and worker, {name}, MiB: {verdict(size, MEBIBYTES)}"
