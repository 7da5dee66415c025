"""Attacks on the exchange: names, times, others' submissions, archives.

The service is real and asked over HTTP; only the hub's word on a token is replaced, by
one that takes the token for the name.
"""

import io
import itertools
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from puppetcamp.database import create_tables, open_engine
from puppetcamp.exchange.api import router
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.identity import current_person
from tests.unit.exchange.archives import NOTEBOOK, member, pack, tar
from tests.unit.lab.seats import person_of, serving

COURSE = "/api/exchange/courses/puppet"
EXERCISE = f"{COURSE}/exercises/motd"

Seat = Callable[[str], httpx.Client]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an exchange with one exercise that is due, and bob's submission."""
    folder = tmp_path_factory.mktemp("exchange")
    engine = open_engine(f"sqlite:///{folder / 'camp.sqlite'}")
    create_tables(engine)
    app = FastAPI()
    store = ExchangeStore(engine, folder / "exchange")
    app.include_router(router(store, lambda: datetime.now(UTC)))
    app.dependency_overrides[current_person] = person_of
    with serving(app) as url:
        yield url
    engine.dispose()


@pytest.fixture(scope="module")
def seat(service: str) -> Iterator[Seat]:
    """Give everybody's client; ines has released, bob has submitted."""
    clients: dict[str, httpx.Client] = {}

    def of(name: str) -> httpx.Client:
        headers = {"Authorization": f"token {name}"}
        clients.setdefault(name, httpx.Client(base_url=service, headers=headers))
        return clients[name]

    due = {"due_at": "2020-01-01T00:00:00Z"}
    released = of("ines").put(EXERCISE, params=due, content=pack().read())
    assert released.is_success, released.text
    of("bob").post(f"{EXERCISE}/submissions", content=pack().read())
    yield of
    for client in clients.values():
        client.close()


def submissions(seat: Seat, attendee: str) -> list[dict[str, Any]]:
    """List what the instructor sees of an attendee, the oldest first."""
    answer = seat("ines").get(f"{COURSE}/standing", params={"attendee": attendee})
    assert answer.is_success, answer.text
    versions: list[dict[str, Any]] = answer.json()[0]["versions"]
    return versions


def submit(seat: Seat, content: bytes | None = None, **how: Any) -> httpx.Response:
    """Submit as eve."""
    packed = pack().read() if content is None else content
    return seat("eve").post(f"{EXERCISE}/submissions", content=packed, **how)


NAMES: list[dict[str, Any]] = [
    {"params": {"attendee": "bob", "student_id": "bob", "user": "bob"}},
    {"headers": {"X-Forwarded-User": "bob", "X-Remote-User": "bob"}},
    {"headers": {"Cookie": "jupyterhub-services=bob; token=bob"}},
]


@pytest.mark.parametrize("how", NAMES, ids=["query", "headers", "cookies"])
def test_a_forged_submitter_is_the_tokens_owner(
    seat: Seat, how: dict[str, Any]
) -> None:
    before = len(submissions(seat, "bob"))
    receipt = submit(seat, **how)
    assert receipt.is_client_error or receipt.json()["attendee"] == "eve"
    assert len(submissions(seat, "bob")) == before


def test_a_forged_time_is_the_services_own(seat: Seat) -> None:
    early = "2019-12-31T23:59:59Z"
    files = {"motd.ipynb": NOTEBOOK, "timestamp.txt": b"2019-12-31 23:59:59 UTC"}
    began = datetime.now(UTC)
    receipt = submit(
        seat,
        pack(files).read(),
        headers={"Date": early, "X-Submitted-At": early},
        params={"submitted_at": early, "timestamp": early},
    )
    if receipt.is_success:
        at = datetime.fromisoformat(receipt.json()["submitted_at"])
        assert began <= at <= datetime.now(UTC)
    assert all(version["late"] for version in submissions(seat, "eve"))


def test_a_replay_is_a_late_version_of_its_own(seat: Seat) -> None:
    submit(seat)
    before = submissions(seat, "eve")
    assert submit(seat).is_success
    after = submissions(seat, "eve")
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert (after[-1]["late"], after[-1]["same_as"]) == (True, after[-2]["version"])


def bobs(seat: Seat) -> str:
    """Name bob's submission, which its owner alone knows."""
    return str(submissions(seat, "bob")[0]["submission"])


REACHES = ["", "/feedback", "/files", "/archive"]


@pytest.mark.parametrize(
    ("method", "end"),
    [*itertools.product(["GET", "PUT", "POST", "DELETE"], REACHES)],
)
def test_anothers_submission_is_out_of_reach(seat: Seat, method: str, end: str) -> None:
    before = submissions(seat, "bob")
    path = f"/api/exchange/submissions/{bobs(seat)}{end}"
    answer = seat("eve").request(method, path, content=pack().read())
    assert answer.status_code in {401, 403, 404, 405}
    assert submissions(seat, "bob") == before


def test_nobody_lists_or_reads_anothers_standing(seat: Seat) -> None:
    for path in (f"{COURSE}/standing", f"{COURSE}/submissions"):
        answer = seat("eve").get(path, params={"attendee": "bob"})
        assert answer.is_client_error or "bob" not in answer.text


def test_nobody_gives_themselves_a_score(seat: Seat) -> None:
    submit(seat)
    own = submissions(seat, "eve")[-1]["submission"]
    answer = seat("eve").put(
        f"/api/exchange/submissions/{own}/feedback",
        params={"score": 100, "max_score": 100},
        content=pack({"motd.html": b"<p>full points</p>"}).read(),
    )
    assert answer.status_code == 403
    assert submissions(seat, "eve")[-1]["score"] is None


def test_nobody_releases_another_check(seat: Seat) -> None:
    assert seat("eve").put(EXERCISE, content=pack().read()).status_code == 403
    assert seat("eve").delete(EXERCISE).status_code == 403


def _inflated() -> bytes:
    return pack({"motd.ipynb": NOTEBOOK, "x": bytes(70 * 2**20)}).read()


def _giant_notebook() -> bytes:
    return pack({"motd.ipynb": NOTEBOOK[:-1] + b" " * (11 * 2**20) + b"}"}).read()


def _many() -> bytes:
    files = {f"{number}": b"" for number in range(20_000)}
    return pack({"motd.ipynb": NOTEBOOK, **files}).read()


def _linked(kind: bytes, target: str) -> bytes:
    notebook = member("motd.ipynb", type=kind, linkname=target)
    return tar(notebook, member("other.ipynb", NOTEBOOK)).read()


def _placed(name: str) -> bytes:
    return tar(member("motd.ipynb", NOTEBOOK), member(name, b"x")).read()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "a link to another's": lambda: _linked(tarfile.SYMTYPE, "../../bob/motd.ipynb"),
    "a link to the gradebook": lambda: _linked(tarfile.SYMTYPE, "/srv/gradebook.db"),
    "a hard link": lambda: _linked(tarfile.LNKTYPE, "/etc/passwd"),
    "a device": lambda: _linked(tarfile.CHRTYPE, ""),
    "a pipe": lambda: _linked(tarfile.FIFOTYPE, ""),
    "a path that leaves the folder": lambda: _placed("../bob/motd.ipynb"),
    "an absolute path": lambda: _placed("/etc/cron.d/x"),
    "a file twice": lambda: _placed("motd.ipynb"),
    "a bomb": _inflated,
    "a giant notebook": _giant_notebook,
    "more files than anybody needs": _many,
    "too large": lambda: bytes(21 * 2**20),
    "half an archive": lambda: pack().read()[:-20],
    "no archive": lambda: io.BytesIO(b"\x7fELF" * 1000).read(),
}


@pytest.mark.parametrize("what", ARCHIVES)
def test_an_archive_that_does_harm_is_refused_with_a_reason(
    seat: Seat, what: str
) -> None:
    submit(seat)
    before = submissions(seat, "eve")
    answer = submit(seat, ARCHIVES[what]())
    assert answer.status_code in {400, 413, 422}, answer.text[:300]
    assert len(answer.json()["detail"]) > 20
    assert submissions(seat, "eve") == before


def test_the_service_still_takes_honest_work(seat: Seat, tmp_path: Path) -> None:
    receipt = seat("ada").post(f"{EXERCISE}/submissions", content=pack().read())
    assert receipt.is_success
    assert receipt.json()["attendee"] == "ada"
