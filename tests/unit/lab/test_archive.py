"""What is packed in a seat, and what a seat refuses to unpack."""

import gzip
import io
import os
import random
import tarfile
from pathlib import Path

import pytest

from puppetcamp.exchange.archive import inspect
from puppetcamp_lab.archive import ArchiveError, Selection, pack, pack_files, unpack

EVERYTHING = Selection()


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    folder = tmp_path / "motd"
    (folder / "files" / "empty").mkdir(parents=True)
    (folder / "motd.ipynb").write_text("{}")
    (folder / "files" / "motd").write_text("Welcome")
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o700)
    return folder


def tree(folder: Path) -> dict[str, str | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


def test_what_is_packed_is_what_is_unpacked(exercise: Path, tmp_path: Path) -> None:
    packed, left_out = pack(exercise, EVERYTHING)
    unpack(packed, tmp_path / "there")
    assert tree(tmp_path / "there") == tree(exercise)
    assert left_out == []
    assert os.access(tmp_path / "there" / "run", os.X_OK)
    assert not os.access(tmp_path / "there" / "motd.ipynb", os.X_OK)


def test_the_same_files_give_the_same_bytes(exercise: Path) -> None:
    first, _ = pack(exercise, EVERYTHING)
    for path in exercise.rglob("*"):
        os.utime(path, (0, 0))
    assert pack(exercise, EVERYTHING)[0] == first
    (exercise / "run").chmod(0o600)
    assert pack(exercise, EVERYTHING)[0] != first


def test_the_camps_service_takes_what_is_packed(exercise: Path) -> None:
    (exercise / ("ä" * 120)).write_text("a long name")
    packed, _ = pack(exercise, EVERYTHING)
    assert set(inspect(io.BytesIO(packed)).files) == {
        "motd.ipynb",
        "files/motd",
        "run",
        "ä" * 120,
    }


def test_nothing_of_this_machine_is_packed(exercise: Path) -> None:
    packed, _ = pack(exercise, EVERYTHING)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            assert (member.uid, member.uname, member.gname) == (0, "", "")


def test_nbgraders_settings_select_files(exercise: Path) -> None:
    (exercise / "feedback" / "2026").mkdir(parents=True)
    (exercise / "feedback" / "2026" / "motd.html").write_text("x")
    (exercise / "notes.txt").write_text("x")
    (exercise / "large.ipynb").write_bytes(bytes(3000))
    selection = Selection(("feedback", "r*"), ("*.ipynb", "motd"), max_file_size=2)
    packed, left_out = pack(exercise, selection)
    assert set(inspect(io.BytesIO(packed)).files) == {"motd.ipynb", "files/motd"}
    assert left_out == ["large.ipynb is larger than 2 kB"]


def test_links_to_files_are_followed_and_others_left_out(
    exercise: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("x")
    (exercise / "linked").symlink_to(tmp_path / "outside")
    (exercise / "dangling").symlink_to("nowhere")
    (exercise / "loop").symlink_to(exercise)
    os.mkfifo(exercise / "pipe")
    packed, left_out = pack(exercise, EVERYTHING)
    assert "linked" in inspect(io.BytesIO(packed)).files
    assert [line.split()[0] for line in left_out] == ["dangling", "loop", "pipe"]


def test_too_much_is_refused_before_it_is_sent(exercise: Path) -> None:
    noise = random.Random(1).randbytes(21 * 2**20)  # noqa: S311 not a secret
    (exercise / "noise").write_bytes(noise)
    said = r"motd is larger than 20 MiB.*largest files are noise \(21\.0 MiB\)\. Noth"
    with pytest.raises(ArchiveError, match=said):
        pack(exercise, EVERYTHING)


def test_a_file_that_cannot_be_read_is_named(exercise: Path) -> None:
    missing = exercise / "gone.html"
    with pytest.raises(ArchiveError, match=r"gone\.html cannot be read .*sudo chown"):
        pack_files([missing])


def archive_of(*members: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for info in members:
            archive.addfile(info, io.BytesIO(bytes(max(info.size, 0))))
    return packed.getvalue()


def info(name: str, **attributes: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for attribute, value in attributes.items():
        setattr(member, attribute, value)
    return member


FORGED = {
    "link": archive_of(info("a", type=tarfile.SYMTYPE, linkname="/etc")),
    "hard link": archive_of(info("b"), info("a", type=tarfile.LNKTYPE, linkname="b")),
    "device": archive_of(info("a", type=tarfile.CHRTYPE)),
    "pipe": archive_of(info("a", type=tarfile.FIFOTYPE)),
    "absolute": archive_of(info("/tmp/puppetcamp-forged")),  # noqa: S108 never written
    "above": archive_of(info("a/../../above")),
    "folder above": archive_of(info("../above", type=tarfile.DIRTYPE)),
    "twice": archive_of(info("a"), info("a")),
    "below a file": archive_of(info("a"), info("a/b")),
    "name too long": archive_of(info("a" * 300)),
    "no archive": b"x" * 1000,
    "cut": gzip.compress(archive_of(info("a", size=5000)))[:-30],
    "bomb": gzip.compress(archive_of(info("a", size=65 * 2**20)), 1),
}


@pytest.mark.parametrize("packed", FORGED.values(), ids=FORGED.keys())
def test_a_seat_refuses_to_unpack(packed: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        unpack(packed, tmp_path / "there")
    assert not (tmp_path / "above").exists()
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
