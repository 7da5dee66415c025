"""Take-home bundles made in real containers, of homes that fight back."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docker import DockerClient
from sqlalchemy import Engine

from puppetcamp.database import create_tables, open_engine
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.takehome.builder import (
    LABEL,
    Builder,
    HomeRefused,
    Limits,
    NoHome,
    sweep,
)
from puppetcamp.takehome.decisions import State
from puppetcamp.takehome.maker import Maker, World
from puppetcamp.takehome.store import TakeHomeStore
from puppetcamp.takehome.task import task

pytestmark = pytest.mark.docker

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = task("Camp", "ada", [], NOW, UTC, plain=False)

HOSTILE = r"""
cd /home/attendee
site=.local/lib/python3.13/site-packages
mkdir -p lessons production/modules/mine/manifests many deep $site
cp /usr/share/puppetcamp/lessons/00_your_node.ipynb lessons/
echo 'class mine { }' > production/modules/mine/manifests/init.pp
echo 'node default { }' > production/site.pp; sudo chown root production/site.pp
sudo chmod 600 production/site.pp
ln -s /etc/shadow shadow; ln -s / root; mkfifo fifo.ipynb
truncate -s 1T sparse.ipynb
head -c 30000000 /dev/urandom > large.bin
for i in $(seq 4000); do : > many/$i; done
printf '{"cells": [' > broken.ipynb
python -c 'print("[" * 1000000)' > bomb.ipynb
(printf '{"cells": ['; yes '{},' | head -n 1800000; printf '{}]}') > wide.ipynb
touch -- 'x\..\..\evil' '-rf' "$(printf 'two\nlines')" "$(printf '\377.pp')"
touch -d 1901-01-01 old.txt; touch -d 2300-01-01 new.txt
# What a program that trusts its home would run.
echo 'raise SystemExit("owned")' > $site/usercustomize.py
echo 'raise SystemExit("owned")' > json.py
mkdir -p .jupyter .puppetlabs/etc/puppet
cp json.py .jupyter/jupyter_nbconvert_config.py
echo 'garbage' > .puppetlabs/etc/puppet/puppet.conf
"""


@pytest.fixture
def builder(attendee_image: str, instance_labels: dict[str, str]) -> Builder:
    return Builder(attendee_image, instance_labels)


@pytest.fixture
def homes(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> Iterator[Callable[[str], str]]:
    """Give a function that makes a home with a script, run as its attendee."""
    made = []

    def make(script: str) -> str:
        volume = engine.volumes.create(labels=instance_labels)
        made.append(volume)
        engine.containers.run(
            attendee_image,
            ["bash", "-ec", script],
            remove=True,
            network_mode="none",
            volumes={volume.name: {"bind": "/home/attendee", "mode": "rw"}},
            labels=instance_labels,
        )
        return str(volume.name)

    yield make
    for volume in made:
        volume.remove()


def test_a_hostile_home_yields_a_sane_bundle(
    builder: Builder, homes: Callable[[str], str], tmp_path: Path
) -> None:
    size = builder.build(homes(HOSTILE), WHOLE, tmp_path / "bundle")
    content = (tmp_path / "bundle").read_bytes()
    assert len(content) == size
    bundle = zipfile.ZipFile(io.BytesIO(content))
    assert bundle.testzip() is None
    names = bundle.namelist()
    assert {
        "index.html",
        "lessons/00_your_node.ipynb",
        "pages/lessons/00_your_node.html",
        "manifests/lessons/00_your_node.pp",
        "production/site.pp",
        "production/modules/mine/manifests/init.pp",
        "broken.ipynb",
        "json.py",
    } <= set(names)
    assert len(names) < 3100
    for missing in ("shadow", "root", "fifo.ipynb", "sparse.ipynb", "large.bin"):
        assert missing not in names
    index = bundle.read("index.html").decode()
    assert "<code>shadow</code>: it is a link" in index
    assert "large.bin</code>: it is larger than" in index
    assert "root:" not in "".join(index)
    assert "owned" not in index


def test_what_cannot_be_made_has_a_clear_reason(
    builder: Builder, homes: Callable[[str], str], tmp_path: Path
) -> None:
    with pytest.raises(NoHome, match="no home yet"):
        builder.build("no-such-volume-of-anybody", WHOLE, tmp_path / "a")
    home = homes("echo kept > notes.txt")
    with pytest.raises(HomeRefused, match="could not be packed"):
        builder.build(home, b"no task", tmp_path / "b")
    impatient = replace(builder, limits=Limits(working=1))
    slow = homes("head -c 12000000 /dev/urandom | tee a b c d e f g h i j > k")
    with pytest.raises(HomeRefused, match="too long or too much"):
        impatient.build(slow, WHOLE, tmp_path / "c")


def test_what_a_killed_service_leaves_is_swept(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> None:
    left = engine.containers.create(
        attendee_image, ["sleep", "60"], labels={**instance_labels, LABEL: "1"}
    )
    ((key, value),) = instance_labels.items()
    assert sweep(f"{key}={value}") == 1
    assert left.id not in {c.id for c in engine.containers.list(all=True)}


def test_a_session_that_ended_gets_its_bundle(
    builder: Builder, homes: Callable[[str], str], tmp_path: Path
) -> None:
    home = homes("mkdir lessons; echo '{}' > lessons/one.ipynb; echo mine > site.pp")
    database = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(database)
    try:
        _ended(builder, home, tmp_path, database)
    finally:
        database.dispose()


def _ended(builder: Builder, home: str, tmp_path: Path, database: Engine) -> None:
    store = TakeHomeStore(database, tmp_path / "shelf", timedelta(days=14))
    store.prepare(NOW)
    over = Standing("ada", Phase.EXPIRED, NOW, deadline=NOW - timedelta(seconds=1))
    world = World(
        standings=lambda: {"ada": over},
        volume=lambda _: home,
        runs=lambda _: False,
        task=lambda name, plain: task("Camp", name, [], NOW, UTC, plain=plain),
    )
    maker = Maker(store, builder.build, world, lambda: NOW)
    maker.look()
    assert maker.make_one()
    found = store.find("ada", NOW)
    assert found.state is State.READY
    assert found.ready is not None
    bundle = zipfile.ZipFile(store.shelf.path(found.ready.file))
    assert {"lessons/one.ipynb", "site.pp", "index.html"} <= set(bundle.namelist())
    maker.look()
    assert not maker.make_one(), json.dumps(bundle.namelist())
