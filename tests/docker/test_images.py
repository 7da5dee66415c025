"""What the images hold, and above all what they do not."""

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from tests.camps import ROOT
from tests.requirements import need

pytestmark = [pytest.mark.docker, pytest.mark.slow]

LARGEST_ATTENDEE_IMAGE = 700 * 1000**2
IMAGES = ("attendee", "hub")

Found = dict[str, list[str]]


def authority_lines() -> set[bytes]:
    """Collect lines of the extra authorities that this machine trusts."""
    lines: set[bytes] = set()
    for path in (ROOT / ".build" / "authorities").glob("*.crt"):
        found = [line.strip() for line in path.read_bytes().splitlines()]
        # A full line of base64 is unmistakable; the last one of a file may be short.
        lines |= {line for line in found if len(line) == 64 and b" " not in line}
    return lines


SHORT = 24
"""Characters of a hidden part that may stand elsewhere by chance."""


def hidden_parts() -> list[list[bytes]]:
    """Collect the hidden checks: the lines of each, without indentation."""
    parts = []
    for path in (ROOT / "exercises" / "source").glob("*/*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            source = "".join(cell["source"])
            for part in re.findall(
                r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", source, re.DOTALL
            ):
                lines = [line.strip() for line in part.splitlines()]
                # A short line, as `enable => true,`, stands in lessons as well: it
                # gives a check away where it stands with the check's name.
                if len("".join(lines)) <= SHORT:
                    lines.append(source.splitlines()[0])
                parts.append([json.dumps(line)[1:-1].encode() for line in lines])
    return parts


@pytest.fixture(scope="module", params=IMAGES)
def image(request: pytest.FixtureRequest, engine: DockerClient) -> str:
    """Name an image of a camp."""
    name = f"puppetcamp/{request.param}"
    try:
        engine.images.get(name)
    except ImageNotFound:
        need(False, f"the image {name} is not built: run make camp")
    return name


class Flow:
    """Read a stream of chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Read exactly `size` bytes, fewer at the end."""
        parts, missing = [self._rest], size - len(self._rest)
        while missing > 0 and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            missing -= len(chunk)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]


@pytest.fixture(scope="module")
def found(image: str, engine: DockerClient) -> Found:
    """Read every file of the image once; return paths, and where lines were found."""
    authorities, hidden = authority_lines(), hidden_parts()
    assert hidden, "the exercises have no hidden check to look for"
    result: Found = {"paths": [], "authorities": [], "hidden": []}
    container = engine.containers.create(image)
    try:
        flow = cast("IO[bytes]", Flow(container.export()))
        with tarfile.open(fileobj=flow, mode="r|") as archive:
            for member in archive:
                result["paths"].append(f"/{member.name}")
                if not member.isfile():
                    continue
                file = archive.extractfile(member)
                assert file
                content = file.read()
                if b"CERTIFICATE" in content and any(
                    line in content for line in authorities
                ):
                    result["authorities"].append(member.name)
                if any(all(line in content for line in part) for part in hidden):
                    result["hidden"].append(member.name)
    finally:
        container.remove(force=True)
    assert len(result["paths"]) > 5000
    return result


def test_the_machines_authorities_stay_out(found: Found) -> None:
    assert found["authorities"] == []
    assert "/tmp/trusted.pem" not in found["paths"]  # noqa: S108 -- in the image
    assert [p for p in found["paths"] if p.startswith("/tmp/")] in ([], ["/tmp/"])  # noqa: S108


def test_nothing_is_kept_of_the_making(found: Found) -> None:
    left = re.compile(
        r"/root/\.(cache|npm)/.|/\.cache/(pip|uv)|/var/lib/apt/lists/.*_(Packages|InRelease)"
        r"|/var/cache/apt/archives/.*\.deb$|/opt/build/"
    )
    kept = [
        path
        for path in found["paths"]
        # A seat's own archive of packages has its list.
        if left.search(path) and "/lists/_srv_apt_" not in path
    ]
    assert kept == []


def test_hidden_checks_are_the_hubs_alone(image: str, found: Found) -> None:
    if image.endswith("attendee"):
        assert found["hidden"] == []
        assert not [path for path in found["paths"] if "exercises/source" in path]
    else:
        # The search finds what is there: the hub's image does hold them.
        assert found["hidden"]


def test_no_secret_was_baked_in(found: Found) -> None:
    names = ("proxy_token", "cookie_secret", "join_code", "jupyterhub.sqlite")
    assert [p for p in found["paths"] if Path(p).name in names] == []


def test_seats_know_nothing_of_the_hubs_side(
    engine: DockerClient, attendee_image: str
) -> None:
    script = (
        "import importlib.util as u\n"
        "for name in ('puppetcamp', 'docker', 'dockerspawner', 'puppet_kernel',"
        " 'puppetcamp_lab', 'nbgrader', 'pip'):\n"
        "    print(name, bool(u.find_spec(name)))"
    )
    said = engine.containers.run(
        attendee_image, ["python", "-c", script], remove=True, network_mode="none"
    )
    known = dict(line.split() for line in said.decode().splitlines())
    assert known == {
        **dict.fromkeys(("puppetcamp", "docker", "dockerspawner", "pip"), "False"),
        **dict.fromkeys(("puppet_kernel", "puppetcamp_lab", "nbgrader"), "True"),
    }


def test_a_seats_image_is_small(engine: DockerClient, attendee_image: str) -> None:
    size = engine.images.get(attendee_image).attrs["Size"]
    assert size <= LARGEST_ATTENDEE_IMAGE, f"{size / 1000**2:.0f} MB"


@pytest.mark.parametrize("name", IMAGES)
def test_the_environment_names_no_proxy_and_no_index(
    engine: DockerClient, name: str
) -> None:
    image = engine.images.get(f"puppetcamp/{name}")
    told = json.dumps(image.attrs["Config"]["Env"])
    assert not re.search(r"PIP_|_proxy|TOKEN|SECRET|PASSWORD", told, re.IGNORECASE)
