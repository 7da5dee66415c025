"""What is stored is there whole, every version of it, and stays."""

import errno
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from puppetcamp.exchange.archive import ArchiveRefusedError
from puppetcamp.exchange.shelf import StorageFailedError
from puppetcamp.exchange.store import ExchangeStore, NotStoredError

from .archives import EXERCISE, NOTEBOOK, pack

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
UNKNOWN = "0" * 32


@pytest.fixture
def released(store: ExchangeStore) -> ExchangeStore:
    store.release("puppet", "motd", pack(), NOON)
    return store


def archives(root: Path, kind: str) -> list[Path]:
    return sorted((root / "exchange" / kind).iterdir())


def test_a_release_is_listed_with_its_notebooks(store: ExchangeStore) -> None:
    release = store.release("puppet", "motd", pack(), NOON)
    assert (release.version, release.released_at) == (1, NOON)
    assert release.notebooks == ("motd",)
    assert release.archive.read_bytes() == pack().read()
    assert store.exercises("puppet") == [release]
    assert store.exercises("other") == []


def test_every_released_version_is_kept_and_the_last_one_counts(
    released: ExchangeStore, tmp_path: Path
) -> None:
    first = released.released("puppet", "motd")
    second = released.release("puppet", "motd", pack({"new.ipynb": NOTEBOOK}), LATER)
    assert second.version == 2
    assert released.exercises("puppet") == [second]
    assert first.archive.read_bytes() == pack().read()
    assert len(archives(tmp_path, "releases")) == 2


def test_a_withdrawn_exercise_is_gone_until_it_is_released_anew(
    released: ExchangeStore,
) -> None:
    kept = released.submit("puppet", "motd", "ada", pack(), NOON)
    released.withdraw("puppet", "motd", LATER)
    assert released.exercises("puppet") == []
    with pytest.raises(
        NotStoredError, match=r"was withdrawn by an instructor\..*is kept"
    ):
        released.submit("puppet", "motd", "ada", pack(), LATER)
    with pytest.raises(NotStoredError):
        released.withdraw("puppet", "motd", LATER)
    assert released.submissions("puppet") == [kept]
    assert released.release("puppet", "motd", pack(), LATER).version == 2
    assert len(released.exercises("puppet")) == 1


def test_every_submission_is_kept_in_order(released: ExchangeStore) -> None:
    first = released.submit("puppet", "motd", "ada", pack(), NOON)
    second = released.submit("puppet", "motd", "ada", pack(EXERCISE), NOON)
    assert first.submission != second.submission
    assert released.submissions("puppet") == [first, second]
    # The clock was set back; what came last is the last one all the same.
    third = released.submit("puppet", "motd", "ada", pack(), NOON - timedelta(hours=1))
    assert released.submissions("puppet") == [first, second, third]
    assert first.sha256 == hashlib.sha256(first.archive.read_bytes()).hexdigest()
    assert first.submitted_at == NOON
    assert released.submission(first.submission) == first


def test_versions_are_counted_for_each_attendee_and_exercise(
    released: ExchangeStore,
) -> None:
    released.release("puppet", "ntp", pack(), NOON)
    changed = EXERCISE | {"new.txt": b""}
    for exercise, attendee, files in (
        ("motd", "ada", EXERCISE),
        ("motd", "bob", EXERCISE),
        ("ntp", "ada", EXERCISE),
        ("motd", "ada", changed),
        ("motd", "ada", changed),
        ("motd", "ada", EXERCISE),
    ):
        released.submit("puppet", exercise, attendee, pack(files), NOON)
    motd = released.submissions("puppet", "motd", "ada")
    versions = [(found.version, found.same_as) for found in motd]
    assert versions == [(1, None), (2, None), (3, 2), (4, None)]
    assert released.submission(motd[2].submission) == motd[2]
    everything = released.submissions("puppet")
    assert [found.version for found in everything] == [1, 1, 1, 2, 3, 4]


def test_standing_shows_what_counts_for_one_attendee(released: ExchangeStore) -> None:
    assert released.standing("other", "ada") == []
    released.release("puppet", "ntp", pack(), NOON, due_at=LATER)
    released.release("puppet", "gone", pack(), NOON)
    mine = released.submit("puppet", "motd", "ada", pack(), NOON)
    released.submit("puppet", "gone", "bob", pack(), NOON)
    released.withdraw("puppet", "gone", LATER)
    mine = released.give_feedback(
        mine.submission, pack({"motd.html": b"x"}), LATER, (3.5, 5)
    )
    assert mine.feedback is not None
    assert (mine.feedback.score, mine.feedback.max_score) == (3.5, 5)
    motd, ntp = released.standing("puppet", "ada")
    assert (motd.release.exercise, motd.submissions) == ("motd", (mine,))
    assert (ntp.release.due_at, ntp.submissions) == (LATER, ())
    gone, *_ = released.standing("puppet", "bob")
    assert (gone.release.exercise, gone.release.withdrawn_at) == ("gone", LATER)


def test_the_due_date_is_that_of_the_last_release(released: ExchangeStore) -> None:
    assert released.due_at("puppet", "motd") is None
    assert released.due_at("puppet", "ntp") is None
    released.release("puppet", "motd", pack(), NOON, due_at=LATER)
    assert released.due_at("puppet", "motd") == LATER
    released.withdraw("puppet", "motd", LATER)
    assert released.due_at("puppet", "motd") == LATER


def test_submissions_are_selected_by_exercise_and_attendee(
    released: ExchangeStore,
) -> None:
    released.release("puppet", "ntp", pack(), NOON)
    wanted = released.submit("puppet", "motd", "ada", pack(), NOON)
    released.submit("puppet", "motd", "bob", pack(), NOON)
    released.submit("puppet", "ntp", "ada", pack(), NOON)
    assert released.submissions("puppet", "motd", "ada") == [wanted]
    assert len(released.submissions("puppet", attendee="ada")) == 2
    assert len(released.submissions("puppet", exercise="motd")) == 2
    assert released.submissions("other") == []


def test_what_is_refused_leaves_nothing(
    released: ExchangeStore, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveRefusedError):
        released.submit("puppet", "motd", "ada", pack({"a.txt": b""}), NOON)
    with pytest.raises(NotStoredError):
        released.submit("puppet", "ntp", "ada", pack(), NOON)
    assert released.submissions("puppet") == []
    assert archives(tmp_path, "submissions") == archives(tmp_path, "incoming") == []


def test_feedback_belongs_to_one_submission_and_can_be_given_anew(
    released: ExchangeStore,
) -> None:
    first = released.submit("puppet", "motd", "ada", pack(), NOON)
    second = released.submit("puppet", "motd", "ada", pack(), LATER)
    with pytest.raises(NotStoredError, match="no feedback"):
        released.feedback(first.submission)
    released.give_feedback(first.submission, pack({"motd.html": b"draft"}), NOON)
    page = pack({"motd.html": b"final"})
    given = released.give_feedback(first.submission, page, LATER)
    assert given.feedback is not None
    assert given.feedback.checksums == {"motd": hashlib.sha256(b"final").hexdigest()}
    assert (given.feedback.given_at, given.feedback.score) == (LATER, None)
    assert released.submissions("puppet") == [given, second]
    page.seek(0)
    assert released.feedback(first.submission).read_bytes() == page.read()
    with pytest.raises(NotStoredError):
        released.feedback(second.submission)


def test_feedback_on_nothing_is_refused(store: ExchangeStore) -> None:
    with pytest.raises(NotStoredError, match="There is no submission 000"):
        store.give_feedback(UNKNOWN, pack({"motd.html": b""}), NOON)


def test_a_full_disk_is_said_and_leaves_nothing(
    released: ExchangeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(StorageFailedError, match="No space left on device"):
            released.submit("puppet", "motd", "ada", pack(), NOON)
    assert released.submissions("puppet") == []
    assert archives(tmp_path, "submissions") == archives(tmp_path, "incoming") == []


def test_a_row_that_is_refused_takes_its_archive_along(
    released: ExchangeStore, engine: Engine, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        message = "the database is gone"
        raise RuntimeError(message)

    event.listen(engine, "commit", refuse)
    with pytest.raises(RuntimeError, match="gone"):
        released.submit("puppet", "motd", "ada", pack(), NOON)
    event.remove(engine, "commit", refuse)
    assert released.submissions("puppet") == []
    assert archives(tmp_path, "submissions") == []


# Dies like a power cut: no finally, no atexit, nothing is flushed.
_DIES = """
import io, os, pathlib, sys
from datetime import UTC, datetime
from sqlalchemy import event
from puppetcamp.database import open_engine
from puppetcamp.exchange.store import ExchangeStore

root, step = pathlib.Path(sys.argv[1]), sys.argv[2]
engine = open_engine(f"sqlite:///{root / 'camp.sqlite'}")
store = ExchangeStore(engine, root / "exchange")

def die(*_):
    os._exit(9)

count = 0
def die_at_fsync(descriptor, number=int(step[-1]) if step.startswith("fsync") else 0):
    global count
    count += 1
    if count == number:
        die()

os.fsync = die_at_fsync
if step == "rename":
    pathlib.Path.rename = die
if step == "commit":
    event.listen(engine, "commit", die)
store.submit("puppet", "motd", "ada", io.BytesIO(sys.stdin.buffer.read()),
             datetime(2026, 11, 22, tzinfo=UTC))
print("stored")
"""


@pytest.mark.parametrize("step", ["fsync1", "fsync2", "rename", "fsync3", "commit"])
def test_a_crash_at_any_step_leaves_nothing_to_see(
    released: ExchangeStore, engine: Engine, tmp_path: Path, step: str
) -> None:
    child = subprocess.run(
        [sys.executable, "-c", _DIES, str(tmp_path), step],
        input=pack().read(),
        capture_output=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert (child.returncode, child.stdout) == (9, b""), child.stderr.decode()
    again = ExchangeStore(engine, tmp_path / "exchange")
    again.discard_unfinished()
    assert archives(tmp_path, "incoming") == []
    assert again.submissions("puppet") == []
    assert again.submit("puppet", "motd", "ada", pack(), NOON).archive.is_file()


def test_submissions_at_once_lose_none(released: ExchangeStore, tmp_path: Path) -> None:
    def submit(number: int) -> str:
        files = EXERCISE | {"number.txt": str(number).encode()}
        return released.submit(
            "puppet", "motd", f"attendee-{number % 8}", pack(files), NOON
        ).submission

    with ThreadPoolExecutor(16) as threads:
        ids = list(threads.map(submit, range(64)))
    stored = released.submissions("puppet")
    assert {submission.submission for submission in stored} == set(ids)
    assert len({submission.sha256 for submission in stored}) == 64
    for submission in stored:
        content = submission.archive.read_bytes()
        assert hashlib.sha256(content).hexdigest() == submission.sha256
    assert len(archives(tmp_path, "submissions")) == 64


def test_releases_at_once_get_a_version_each(
    store: ExchangeStore, tmp_path: Path
) -> None:
    def release(_: int) -> None:
        store.release("puppet", "motd", pack(), NOON)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(release, range(24)))
    assert store.released("puppet", "motd").version == 24
    assert len(archives(tmp_path, "releases")) == 24
