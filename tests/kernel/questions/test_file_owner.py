"""%%file as somebody: the user if they may, else root if the worker is root."""

import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.session import Session
from tests.kernel.questions.environments import session_in
from tests.kernel.questions.support import refusal, text
from tests.kernel.test_sudo import STRANGER, kernel_for_all, run_as

__all__ = ["kernel_for_all"]


@pytest.fixture(scope="module", autouse=True)
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")


@pytest.fixture(scope="module")
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that everybody may reach, and only root may write."""
    folder = tmp_path_factory.mktemp("code")
    for one in (folder, *folder.parents):
        if one == Path(tempfile.gettempdir()):
            break
        one.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def camp(puppet: None, open_folder: Path) -> Iterator[Session]:
    with session_in(open_folder, user=STRANGER) as session:
        yield session


@pytest.fixture
def own(open_folder: Path) -> Path:
    """Return a folder of the user's."""
    folder = open_folder / "own"
    folder.mkdir(exist_ok=True)
    os.chown(folder, pwd.getpwnam(STRANGER).pw_uid, -1)
    return folder


def test_what_the_user_may_write_is_the_users(camp: Session, own: Path) -> None:
    told = text(camp, f"%%file {own}/a/b.txt", "x")
    assert (own / "a/b.txt").owner() == STRANGER
    assert (own / "a").owner() == STRANGER
    assert f"owner {STRANGER}" in told


def test_what_the_user_may_not_write_is_roots(camp: Session, open_folder: Path) -> None:
    told = text(camp, "%%file modules/a/manifests/init.pp", "class a { }")
    file = open_folder / "environments/production/modules/a/manifests/init.pp"
    assert file.owner() == "root"
    assert f"written as root, because {STRANGER} may not" in told


def test_an_owner_stays_who_it_was(camp: Session, own: Path) -> None:
    theirs = own / "roots.txt"
    theirs.write_text("old\n")
    theirs.chmod(0o644)
    assert "as root" in text(camp, f"%%file {theirs}", "new")
    assert (theirs.owner(), theirs.read_text()) == ("root", "new\n")
    theirs.chmod(0o666)
    assert "as root" not in text(camp, f"%%file {theirs}", "newer")
    assert (theirs.owner(), theirs.read_text()) == ("root", "newer\n")


def test_no_user_is_an_error(puppet: None, tmp_path: Path) -> None:
    with session_in(tmp_path, user="no-such-user") as session:
        assert "no-such-user" in refusal(session, "%%file x.txt\nx")


def test_without_root_only_what_the_user_may(
    kernel_for_all: Path, own: Path, open_folder: Path
) -> None:
    locked = own / "locked.txt"
    locked.write_text("x\n")
    os.chown(locked, pwd.getpwnam(STRANGER).pw_uid, -1)
    locked.chmod(0o444)
    _, root, results = run_as(
        kernel_for_all,
        STRANGER,
        f"%%file {own}/mine.txt\nx",
        f"%%file {open_folder}/no.txt\nx",
        f"%%file {locked}\ny",
        "%%file ~/\nx",
    )
    assert root is False
    mine, other, read_only, home = results
    assert mine["errors"] == []
    assert (own / "mine.txt").owner() == STRANGER
    assert "permission denied" in str(other["errors"])
    assert not (open_folder / "no.txt").exists()
    assert "permission denied" in str(read_only["errors"])
    assert locked.read_text() == "x\n"
    assert home["errors"]
    assert sorted(path.name for path in own.iterdir() if path.name[0] == ".") == []
