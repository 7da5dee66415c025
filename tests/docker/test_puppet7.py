"""The kernel on Puppet 7: Debian 12's, and in the folders of the vendor's package."""

import io
import json
import subprocess
from typing import Any

import pytest
from docker import DockerClient
from docker.errors import DockerException, ImageNotFound

from tests.camps import ROOT
from tests.requirements import need

pytestmark = [pytest.mark.docker, pytest.mark.slow]

BASE = "puppetcamp/debian:bookworm"
IMAGE = "puppetcamp/puppet7"
MAKER = "puppetcamp/base"
DOCKERFILE = f"""
FROM {BASE}
RUN apt-get update && apt-get install -y --no-install-recommends \\
    puppet-agent python3 procps && rm -rf /var/lib/apt/lists/*
"""
# Without a registry Debian is made from its packages, as setup/images.sh does.
MAKE_DEBIAN = (
    "(apt-get update && apt-get install -y mmdebstrap) >&2 && "
    "mmdebstrap --quiet --variant=minbase bookworm -"
)
# What the vendor's package looks like: nothing of it is on the PATH.
ALL_IN_ONE = (
    "mkdir -p /opt/puppetlabs/puppet/bin"
    " && cp -L /usr/bin/ruby /opt/puppetlabs/puppet/bin/"
    " && rm /usr/bin/ruby* /usr/bin/puppet && "
)
CELLS = [
    "file { '/tmp/x': content => \"first\\n\", mode => '0600' }",
    "file { '/tmp/x': content => \"first\\n\", mode => '0600' }",
    "%%noop\nfile { '/tmp/x': ensure => file, mode => '0644' }",
    "%%expect mode\nfile { '/tmp/x': ensure => file, mode => '0644' }",
    "notice($facts['os']['release']['major'])",
    "\nnotice(1 +)",
    "package { 'procps': ensure => installed }",
    "%%sh\necho printed",
]
QUESTIONS = [
    "%%as rocky-9\nfile { '/tmp/x': ensure => file }",
    "%%idempotent\nfile { '/tmp/x': ensure => file }",
    "%%file modules/web/manifests/init.pp\nclass web { notice('web') }",
    "include web",
    "%%hiera common\nweb::title: Camp",
    "%lookup web::title",
    "%graph\n%catalog\n%facts os\n%resource user root\n%describe file\n%env\n%help",
]
PROGRAM = """
import json, sys
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

argv = local_worker_argv()
session = Session(Worker(ProcessChannel(argv)), cwd="/", user="root")
version = session.worker.about["puppet"]
results = [session.run_cell(cell).to_json() for cell in json.loads(sys.argv[1])]
session.close()
print(json.dumps([argv[0], version, results]))
"""


@pytest.fixture(scope="module")
def image(engine: DockerClient) -> str:
    """Build an image with Debian 12's Puppet; Docker remembers its layers."""
    try:
        engine.images.get(BASE)
    except ImageNotFound:
        get_debian(engine)
    engine.images.build(
        fileobj=io.BytesIO(DOCKERFILE.encode()), tag=IMAGE, rm=True, forcerm=True
    )
    return IMAGE


def get_debian(engine: DockerClient) -> None:
    """Get Debian 12 from a registry where one answers, else make it."""
    try:
        engine.images.pull("debian", "bookworm-slim").tag(BASE)
        return
    except DockerException:
        pass
    try:
        engine.images.get(MAKER)
    except ImageNotFound:
        need(False, f"the image {MAKER} is not built: run make test")
    made = subprocess.run(
        [
            *("docker", "run", "--rm", "--cap-add", "SYS_ADMIN"),
            *(MAKER, "sh", "-c", MAKE_DEBIAN),
        ],
        capture_output=True,
        check=False,
        timeout=500,
    )
    need(made.returncode == 0, f"no Debian 12: {made.stderr.decode()[-500:]}")
    subprocess.run(["docker", "import", "-", BASE], input=made.stdout, check=True)


def run(
    engine: DockerClient, image: str, before: str = "", cells: list[str] = CELLS
) -> Any:
    """Run cells in a container; return Ruby's path, Puppet's version, results."""
    printed = engine.containers.run(
        image,
        [
            *("bash", "-c", f'{before}exec python3 -B -c "$0" "$1"'),
            *(PROGRAM, json.dumps(cells)),
        ],
        volumes={str(ROOT / "kernel"): {"bind": "/kernel", "mode": "ro"}},
        environment={"PYTHONPATH": "/kernel"},
        network_mode="none",
        init=True,
        remove=True,
        stderr=False,
    )
    return json.loads(printed.splitlines()[-1])


@pytest.mark.parametrize(
    ("before", "ruby"),
    [("", "/usr/bin/ruby"), (ALL_IN_ONE, "/opt/puppetlabs/puppet/bin/ruby")],
    ids=["debian", "all-in-one"],
)
def test_cells(engine: DockerClient, image: str, before: str, ruby: str) -> None:
    found, version, results = run(engine, image, before)
    assert found == ruby
    assert version.startswith("7.")
    created, again, noop, check, facts, broken, package, shell = results
    states = [
        result["resources"][0]["state"]
        for result in (created, again, noop, check, package)
    ]
    assert states == ["changed", "unchanged", "pending", "pending", "unchanged"]
    assert check["verdict"]["passed"] is False
    assert "mode is 0600, expected 0644" in check["verdict"]["problems"][0]
    assert [notice["message"] for notice in facts["notices"]] == ["12"]
    assert broken["errors"][0]["line"] == 2
    assert "Syntax error" in broken["errors"][0]["message"]
    assert shell["output"] == "printed\n"


def test_magics_answer(engine: DockerClient, image: str) -> None:
    hiera = "%%file hiera.yaml\nversion: 5\nhierarchy: [{name: c, path: common.yaml}]"
    _, _, results = run(engine, image, cells=[hiera, *QUESTIONS])
    faults = {
        cell: [e["message"] for e in result["errors"]]
        for cell, result in zip([hiera, *QUESTIONS], results, strict=True)
        if result["errors"] or (result["verdict"] or {}).get("passed") is False
    }
    assert not faults
    assert results[4]["notices"][0]["message"] == "web"
    # Nothing of a node without a network disturbs.
    assert not any(result["warnings"] for result in results if result["resources"])


def test_without_puppet_both_places_are_named(engine: DockerClient, image: str) -> None:
    program = "from puppet_kernel.worker import local_worker_argv as a; a()"
    told = engine.containers.run(
        image,
        ["sh", "-c", f'rm /usr/bin/puppet; python3 -B -c "{program}" 2>&1; true'],
        volumes={str(ROOT / "kernel"): {"bind": "/kernel", "mode": "ro"}},
        environment={"PYTHONPATH": "/kernel"},
        network_mode="none",
        remove=True,
    ).decode()
    assert "PATH" in told
    assert "/opt/puppetlabs/puppet/bin/ruby" in told
    assert "apt install puppet-agent" in told
