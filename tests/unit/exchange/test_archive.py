"""Whole, plain archives are taken; whatever is forged or broken is refused."""

import gzip
import io
import random
import subprocess
import tarfile
from pathlib import Path

import pytest

from puppetcamp.exchange import archive
from puppetcamp.exchange.archive import (
    ArchiveRefusedError,
    ArchiveTooLargeError,
    feedback_pages,
    inspect,
    read,
)

from .archives import END, EXERCISE, NOTEBOOK, member, pack, tar


def test_lists_files_and_the_notebooks_of_the_top_folder() -> None:
    contents = inspect(
        pack({"b.ipynb": b"{}", "a.ipynb": b"{}", "sub/c.ipynb": b"{}", "x.txt": b"12"})
    )
    assert contents.files["x.txt"] == 2
    assert contents.notebooks == ("a", "b")


def test_takes_what_gnu_tar_writes(tmp_path: Path) -> None:
    folder = tmp_path / "motd"
    (folder / "empty").mkdir(parents=True)
    (folder / "motd.ipynb").write_bytes(NOTEBOOK)
    (folder / ("ä" * 90)).with_suffix(".txt").write_text("a long name")
    subprocess.run(["tar", "-C", folder, "-czf", tmp_path / "a", "."], check=True)
    with (tmp_path / "a").open("rb") as packed:
        assert set(inspect(packed).files) == {"motd.ipynb", "ä" * 90 + ".txt"}


def test_reads_the_files_that_are_asked_for() -> None:
    contents, files = read(pack(), lambda path, _: path != "files/motd")
    assert files == {"motd.ipynb": NOTEBOOK}
    assert contents.files["files/motd"] == len(EXERCISE["files/motd"])


def test_takes_plain_and_gzipped_archives() -> None:
    plain = gzip.decompress(pack().read())
    assert inspect(io.BytesIO(plain)) == inspect(pack())
    assert archive.media_type(io.BytesIO(plain)) == "application/x-tar"
    assert archive.media_type(pack()) == "application/gzip"


NOTE = member("motd.ipynb", NOTEBOOK)
FORGED = {
    "symbolic link": [member("a", type=tarfile.SYMTYPE, linkname="/etc/shadow")],
    "hard link": [NOTE, member("a", type=tarfile.LNKTYPE, linkname="motd.ipynb")],
    "device": [member("a", type=tarfile.CHRTYPE, devmajor=1, devminor=3)],
    "pipe": [member("a", type=tarfile.FIFOTYPE)],
    "contiguous file": [member("a", type=tarfile.CONTTYPE)],
    "unknown type": [member("a", type=b"Z")],
    "absolute path": [member("/etc/passwd", b"root")],
    "absolute folder": [member("/etc", type=tarfile.DIRTYPE)],
    "path above": [member("../motd.ipynb", b"{}")],
    "path above, hidden": [member("a/../../motd.ipynb", b"{}")],
    "the same file twice": [NOTE, NOTE],
    "the same file, spelt anew": [NOTE, member("./motd.ipynb", b"{}")],
    "the same folder twice": [member("a", type=tarfile.DIRTYPE)] * 2,
    "file below a file": [member("a", b"1"), member("a/b", b"2")],
    "file in place of a folder": [member("a/b", b"2"), member("a", b"1")],
    "folder in place of a file": [NOTE, member("motd.ipynb", type=tarfile.DIRTYPE)],
    "file without a name": [member(".", b"1")],
    "control character": [member("a\nb", b"1")],
    "name too long for a disk": [member("a" * 256, b"1")],
    "path too long": [member("/".join(["a" * 100] * 6), b"1")],
    "name that is not UTF-8": [member("a\udcff", b"1")],
    "folder with content": [member("a", b"1" * 512, type=tarfile.DIRTYPE)],
    "sparse file": [
        member(
            "a",
            b"1\n0\n1\n" + bytes(506) + b"x",
            pax_headers={
                "GNU.sparse.major": "1",
                "GNU.sparse.minor": "0",
                "GNU.sparse.realsize": str(10**15),
                "GNU.sparse.name": "a",
            },
        )
    ],
}


@pytest.mark.parametrize("members", FORGED.values(), ids=FORGED.keys())
def test_refuses_forged_members(members: list[bytes]) -> None:
    with pytest.raises(ArchiveRefusedError, match=r"archive .*\."):
        inspect(tar(*members))


BROKEN = {
    "nothing": b"",
    "text": b"this is not an archive" * 100,
    "cut gzip": pack().read()[:-20],
    "damaged gzip": pack().read()[:40] + b"\xff" * 10 + pack().read()[50:],
    "no end": NOTE,
    "cut in a file": NOTE + member("b", b"x" * 5000)[:3000],
    "damaged header": NOTE + b"\xff" * 512 + END,
    "something after the end": NOTE + END + NOTE,
    "negative size": NOTE + member("a", size=-1) + END,
    "size that leads back": NOTE + member("a", size=-1024) + END,
    "chain of headers": b"".join(
        member("x", b"11 path=ab\n", type=tarfile.XHDTYPE) for _ in range(4000)
    )
    + END,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_refuses_broken_archives(content: bytes) -> None:
    with pytest.raises(ArchiveRefusedError, match=r"\.$"):
        inspect(io.BytesIO(content))


def test_an_archive_of_nothing_is_an_archive() -> None:
    assert inspect(tar()).files == {}


def zeros(size: int) -> io.BytesIO:
    """Pack a file of zeros so that it takes a thousandth of its size."""
    info = tarfile.TarInfo("zeros")
    info.size = size
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(info.tobuf())
        for _ in range(size // archive.MIB):
            file.write(bytes(archive.MIB))
        file.write(END)
    return packed


def test_refuses_a_decompression_bomb() -> None:
    with pytest.raises(ArchiveTooLargeError, match="more than 60 MiB together"):
        inspect(zeros(200 * archive.MIB))


def test_the_limit_of_unpacked_bytes_is_exact() -> None:
    packed = zeros(archive.MAX_UNPACKED)
    assert inspect(packed).files == {"zeros": archive.MAX_UNPACKED}
    full = gzip.decompress(packed.getvalue())[: -len(END)]
    one_more = gzip.compress(full + member("one", b"1") + END, 1)
    with pytest.raises(ArchiveTooLargeError):
        inspect(io.BytesIO(one_more))


def test_refuses_an_archive_that_is_larger_than_the_limit() -> None:
    with pytest.raises(ArchiveTooLargeError, match="larger than 20 MiB"):
        inspect(io.BytesIO(bytes(archive.MAX_PACKED + 1)))


def test_refuses_more_members_than_the_limit() -> None:
    members = [member(f"{number}.txt") for number in range(archive.MAX_MEMBERS)]
    assert len(inspect(tar(*members)).files) == archive.MAX_MEMBERS
    with pytest.raises(ArchiveTooLargeError, match="more than 500"):
        inspect(tar(*members, member("one")))


def test_any_damage_is_an_answer_and_never_a_crash() -> None:
    chance = random.Random(2016)  # noqa: S311 a repeatable test, not a secret
    whole = tar(
        NOTE,
        member("ä" * 120, b"x" * 700),
        member("folder", type=tarfile.DIRTYPE),
        member("folder/file", b"y" * 20),
    ).read()
    refused = 0
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            contents = inspect(io.BytesIO(damaged))
        except ArchiveRefusedError:
            refused += 1
        else:
            assert not any(".." in path.split("/") for path in contents.files)
    assert refused > 1000


def test_feedback_holds_one_page_for_each_notebook() -> None:
    pages = feedback_pages(pack({"motd.html": b"good"}), ("motd", "second"))
    assert pages == {
        "motd": "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c"
    }


@pytest.mark.parametrize(
    "files",
    [{}, {"other.html": b""}, {"motd.ipynb": b""}, {"motd": b""}, {"a/motd.html": b""}],
)
def test_feedback_holds_nothing_else(files: dict[str, bytes]) -> None:
    with pytest.raises(ArchiveRefusedError, match="Feedback holds"):
        feedback_pages(pack(files), ("motd",))
