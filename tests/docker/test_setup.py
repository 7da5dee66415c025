"""What setup says on machines that are not ready: each in a container that is one."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from tests.camps import ROOT
from tests.requirements import need

pytestmark = pytest.mark.docker

SCRIPTS = [
    *(ROOT / "setup" / name for name in ("camp", "develop")),
    *sorted((ROOT / "setup").glob("*.sh")),
]
LOAD = ". setup/messages.sh; . setup/engine.sh; . setup/images.sh; "


@pytest.fixture(scope="module", autouse=True)
def images(engine: DockerClient) -> None:
    """Make sure that there are images to be a machine."""
    for name in ("puppetcamp/base", "puppetcamp/dev"):
        try:
            engine.images.get(name)
        except ImageNotFound:
            need(False, f"the image {name} is not built: run make test")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Give a folder below the checkout, where Docker finds it under the same path."""
    folder = ROOT / ".build" / f"t-{os.urandom(4).hex()}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def on_machine(
    script: str,
    *options: str,
    image: str = "puppetcamp/base",
    shell: str = "dash",
) -> subprocess.CompletedProcess[str]:
    """Run a shell script in a container with the checkout, as on a machine."""
    name = f"t-{os.urandom(4).hex()}"
    words = [
        *("docker", "run", "--rm", "--name", name, "--network", "none"),
        *("-v", f"{ROOT}:{ROOT}:ro", "--entrypoint", shell),
        # Once more where everybody may look: a checkout may lie below /root.
        *("-v", f"{ROOT}:/srv/checkout:ro", "-w", "/srv/checkout"),
        *options,
        *(image, "-euc", script),
    ]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=60)
    finally:
        subprocess.run(["docker", "rm", "-f", name], capture_output=True)


def refused(script: str, *options: str, image: str = "puppetcamp/base") -> str:
    """Run a script that must end with a message; return the message."""
    ended = on_machine(script, *options, image=image)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "✗" in ended.stderr
    return ended.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_scripts_are_plain_shell(path: Path, shell: str) -> None:
    need(shutil.which(shell), f"{shell} is missing")
    subprocess.run([shell, "-n", str(path)], check=True)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_no_word_of_other_shells(path: Path) -> None:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.lstrip().startswith("#"):
            found = re.search(
                r"\[\[|<<<|\$\{!|echo -e|(^|[;&|])\s*(local|function|source) ", line
            )
            assert not found, f"{path.name}, line {number}: {found}"


def test_an_account_without_rights() -> None:
    if not Path("/var/run/docker.sock").exists():
        need(False, "Docker's socket is not at /var/run/docker.sock")
    said = refused(
        LOAD + "ensure_engine",
        *("--user", "1000", "-v", "/var/run/docker.sock:/var/run/docker.sock"),
        image="puppetcamp/dev",
    )
    assert "This account may not use Docker (/var/run/docker.sock)" in said
    assert "Run: sudo make camp" in said


@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        ("setup/camp open", "sudo make camp"),
        ("setup/camp stop", "sudo make stop"),
        ("setup/develop true", "sudo make test"),
    ],
)
def test_no_engine_and_not_root(command: str, remedy: str) -> None:
    said = refused(command, "--user", "1000")
    assert "No Docker Engine answers on this machine" in said
    assert f"Run: {remedy}\n" in said


@pytest.mark.parametrize(
    ("system", "remedy"),
    [
        ("ubuntu", "Run: sudo apt-get install -y docker.io"),
        ("fedora", "Run: sudo dnf install -y moby-engine"),
        ("arch", "https://docs.docker.com/engine/install/"),
    ],
)
def test_no_engine_and_not_debian(place: Path, system: str, remedy: str) -> None:
    release = place / "os-release"
    release.write_text(f"ID={system}\nVERSION_ID=1\n")
    said = refused(LOAD + "ensure_engine", "-v", f"{release}:/etc/os-release:ro")
    assert "No Docker Engine on this machine" in said
    assert remedy in said


def test_debian_without_a_mirror_says_so(place: Path) -> None:
    # The real apt-get, on a Debian without a network.
    said = refused(
        f"cd {place}; S={ROOT}/setup; . $S/messages.sh; . $S/engine.sh; ensure_engine",
        *("-v", f"{place}:{place}"),
    )
    assert "Installing Docker Engine (Debian's docker.io) did not work" in said
    assert "No source of packages offers: docker.io" in said
    assert "Check this machine's network and DNS" in said


def test_a_new_engine_lets_seats_run_on_and_an_old_one_decides(place: Path) -> None:
    script = (
        f"engine_settings={place}/docker/daemon.json; outlive_engine; "
        "cat $engine_settings; echo '{}' > $engine_settings; outlive_engine; "
        "cat $engine_settings"
    )
    said = on_machine(LOAD + script, "-v", f"{place}:{place}").stdout
    first, second = said.split("}", 1)
    assert json.loads(first + "}") == {"live-restore": True}
    assert second.split() == ["{}"]


def test_another_machines_engine() -> None:
    said = refused(LOAD + "ensure_engine", "--env", "DOCKER_HOST=tcp://192.0.2.1:2375")
    assert "DOCKER_HOST is tcp://192.0.2.1:2375" in said
    assert "Unset DOCKER_HOST" in said


@pytest.mark.parametrize("version", ["19.03.15", "1.13.1", "unknown"])
def test_an_engine_that_is_too_old(version: str) -> None:
    said = refused(LOAD + f"enough_engine {version}")
    assert f"Docker Engine {version} is too old; 20.10 or newer" in said


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "26.1.5", "29.0.0-rc.1"])
def test_an_engine_that_will_do(version: str) -> None:
    assert on_machine(LOAD + f"enough_engine {version}").returncode == 0


def faked(place: Path, **programs: str) -> tuple[str, ...]:
    """Put programs first on the path of a container: what they say is given."""
    for name, script in programs.items():
        path = place / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return ("-v", f"{place}:/faked:ro", "--env", f"PATH=/faked:{usual}")


FULL = "echo head; echo /dev/sda1 90000 89900 {free} 99% /"


def test_a_full_disk(place: Path) -> None:
    options = faked(
        place,
        df=FULL.format(free=120),
        docker='case "$1" in info) echo /var ;; *) exit 1 ;; esac',
    )
    said = refused(LOAD + "enough_disk", *options)
    assert "Only 120 MB are free in /var; the camp needs 5000 MB" in said
    assert "df -h /var; docker system df" in said


def test_a_disk_with_room_for_what_is_missing(place: Path) -> None:
    # With the images built already, a camp needs little more.
    options = faked(
        place,
        df=FULL.format(free=800),
        docker='case "$1" in info) echo /var ;; *) exit 0 ;; esac',
    )
    assert on_machine(LOAD + "enough_disk", *options).returncode == 0


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("write /var: no space left on device", "The disk is full"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "/usr/local/share/ca-certificates/"),
        ("Temporary failure resolving 'deb.example'", "network and DNS"),
        ("permission denied while trying to connect to docker", "sudo make camp"),
        ("something else", "Read the whole log in .build/log/Getting-it.log"),
    ],
)
def test_a_failed_step_names_its_remedy(place: Path, words: str, remedy: str) -> None:
    script = (
        f'cd {place}; . {ROOT}/setup/messages.sh; try() {{ echo "{words}"; false; }}; '
        "step 'Getting it' try; echo went on"
    )
    said = on_machine(script, "-v", f"{place}:{place}")
    assert said.returncode == 1
    assert "went on" not in said.stdout
    assert "Getting it did not work" in said.stderr
    assert words in said.stderr
    assert remedy in said.stderr


def test_a_step_that_works_goes_on(place: Path) -> None:
    script = (
        f"cd {place}; . {ROOT}/setup/messages.sh; "
        "try() { echo '  … halfway'; }; step 'Getting it' try; echo went on"
    )
    said = on_machine(script, "-v", f"{place}:{place}")
    assert said.returncode == 0
    assert "Getting it" in said.stdout
    assert "… halfway" in said.stdout
    assert said.stdout.endswith("went on\n")


def test_authorities_are_left_alone_if_nothing_changed(place: Path) -> None:
    trusted = place / "trusted"
    trusted.mkdir()
    (trusted / "company.crt").write_text("-----BEGIN CERTIFICATE-----")
    (trusted / "notes.txt").write_text("not an authority")
    script = (
        f"cd {place}; . {ROOT}/setup/images.sh; collect_authorities; "
        "stat -c %i .build/authorities; collect_authorities; "
        "stat -c %i .build/authorities; ls -A .build .build/authorities"
    )
    first, second, *listed = on_machine(
        script,
        *("-v", f"{place}:{place}"),
        *("-v", f"{trusted}:/usr/local/share/ca-certificates:ro"),
    ).stdout.split()
    assert first == second
    kept = [".build:", "authorities", ".build/authorities:", "company.crt", "none.crt"]
    assert listed == kept


@pytest.mark.parametrize("verb", ["", "opne"])
def test_unknown_verbs_are_named(verb: str) -> None:
    ended = on_machine(f"setup/camp {verb}")
    assert ended.returncode != 0
    assert "open, rehearse, stop, clean or status" in ended.stderr
