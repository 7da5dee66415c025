"""25 submissions, graded in sandboxes beside stock nbgrader: at most 0.6 and 1.0.

0.6 of the wall time of stock `nbgrader autograde` (its own Execute step, run serially
in one container), 1.0 of its CPU seconds: those of the whole machine, so that Docker's
own count as well.
Ten cells each, half of them checks, one of them a package and its service. Both sides
run the command `nbgrader autograde` in a container of the attendees' image. In the one
container of the stock run the node is made fresh before each submission; what that
takes is not counted.
"""

import contextlib
import io
import json
import os
import secrets
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import nbformat
from docker.models.containers import Container

from bench.seats import verdict
from puppetcamp.deployment import Deployment
from tests.docker.grading_service import GradingService

SUBMISSIONS = int(os.environ.get("BENCH_SUBMISSIONS", "25"))
WALL, CPU = 0.6, 1.0
HOME = "/home/attendee"
COURSE = f"{HOME}/course"

PACKAGE = "package { 'cron': ensure => installed }"
SERVICE = "service { 'cron': ensure => running, enable => true }"
# An answer and what is checked of it.
CELLS = (
    (
        "file { '/srv/motd': content => \"Welcome\\n\", mode => '0644' }",
        "file { '/srv/motd': content => \"Welcome\\n\", mode => '0644' }",
    ),
    (
        "group { 'crew': gid => '4000' }\n"
        "-> user { 'grace': uid => '4000', gid => 'crew', shell => '/bin/bash' }",
        "user { 'grace': ensure => present, gid => 'crew' }",
    ),
    (f"{PACKAGE}\n-> {SERVICE}", f"{PACKAGE}\n{SERVICE}"),
    (
        "host { 'tower': ip => '10.0.0.1' }",
        "exec { '/bin/false': unless => '/bin/grep -q tower /etc/hosts' }",
    ),
    (
        "['a', 'b', 'c'].each |$name| {\n"
        '  file { "/srv/${name}": content => "This is ${name}\\n" }\n}',
        "file { '/srv/c': content => \"This is c\\n\" }",
    ),
)

CONFIG = """
from puppetcamp_lab import nbgrader_defaults
c = get_config()
c.CourseDirectory.course_id = "bench"
nbgrader_defaults.configure(c)
"""

STOCK = """
import sys
sys.path.insert(0, "/home/attendee/course")
from nbgrader.converters import Autograde
c.Autograde.autograde_preprocessors = [
    "fresh.Fresh", *Autograde().autograde_preprocessors
]
c.ExecutePreprocessor.timeout = 120
"""

OWN = """
nbgrader_defaults.configure_instructor(c)
"""

# Part of the stock run: makes the node fresh, and tells what that took.
FRESH = """
import json, subprocess, time
from nbgrader.preprocessors import NbGraderPreprocessor

RESET = '''
service cron stop; apt-get purge -qq -y cron cron-daemon-common
userdel grace; groupdel crew; rm -rf /srv/motd /srv/a /srv/b /srv/c
sed -i /tower/d /etc/hosts 2> /dev/null || grep -v tower /etc/hosts > /tmp/hosts
test -e /tmp/hosts && cat /tmp/hosts > /etc/hosts && rm -f /tmp/hosts
true
'''

def busy():
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / 100

class Fresh(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        began, used = time.monotonic(), busy()
        subprocess.run(["sudo", "sh", "-c", RESET], check=True, capture_output=True)
        took = [time.monotonic() - began, busy() - used]
        with open("/home/attendee/course/fresh.json", "a") as file:
            file.write(json.dumps(took) + "\\n")
        return nb, resources
"""

SUBMIT = """
import pathlib, shutil, sys, nbformat
answers = __import__("json").loads(sys.argv[1])
for number in range(int(sys.argv[2])):
    folder = pathlib.Path(f"/home/attendee/course/submitted/attendee{number:02}/bench")
    shutil.copytree("/home/attendee/course/release/bench", folder)
    path = folder / "bench.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for index, answer in enumerate(answers):
        notebook.cells[2 * index].source = answer
    nbformat.write(notebook, path)
"""

SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:////home/attendee/course/gradebook.db", "bench") as book:
    found = [s.score for s in book.assignment_submissions("bench")]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Took:
    """Hold what grading all submissions took, in seconds of wall and of CPU."""

    wall: float
    cpu: float


def measure() -> Iterator[str]:
    """Yield one line a finding."""
    client = docker.from_env()
    try:
        stock = _stock(client)
        own = _own(client)
    finally:
        client.close()
    for name, took in (("stock", stock), ("sandboxes", own)):
        yield (
            f"{name}, {SUBMISSIONS} submissions: {took.wall:.1f} s, "
            f"{took.cpu / SUBMISSIONS:.2f} CPU-s a submission"
        )
    yield f"wall time, ratio {verdict(own.wall / stock.wall, WALL)}"
    yield f"CPU seconds, ratio {verdict(own.cpu / stock.cpu, CPU)}"


def _stock(client: docker.DockerClient) -> Took:
    with _course(client, CONFIG + STOCK, network_mode="none") as seat:
        took = _autograde(seat, {})
        told = _run(seat, "cat", f"{COURSE}/fresh.json").splitlines()
        resets = [json.loads(line) for line in told]
        return Took(
            took.wall - sum(wall for wall, _ in resets),
            took.cpu - sum(cpu for _, cpu in resets),
        )


def _own(client: docker.DockerClient) -> Took:
    with tempfile.TemporaryDirectory() as folder:
        service = GradingService(Path(folder), f"bench-{secrets.token_hex(3)}")
        service.start()
        try:
            environment = {
                "PUPPETCAMP_SERVICE_URL": service.url,
                "JUPYTERHUB_API_TOKEN": "a token",
            }
            # The seat reaches the service as it would reach the camp's.
            with _course(client, CONFIG + OWN, network_mode="host") as seat:
                return _autograde(seat, environment)
        finally:
            service.stop()


@contextlib.contextmanager
def _course(
    client: docker.DockerClient, config: str, **how: Any
) -> Iterator[Container]:
    """Start a seat with a course in its home, and submissions."""
    deployment = Deployment(f"bench-{secrets.token_hex(3)}")
    image = os.environ.get("PUPPETCAMP_ATTENDEE_IMAGE", deployment.attendee_image)
    if how["network_mode"] == "none":
        how |= {"hostname": "camp", "extra_hosts": {"camp": "127.0.1.1"}}
    seat = client.containers.run(
        image,
        ["sleep", "infinity"],
        detach=True,
        labels=deployment.labels,
        **how,
    )
    files = {
        "nbgrader_config.py": config,
        "fresh.py": FRESH,
        "source/bench/bench.ipynb": nbformat.writes(_exercise()),
    }
    try:
        _run(seat, "mkdir", COURSE)
        seat.put_archive(COURSE, _packed(files))
        _run(seat, "nbgrader", "generate_assignment", "bench")
        answers = json.dumps([answer for answer, _ in CELLS])
        _run(seat, "python", "-c", SUBMIT, answers, str(SUBMISSIONS))
        yield seat
    finally:
        seat.remove(force=True, v=True)


def _autograde(seat: Container, environment: dict[str, str]) -> Took:
    began, used = time.monotonic(), _busy()
    _run(seat, "nbgrader", "autograde", "bench", **environment)
    took = Took(time.monotonic() - began, _busy() - used)
    scores = json.loads(_run(seat, "python", "-c", SCORES).splitlines()[-1])
    if scores != [float(len(CELLS))] * SUBMISSIONS:
        message = f"not every submission got its {len(CELLS)} points: {scores}"
        raise RuntimeError(message)
    return took


def _run(seat: Container, *argv: str, **environment: str) -> str:
    done = seat.exec_run(
        list(argv),
        user="attendee",
        workdir=HOME if argv[0] == "mkdir" else COURSE,
        environment={"HOME": HOME, **environment},
    )
    said: str = done.output.decode("utf-8", "replace")
    if done.exit_code != 0:
        message = f"{argv[0]} failed in the seat: {said[-3000:]}"
        raise RuntimeError(message)
    return said


def _busy() -> float:
    """Return the CPU seconds that the whole machine has spent so far."""
    line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    ticks = [int(word) for word in line.split()[1:9]]
    idle, waiting = ticks[3], ticks[4]
    return (sum(ticks) - idle - waiting) / os.sysconf("SC_CLK_TCK")


def _exercise() -> nbformat.NotebookNode:
    common = {"schema_version": 3, "task": False}
    kernel = {"name": "puppet", "display_name": "Puppet", "language": "puppet"}
    cells = []
    for number, (answer, check) in enumerate(CELLS):
        solution = {"grade": False, "solution": True, "locked": False}
        graded = {"grade": True, "solution": False, "locked": True, "points": 1}
        cells += [
            nbformat.v4.new_code_cell(
                f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION",
                metadata={"nbgrader": {**common, **solution, "grade_id": f"a{number}"}},
            ),
            nbformat.v4.new_code_cell(
                f"%%expect c{number}\n{check}",
                metadata={"nbgrader": {**common, **graded, "grade_id": f"c{number}"}},
            ),
        ]
    metadata = {"kernelspec": kernel, "language_info": {"name": "puppet"}}
    return nbformat.v4.new_notebook(metadata=metadata, cells=cells)


def _packed(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size, entry.uid, entry.gid = len(content), 1000, 1000
            for folder in list(Path(name).parents)[:-1][::-1]:
                made = tarfile.TarInfo(str(folder))
                made.type, made.mode = tarfile.DIRTYPE, 0o755
                made.uid = made.gid = 1000
                archive.addfile(made)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
