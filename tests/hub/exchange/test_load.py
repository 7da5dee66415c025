"""A hundred attendees at once, and a service that dies while they submit."""

import hashlib
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from puppetcamp_lab.client import ServiceError
from puppetcamp_lab.exchange.collect import utc_timestamp
from puppetcamp_lab.exchange.remote import RemoteExchange
from tests.hub.support.camp import HubCamp, until
from tests.hub.support.crowd import (
    EXERCISE,
    Sent,
    exchange,
    packed,
    submit,
    submit_within,
    work,
)
from tests.hub.support.service import RunningService, enrol, running_service
from tests.unit.lab.seats import take_seat

pytestmark = [
    pytest.mark.hub,
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

CROWD = [f"attendee{number}" for number in range(100)]
FEW = CROWD[:12]


@pytest.fixture
def service(camp: HubCamp, tmp_path: Path) -> Iterator[RunningService]:
    with running_service(camp, tmp_path / "state") as service:
        yield service


@pytest.fixture(scope="module")
def tokens(camp: HubCamp) -> dict[str, str]:
    return enrol(camp, [*CROWD, "instructor"])


@pytest.fixture
def instructor(
    service: RunningService, tokens: dict[str, str], tmp_path: Path
) -> RemoteExchange:
    """Give the exchange, with one exercise released, as an instructor sees it."""
    remote = exchange(service.url, tokens["instructor"])
    remote.release(EXERCISE, packed(tmp_path / "release", work("release", 0)))
    return remote


def test_a_crowd_submits_while_an_instructor_collects(
    service: RunningService,
    instructor: RemoteExchange,
    tokens: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    works = {name: work(name, 1) for name in CROWD}
    archives = {name: packed(tmp_path / "works" / name, works[name]) for name in CROWD}
    seat = take_seat("instructor", tmp_path / "home", service.url, monkeypatch)
    seat.environment["JUPYTERHUB_API_TOKEN"] = tokens["instructor"]
    course = seat.home / "course"
    course.mkdir()

    def collect() -> int:
        result = seat.run("Collect", update=True, root=str(course))
        assert result["success"], result
        return len(list(course.glob(f"submitted/*/{EXERCISE}")))

    crowd = {name: tokens[name] for name in CROWD}
    wait = submit_within(2, service.url, crowd, archives)
    seen = {collect()}
    until(lambda: seen.add(collect()) or max(seen) == len(CROWD), "all to be collected")
    sent = wait()
    assert len(seen) > 2, "nothing was collected while they submitted"

    collect()
    for one in sent:
        folder = course / "submitted" / one.attendee / EXERCISE
        assert (folder / f"{EXERCISE}.ipynb").read_bytes() == works[one.attendee]
        assert (folder / "submission_id.txt").read_text() == one.receipt.submission
        moment = utc_timestamp(one.receipt.submitted_at)
        assert (folder / "timestamp.txt").read_text() == moment
        assert (one.receipt.attendee, one.receipt.version) == (one.attendee, 1)
    assert len({one.receipt.submission for one in sent}) == len(CROWD)
    assert len(instructor.submissions(EXERCISE)) == len(CROWD)


@dataclass
class Witness:
    """Submit as one attendee, again and again, and keep what was answered."""

    url: str
    name: str
    token: str
    folder: Path
    tried: set[str] = field(default_factory=set)
    acknowledged: list[Sent] = field(default_factory=list)

    def submit_until(self, stop: threading.Event) -> None:
        """Submit something new each time; a service that is gone is no failure."""
        while not stop.is_set():
            archive = packed(self.folder, work(self.name, len(self.tried), 100))
            self.tried.add(hashlib.sha256(archive).hexdigest())
            try:
                sent = submit(self.url, self.token, self.name, archive)
            except ServiceError:
                stop.wait(0.2)
            else:
                self.acknowledged.append(sent)


def test_a_killed_service_has_kept_what_it_acknowledged(
    service: RunningService,
    instructor: RemoteExchange,
    tokens: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whoever asks what became of a submission asks once: the service comes back later.
    monkeypatch.setattr("puppetcamp_lab.exchange.remote._RESTART_SECONDS", 0.0)
    witnesses = [
        Witness(service.url, name, tokens[name], tmp_path / "works" / name)
        for name in FEW
    ]
    stop = threading.Event()
    with ThreadPoolExecutor(len(FEW)) as pool:
        running = [pool.submit(witness.submit_until, stop) for witness in witnesses]
        try:
            for enough in (40, 80):
                until(lambda n=enough: count(witnesses) >= n, "acknowledgements")  # type: ignore[misc]
                service.end(signal.SIGKILL)
                half_written(service)
                service.start()
            until(lambda: count(witnesses) >= 100, "more of them")
        finally:
            stop.set()
        for future in as_completed(running):
            future.result()

    listed = {found.submission: found for found in instructor.submissions(EXERCISE)}
    for witness in witnesses:
        for sent in witness.acknowledged:
            found = listed[sent.receipt.submission]
            assert found.attendee == sent.attendee
            assert found.submitted_at == sent.receipt.submitted_at
            assert instructor.fetch_submission(found.submission) == sent.packed
    # What was not acknowledged is there whole, or not at all, and under its name.
    tried = {witness.name: witness.tried for witness in witnesses}
    for submission, found in listed.items():
        content = instructor.fetch_submission(submission)
        assert hashlib.sha256(content).hexdigest() in tried[found.attendee]
    assert len(listed) < sum(map(len, tried.values())), "nothing was ever interrupted"
    assert list((service.place.exchange_root / "incoming").iterdir()) == []
    assert [one["exercise"] for one in instructor.standing("attendee0")] == [EXERCISE]


def count(witnesses: list[Witness]) -> int:
    return sum(len(witness.acknowledged) for witness in witnesses)


def half_written(service: RunningService) -> None:
    """Leave behind what a service may leave that dies while it writes."""
    folder = service.place.exchange_root / "incoming" / "tmphalf"
    folder.mkdir()
    (folder / "archive").write_bytes(b"\x1f\x8b half of an arch")
    (folder.parent / "stray").write_text("a file that is no folder")


def test_while_the_hub_is_away_nothing_is_stored_and_that_is_said(
    camp: HubCamp,
    service: RunningService,
    instructor: RemoteExchange,
    tokens: dict[str, str],
    tmp_path: Path,
) -> None:
    archive = packed(tmp_path / "work", work("attendee0", 1))
    camp.stop_hub()
    try:
        with pytest.raises(ServiceError, match="hub does not say whose token") as error:
            submit(service.url, tokens["attendee0"], "attendee0", archive)
    finally:
        camp.start()
    assert error.value.status == 503
    assert submit(service.url, tokens["attendee0"], "", archive).receipt.version == 1
    assert len(instructor.submissions(EXERCISE)) == 1
