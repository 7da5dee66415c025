"""A cell with nothing to change, beside stock `puppet apply`: at most 0.10 and 0.15.

0.10 of its time for a file resource, 0.15 for package, file and service. Both run in
one attendee's container, in turns, so that noise falls on both alike; both are root's.
The last lines say where the CPU time of a cell goes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.seats import ask, percentile, seat, verdict

RUNS = 50
PHASE_RUNS = 30
FILE = "file { '/tmp/bench': content => \"x\\n\", mode => '0644' }"
TRIO = """package { 'cron': ensure => installed }
-> file { '/etc/cron.d/bench': content => "# nothing\\n" }
-> service { 'cron': ensure => running, enable => true }"""
# What to measure: its name, its manifest, the largest ratio that is promised.
CELLS = (("file", FILE, 0.10), ("package+file+service", TRIO, 0.15))

_COMPARE = """
import json, pathlib, subprocess, sys, time
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

manifest, runs = sys.argv[1], int(sys.argv[2])
path = pathlib.Path("/tmp/bench.pp")
path.write_text(manifest)
session = Session(Worker(ProcessChannel(local_worker_argv())), cwd="/tmp")

def cell():
    result = session.run_cell(manifest)
    assert result.ok, result
    return not any(resource.state.value == "changed" for resource in result.resources)

def stock():
    subprocess.run(["puppet", "apply", str(path)], check=True, capture_output=True)

def seconds(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began

deadline = time.monotonic() + 60
while not cell():
    assert time.monotonic() < deadline, "there is always something to change"
cell()
stock()
times = [(seconds(cell), seconds(stock)) for _ in range(runs)]
session.close()
print(json.dumps(times))
"""


def measure() -> Iterator[str]:
    """Yield one line a finding: p50 and p95 in seconds, their ratios, the phases."""
    with seat() as container:
        for name, manifest, limit in CELLS:
            times = ask(container, ["python", "-c", _COMPARE, manifest, str(RUNS)])
            warm, cold = ([pair[index] for pair in times] for index in (0, 1))
            for part in (0.50, 0.95):
                own, stock = percentile(warm, part), percentile(cold, part)
                yield (
                    f"{name}, p{part * 100:.0f} of {len(times)}: cell {own:.3f} s, "
                    f"puppet apply {stock:.3f} s, ratio {verdict(own / stock, limit)}"
                )
        for name, manifest, _ in CELLS:
            phases = _phases(container, manifest)
            yield f"{name}, CPU ms of a cell in Puppet: " + ", ".join(
                f"{phase} {1000 * seconds:.1f}" for phase, seconds in phases.items()
            )


def _phases(container: Any, manifest: str) -> dict[str, float]:
    program = Path(__file__).with_name("kernel_phases.rb").read_text()
    locate = (
        "import json, puppet_kernel.worker as w; print(json.dumps(str(w.WORKER_RB)))"
    )
    worker = ask(container, ["python", "-c", locate])
    argv = ["ruby", "-e", program, str(Path(worker).parent), manifest, str(PHASE_RUNS)]
    phases: dict[str, float] = ask(container, argv)
    return phases
