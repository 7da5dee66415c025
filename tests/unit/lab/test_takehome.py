"""Bundles of homes that anybody may have filled: sane, bounded, and passive."""

import io
import json
import os
import re
import socket
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import pytest
from nbconvert.exporters.exporter import Exporter

from puppetcamp_lab.takehome.bundle import Bundle
from puppetcamp_lab.takehome.home import Home
from puppetcamp_lab.takehome.limits import Limits
from puppetcamp_lab.takehome.task import Exercise, Task, Version, read_task

TASK = Task(
    camp="A <camp>",
    attendee="ada",
    made="today",
    exercises=(
        Exercise(
            "motd",
            (Version("at noon", True, 2.5, 5.0), Version("at one", False, None, None)),
        ),
        Exercise("=web", ()),
    ),
)
ACTIVE = re.compile(
    r"<(script|iframe|object|embed|svg|form|link|base)\b|\son\w+=|javascript:", re.I
)

Made = Callable[..., zipfile.ZipFile]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def made(home: Path) -> Made:
    """Give a function that makes the bundle of the home and opens it."""

    def make(limits: Limits | None = None, task: Task = TASK) -> zipfile.ZipFile:
        limits = limits or Limits()
        out = io.BytesIO()
        with Home(home, limits) as found:
            Bundle(found, task, limits, cast(BinaryIO, Pipe(out))).write()
        bundle = zipfile.ZipFile(out)
        assert bundle.testzip() is None
        for name in bundle.namelist():
            assert not set(name) & set('\\:*?"<>|\x00\n'), name
            assert ".." not in PurePosixPath(name).parts, name
            assert not name.startswith("/"), name
        assert len({name.casefold() for name in bundle.namelist()}) == len(
            bundle.namelist()
        )
        return bundle

    return make


class Pipe(io.RawIOBase):
    """A stream that goes forwards only, as standard output does."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._out.write(data)


def notebook(*cells: object, kernel: str = "python3") -> str:
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": kernel}},
            "cells": list(cells),
        }
    )


def code(source: object, *outputs: object) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def shows(**data: object) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "data": {kind.replace("_", "/"): value for kind, value in data.items()},
    }


ODD = [
    None,
    {},
    {"cell_type": 7, "source": {"a": 1}, "outputs": "x"},
    code(["a", 1, "b\ud800"], None, {}, {"output_type": "stream", "text": 5}),
    code("x", {"output_type": "error", "ename": ["y"], "traceback": {"z": 1}}),
    code("y", {"output_type": "display_data", "data": []}),
    code("z", shows(image_png="not a picture", text_html=["<b>", 3, "bold</b>"])),
]


def text(bundle: zipfile.ZipFile, name: str) -> str:
    return bundle.read(name).decode()


def test_a_bundle_holds_the_work(home: Path, made: Made) -> None:
    for folder in ("lessons", "production/manifests", ".ssh", "production/.git"):
        (home / folder).mkdir(parents=True)
    source = "file { '/tmp/a': content => 'one' }"
    table = (
        '<table style="color: red; position: fixed"><tr><td>changed</td></tr></table>'
    )
    (home / "lessons/00.ipynb").write_text(
        notebook(
            {"cell_type": "markdown", "source": ["# One\n", "text"]},
            code(source, shows(text_html=table, text_plain="changed")),
            kernel="puppet",
        )
    )
    (home / "lessons/odd.ipynb").write_text(notebook(*ODD, kernel="puppet"))
    (home / "production/manifests/site.pp").write_text("node default { }")
    (home / "production/.fixtures.yml").write_text("fixtures: {}")
    (home / "notes.txt").write_text("mine")
    (home / ".ssh/id_rsa").write_text("secret")
    (home / "production/.git/config").write_text("[core]")
    bundle = made()
    assert set(bundle.namelist()) == {
        "index.html",
        "scores.html",
        "scores.csv",
        "lessons/00.ipynb",
        "pages/lessons/00.html",
        "manifests/lessons/00.pp",
        "lessons/odd.ipynb",
        "pages/lessons/odd.html",
        "manifests/lessons/odd.pp",
        "notes.txt",
        "production/manifests/site.pp",
        "production/.fixtures.yml",
    }
    assert source in text(bundle, "manifests/lessons/00.pp")
    page = text(bundle, "pages/lessons/00.html")
    assert "<td>changed</td>" in page
    assert "color: red" in page
    assert "position" not in page
    assert "../../index.html" in page
    index = text(bundle, "index.html")
    assert "A &lt;camp&gt;" in index
    assert 'href="pages/lessons/00.html"' in index
    assert "What is not in the bundle" not in index
    assert text(bundle, "scores.csv").splitlines() == [
        "exercise,version,handed in,late,score,of",
        "motd,1,at noon,yes,2.5,5",
        "motd,2,at one,no,,",
        "'=web,,,,,",
    ]
    assert "2.5 of 5" in text(bundle, "scores.html")


def test_nothing_leads_out_of_a_home(home: Path, made: Made, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.ipynb").write_text("SECRET")
    (home / "link.ipynb").symlink_to(outside / "secret.ipynb")
    (home / "folder").symlink_to(outside)
    (home / "loop").symlink_to(home)
    (home / "gone").symlink_to("nowhere")
    os.mkfifo(home / "pipe.ipynb")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(home / "plug"))
    with (home / "sparse.img").open("wb") as file:
        file.truncate(2**40)
    (home / "kept.txt").write_text("kept")
    bundle = made()
    assert [n for n in bundle.namelist() if not n.startswith(("index", "scores"))] == [
        "kept.txt"
    ]
    index = text(bundle, "index.html")
    assert "SECRET" not in index
    for name in ("link.ipynb", "folder", "loop", "gone", "pipe.ipynb", "plug"):
        assert f"<code>{name}</code>" in index
    assert "sparse.img</code>: it is larger than 16 MiB (1048576 MiB)" in index


def test_a_file_that_becomes_a_link_is_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    (home / "folder").mkdir()
    (home / "folder/file.txt").write_text("mine")
    with Home(home, Limits()) as found:
        (file,) = found.files()
        (home / "folder/file.txt").unlink()
        (home / "folder/file.txt").symlink_to(tmp_path / "secret")
        with pytest.raises(Exception, match="cannot be read"):
            found.read(file)
        (home / "folder/file.txt").unlink()
        (home / "folder").rmdir()
        (home / "folder").symlink_to(tmp_path)
        (tmp_path / "file.txt").write_text("SECRET")
        with pytest.raises(Exception, match="cannot be read"):
            found.read(file)


def test_names_are_safe_everywhere(home: Path, made: Made) -> None:
    for name in (
        b"x\\..\\..\\evil.sh",
        b"C:\\boot.ini",
        b"CON",
        b"aux.txt",
        b"ends with dot.",
        b"two\nlines",
        b"\xff\xfe.ipynb",
        b"\xe2\x80\xaegnp.exe",
        b"index.html",
        b"pages",
        b"a" * 250 + b".pp",
        b"Twin.txt",
        b"twin.txt",
    ):
        Path(os.fsdecode(os.fsencode(home) + b"/" + name)).write_bytes(b"{}")
    bundle = made()
    names = set(bundle.namelist())
    assert {
        "x_.._.._evil.sh",
        "_CON",
        "_aux.txt",
        "index (2).html",
        "pages (2)",
    } <= names
    assert {"Twin.txt", "twin (2).txt"} <= names
    assert "your take-home bundle" in text(bundle, "index.html")
    assert all(len(name) <= 120 for name in names)


def test_too_much_is_bounded_and_told(home: Path, made: Made) -> None:
    (home / "junk").mkdir()
    for number in range(300):
        (home / f"junk/{number:03}.bin").write_bytes(os.urandom(100))
    (home / "lessons").mkdir()
    (home / "lessons/mine.ipynb").write_text(notebook(code("1 + 1")))
    deep = home
    for _ in range(30):
        deep = deep / "d"
        deep.mkdir()
    limits = Limits(files=100, told=10)
    bundle = made(limits)
    assert len(bundle.namelist()) == 100 + 4
    assert "lessons/mine.ipynb" in bundle.namelist()
    index = text(bundle, "index.html")
    assert "the bundle is full (more than 100 files)" in index
    assert re.search(r"And 19\d more", index)
    assert "it lies too deep" in index
    assert "too many files" in text(made(replace(limits, folder=50)), "index.html")
    small = made(replace(Limits(), total=5000))
    assert sum(one.file_size for one in small.infolist()) < 5000 + 40_000
    assert "lessons/mine.ipynb" in small.namelist()


def test_odd_notebooks_are_read_as_far_as_they_go(home: Path, made: Made) -> None:
    (home / "odd.ipynb").write_text(notebook(*ODD))
    (home / "broken.ipynb").write_bytes(b"\xff\xfe\x00{")
    bundle = made()
    assert "<b>bold</b>" in text(bundle, "pages/odd.html")
    assert "manifests/odd.pp" not in bundle.namelist()
    assert "broken.ipynb" in bundle.namelist()
    assert "no page: it is not the JSON of a notebook" in text(bundle, "index.html")


def test_nothing_on_a_page_acts(home: Path, made: Made) -> None:
    attacks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        '<a href="javascript:alert(1)">click</a>',
        '<iframe src="https://example.com"></iframe>',
        '<div style="background: url(https://example.com/x)">seen</div>',
        '<form action="https://example.com"><input name=password></form>',
        '<base href="https://example.com/"><link rel=stylesheet href=x>',
        '<math><mtext></p><style><img src=x onerror="alert(1)"></style></math>',
        "<b <script>alert(1)</script>0",
        "</div></main><script>alert(1)</script>",
    ]
    cells = []
    for attack in attacks:
        cells.append({"cell_type": "markdown", "source": attack})
        cells.append({"cell_type": "raw", "source": attack})
        cells.append(code(attack, shows(text_html=attack, image_svg=attack)))
        cells.append(code("x", {"output_type": "stream", "text": attack}))
        error = {"output_type": "error", "ename": attack, "traceback": [attack]}
        cells.append(code("x", error))
        cells.append(code("x", shows(image_png=attack, text_javascript=attack)))
    (home / f"{attacks[0].replace('/', '')}.ipynb").write_text(notebook(*cells))
    bundle = made()
    pages = [name for name in bundle.namelist() if name.endswith(".html")]
    assert any(name.startswith("pages/") for name in pages)
    for name in pages:
        page = text(bundle, name)
        assert "default-src 'none'" in page
        tags = re.findall(r"<[^>]*>", page)
        assert not [tag for tag in tags if ACTIVE.search(tag)], name
        assert not re.search(r"<[^>]*url\(", page)


def test_a_plain_bundle_has_no_pages(home: Path, made: Made) -> None:
    (home / "a.ipynb").write_text(notebook(code("1")))
    bundle = made(task=replace(TASK, plain=True))
    assert "a.ipynb" in bundle.namelist()
    assert not [name for name in bundle.namelist() if name.startswith("pages")]


def test_no_time_and_faults_of_the_exporter_cost_pages_alone(
    home: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "a.ipynb").write_text(notebook(code("notice('x')"), kernel="puppet"))
    assert "there was no time for a page" in text(made(Limits(seconds=0)), "index.html")
    assert "too large for a page" in text(made(Limits(notebook=10)), "index.html")

    def stumble(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Exporter, "from_notebook_node", stumble)
    bundle = made()
    assert "pages/a.html" in bundle.namelist()
    assert "manifests/a.pp" not in bundle.namelist()


def test_a_task_is_read() -> None:
    told = {
        "camp": "c",
        "attendee": "a",
        "made": "m",
        "plain": True,
        "exercises": [
            {
                "exercise": "motd",
                "versions": [
                    {"submitted": "s", "late": False, "score": None, "max_score": None}
                ],
            }
        ],
    }
    task = read_task(json.dumps(told).encode())
    assert task.plain
    assert task.exercises[0].versions[0].points == ""
