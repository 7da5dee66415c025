"""Who may do what over HTTP, and what a refusal says."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import IO, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request

from puppetcamp.exchange import archive
from puppetcamp.exchange.api import router
from puppetcamp.exchange.store import ExchangeStore
from puppetcamp.identity import Person, Role, current_person

from .archives import NOTEBOOK, member, pack, tar

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXERCISES = "/api/exchange/courses/puppet/exercises"
MOTD = f"{EXERCISES}/motd"
STANDING = "/api/exchange/courses/puppet/standing"
SUBMISSIONS = "/api/exchange/courses/puppet/submissions"
PEOPLE = {
    "ada": Role.ATTENDEE,
    "bob": Role.ATTENDEE,
    "ines": Role.INSTRUCTOR,
    "olga": Role.ORGANIZER,
}


async def person_of(request: Request) -> Person:
    """Stand in for the hub: the token is the name."""
    name = request.headers.get("Authorization", "").removeprefix("token ")
    if name not in PEOPLE:
        raise HTTPException(401, "The hub does not know this token.")
    return Person(name, PEOPLE[name])


@pytest.fixture
def app(store: ExchangeStore) -> FastAPI:
    moments = (START + timedelta(minutes=minute) for minute in range(1000))
    app = FastAPI()
    app.include_router(router(store, lambda: next(moments)))
    app.dependency_overrides[current_person] = person_of
    return app


def ask(
    app: FastAPI,
    name: str,
    method: str,
    path: str,
    content: bytes | IO[bytes] | AsyncIterator[bytes] = b"",
) -> httpx.Response:
    """Send a request straight to the application, with a token."""
    if isinstance(content, io.IOBase):
        content = content.read()

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
            headers = {"Authorization": f"token {name}"}
            return await http.request(method, path, headers=headers, content=content)

    return asyncio.run(send())


@pytest.fixture
def released(app: FastAPI) -> FastAPI:
    assert ask(app, "ines", "PUT", MOTD, content=pack()).status_code == 200
    return app


def submit(app: FastAPI, name: str) -> dict[str, Any]:
    response = ask(app, name, "POST", f"{MOTD}/submissions", content=pack())
    assert response.status_code == 201, response.text
    receipt: dict[str, Any] = response.json()
    return receipt


def refusal(response: httpx.Response) -> tuple[int, str]:
    detail = response.json()["detail"]
    assert isinstance(detail, str)
    return response.status_code, detail


def test_an_exercise_is_released_listed_fetched_and_withdrawn(
    released: FastAPI,
) -> None:
    listed = ask(released, "ada", "GET", EXERCISES).json()
    assert listed == [
        {
            "exercise": "motd",
            "released_at": "2026-11-22T12:00:00Z",
            "due_at": None,
            "version": 1,
            "notebooks": ["motd"],
        }
    ]
    fetched = ask(released, "ada", "GET", MOTD)
    assert fetched.content == pack().read()
    assert fetched.headers["content-type"] == "application/gzip"
    assert ask(released, "olga", "PUT", MOTD, content=pack()).json()["version"] == 2
    assert ask(released, "ines", "DELETE", MOTD).status_code == 204
    assert ask(released, "ada", "GET", EXERCISES).json() == []
    assert refusal(ask(released, "ada", "GET", MOTD)) == (
        404,
        "The exercise motd of puppet was withdrawn by an instructor. "
        "What was submitted before that is kept.",
    )


def test_the_receipt_names_the_tokens_owner_and_the_camps_time(
    released: FastAPI,
) -> None:
    receipt = submit(released, "ada")
    assert receipt["attendee"] == "ada"
    assert receipt["exercise"] == "motd"
    assert receipt["submitted_at"] == "2026-11-22T12:01:00Z"
    assert receipt["sha256"] == hashlib.sha256(pack().read()).hexdigest()


def test_a_late_submission_is_stored_and_told_how_late_it_is(app: FastAPI) -> None:
    # The release is at 12:00, the submissions at 12:01, 12:02 and after the second one.
    due = "?due_at=2026-11-22T13:01:59%2B01:00"
    exercise = ask(app, "ines", "PUT", MOTD + due, content=pack()).json()
    assert exercise["due_at"] == "2026-11-22T12:01:59Z"
    in_time, late = submit(app, "ada"), submit(app, "ada")
    assert (in_time["version"], in_time["late_seconds"]) == (1, None)
    assert in_time["notes"] == []
    assert (late["version"], late["same_as"], late["late_seconds"]) == (2, 1, 1)
    assert late["notes"] == [
        "This is 1 second late. It is stored all the same, and your instructor sees "
        "when it came.",
        "Nothing has changed since version 1; it is kept as version 2 all the same.",
    ]
    # Whoever extends the due date forgives what was late.
    ask(app, "ines", "PUT", MOTD + "?due_at=2026-12-01T00:00:00Z", content=pack())
    [standing] = ask(app, "ada", "GET", STANDING).json()
    assert [version["late"] for version in standing["versions"]] == [False, False]


@pytest.mark.parametrize(
    "due", ["2026-11-22T13:00:00", "0001-01-01T00:00:00%2B14:00", "tomorrow"]
)
def test_a_due_date_that_is_no_moment_is_refused(app: FastAPI, due: str) -> None:
    response = ask(app, "ines", "PUT", f"{MOTD}?due_at={due}", content=pack())
    assert refusal(response)[0] == 422


def test_standing_is_ones_own_with_versions_and_scores(released: FastAPI) -> None:
    first, second = submit(released, "ada"), submit(released, "ada")
    submit(released, "bob")
    path = f"/api/exchange/submissions/{first['submission']}/feedback"
    page = pack({"motd.html": b"well done"})
    scored = f"{path}?score=3.5&max_score=5"
    assert ask(released, "ines", "PUT", scored, content=page).status_code == 200
    [standing] = ask(released, "ada", "GET", STANDING).json()
    versions = standing.pop("versions")
    assert standing == {
        "exercise": "motd",
        "released_at": "2026-11-22T12:00:00Z",
        "due_at": None,
        "withdrawn_at": None,
    }
    assert versions[0] == {
        "submission": first["submission"],
        "version": 1,
        "same_as": None,
        "submitted_at": "2026-11-22T12:01:00Z",
        "sha256": first["sha256"],
        "late": False,
        "late_seconds": None,
        "feedback_at": "2026-11-22T12:04:00Z",
        "score": 3.5,
        "max_score": 5,
    }
    assert versions[1]["submission"] == second["submission"]
    assert versions[1]["score"] is versions[1]["feedback_at"] is None
    theirs = ask(released, "ines", "GET", STANDING + "?attendee=ada").json()
    assert theirs[0]["versions"] == versions
    assert ask(released, "ines", "GET", STANDING).json()[0]["versions"] == []
    refused = ask(released, "ada", "GET", STANDING + "?attendee=bob")
    assert refusal(refused)[0] == 403


@pytest.mark.parametrize(
    "query", ["score=1", "max_score=1", "score=nan&max_score=1", "score=-1&max_score=1"]
)
def test_half_a_score_is_refused(released: FastAPI, query: str) -> None:
    path = f"/api/exchange/submissions/{submit(released, 'ada')['submission']}/feedback"
    page = pack({"motd.html": b"x"})
    response = ask(released, "ines", "PUT", f"{path}?{query}", content=page)
    assert refusal(response)[0] == 422
    page.seek(0)
    whole = f"{path}?score=0&max_score=0"
    assert ask(released, "ines", "PUT", whole, content=page).status_code == 200


def test_a_broken_notebook_is_refused_and_earlier_submissions_stay(
    released: FastAPI,
) -> None:
    kept = submit(released, "ada")["submission"]
    broken = pack({"motd.ipynb": b'{"cells": [1,}'})
    response = ask(released, "ada", "POST", f"{MOTD}/submissions", content=broken)
    status, detail = refusal(response)
    assert status == 422
    assert detail.startswith("motd.ipynb is no notebook: line 1, column 14 of it is")
    assert "what was stored before stays" in detail
    stored = ask(released, "ada", "GET", SUBMISSIONS).json()
    assert [entry["submission"] for entry in stored] == [kept]


def test_only_the_exercises_own_notebooks_are_judged(released: FastAPI) -> None:
    extra = pack({"motd.ipynb": NOTEBOOK, "scratch.ipynb": b""})
    response = ask(released, "ada", "POST", f"{MOTD}/submissions", content=extra)
    assert response.status_code == 201
    other = pack({"scratch.ipynb": b""})
    response = ask(released, "ada", "POST", f"{MOTD}/submissions", content=other)
    assert response.json()["notes"] == ["motd.ipynb is missing and gets no points."]
    assert ask(released, "ines", "PUT", MOTD, content=extra).status_code == 422


def test_an_attendee_sees_only_their_own_submissions(released: FastAPI) -> None:
    mine, theirs = submit(released, "ada"), submit(released, "bob")
    for query in ("", "?exercise=motd", "?attendee=ada"):
        listed = ask(released, "ada", "GET", SUBMISSIONS + query).json()
        assert [entry["submission"] for entry in listed] == [mine["submission"]]
    everybody = ask(released, "ines", "GET", SUBMISSIONS).json()
    assert [entry["attendee"] for entry in everybody] == ["ada", "bob"]
    one = ask(released, "olga", "GET", SUBMISSIONS + "?attendee=bob").json()
    assert [entry["submission"] for entry in one] == [theirs["submission"]]


def test_an_attendee_cannot_ask_for_anothers_list(released: FastAPI) -> None:
    submit(released, "bob")
    response = ask(released, "ada", "GET", SUBMISSIONS + "?attendee=bob")
    assert refusal(response) == (
        403,
        "You see your own submissions, not those of bob.",
    )


def test_anothers_submission_does_not_exist(released: FastAPI) -> None:
    theirs = submit(released, "bob")["submission"]
    path = f"/api/exchange/submissions/{theirs}"
    ask(released, "ines", "PUT", path + "/feedback", content=pack({"motd.html": b""}))
    for hidden in (path, path + "/feedback"):
        assert refusal(ask(released, "ada", "GET", hidden)) == (
            404,
            f"There is no submission {theirs}.",
        )
        for name in ("bob", "ines", "olga"):
            assert ask(released, name, "GET", hidden).status_code == 200


def test_feedback_comes_back_to_its_submission(released: FastAPI) -> None:
    receipt = submit(released, "ada")
    path = f"/api/exchange/submissions/{receipt['submission']}/feedback"
    assert refusal(ask(released, "ada", "GET", path))[0] == 404
    page = pack({"motd.html": b"well done"})
    given = ask(released, "ines", "PUT", path, content=page)
    assert given.status_code == 200
    checksum = hashlib.sha256(b"well done").hexdigest()
    assert given.json()["feedback"] == {"motd": checksum}
    listed = ask(released, "ada", "GET", SUBMISSIONS).json()
    assert listed[0]["feedback"] == {"motd": checksum}
    page.seek(0)
    assert ask(released, "ada", "GET", path).content == page.read()


INSTRUCTORS_ONLY = [("PUT", MOTD), ("DELETE", MOTD), ("PUT", "feedback")]


@pytest.mark.parametrize(("method", "path"), INSTRUCTORS_ONLY)
def test_attendees_may_not_do_an_instructors_work(
    released: FastAPI, method: str, path: str
) -> None:
    if path == "feedback":
        mine = submit(released, "ada")["submission"]
        path = f"/api/exchange/submissions/{mine}/feedback"
    status, detail = refusal(ask(released, "ada", method, path, content=b"x"))
    assert (status, "instructors" in detail) == (403, True)


def test_strangers_send_nothing(released: FastAPI) -> None:
    """Every endpoint asks who it is before it reads the body or looks anything up."""
    asked = 0
    for path, methods in released.openapi()["paths"].items():
        path = path.format(course="puppet", exercise="motd", submission="0" * 32)
        for method in methods:
            response = ask(released, "mallory", method, path, content=b"x")
            assert refusal(response)[0] == 401, (method, path)
            asked += 1
    assert asked == 10


@pytest.mark.parametrize("name", ["mallory", "ada"])
def test_who_may_not_release_is_told_so_before_a_large_body_is_read(
    app: FastAPI, name: str
) -> None:
    large = bytes(archive.MAX_PACKED + 1)
    response = ask(app, name, "PUT", MOTD, content=large)
    assert response.status_code in (401, 403)


@pytest.mark.parametrize("name", [".hidden", "a b", "a+b", "ä", "x" * 65, "-x"])
def test_names_that_no_folder_should_have_are_refused(app: FastAPI, name: str) -> None:
    response = ask(app, "ines", "PUT", f"{EXERCISES}/{name}", content=pack())
    status, detail = refusal(response)
    assert status == 422
    assert detail.startswith("exercise: ")
    response = ask(app, "ada", "GET", f"/api/exchange/courses/{name}/exercises")
    assert refusal(response)[1].startswith("course: ")


async def parts(content: bytes) -> AsyncIterator[bytes]:
    """Send content in pieces, as a client does that does not know its length."""
    for start in range(0, len(content), 2**20):
        yield content[start : start + 2**20]


def test_an_archive_that_is_too_large_is_refused(released: FastAPI) -> None:
    large = bytes(archive.MAX_PACKED + 1)
    path = f"{MOTD}/submissions"
    status, detail = refusal(ask(released, "ada", "POST", path, content=large))
    assert (status, "larger than 20 MiB. Nothing of it was" in detail) == (413, True)
    # Without a length that is announced, counting decides.
    assert refusal(ask(released, "ada", "POST", path, content=parts(large)))[0] == 413
    assert ask(released, "ada", "GET", SUBMISSIONS).json() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", tar(member("../x", b"1")).read(), pack({"a": b""}).read()],
    ids=["nothing", "text", "path above", "no notebook"],
)
def test_an_archive_that_is_refused_says_why(released: FastAPI, content: bytes) -> None:
    response = ask(released, "ada", "POST", f"{MOTD}/submissions", content=content)
    status, detail = refusal(response)
    assert status == 422
    assert detail.startswith("The archive ")


def test_nobody_submits_what_is_not_released(app: FastAPI) -> None:
    response = ask(app, "ada", "POST", f"{MOTD}/submissions", content=pack())
    assert refusal(response)[0] == 404


@pytest.mark.parametrize("known", ["0" * 32, "../../etc/passwd", "UPPER"])
def test_unknown_submissions_are_not_found(app: FastAPI, known: str) -> None:
    response = ask(app, "ines", "GET", f"/api/exchange/submissions/{known}")
    assert response.status_code in (404, 422)


def test_the_openapi_document_lists_every_answer(app: FastAPI) -> None:
    document = ask(app, "", "GET", "/openapi.json").json()
    statuses = {
        f"{method} {path.removeprefix('/api/exchange')}": set(what["responses"])
        for path, methods in document["paths"].items()
        for method, what in methods.items()
    }
    always = {"401", "403", "422", "503"}
    one = "/courses/{course}/exercises/{exercise}"
    assert statuses == {
        "get /courses/{course}/exercises": always | {"200"},
        f"get {one}": always | {"200", "404"},
        f"put {one}": always | {"200", "413"},
        f"delete {one}": always | {"204", "404"},
        f"post {one}/submissions": always | {"201", "404", "413"},
        "get /courses/{course}/submissions": always | {"200"},
        "get /courses/{course}/standing": always | {"200"},
        "get /submissions/{submission}": always | {"200", "404"},
        "put /submissions/{submission}/feedback": always | {"200", "404", "413"},
        "get /submissions/{submission}/feedback": always | {"200", "404"},
    }
    problem = document["components"]["schemas"]["Problem"]
    assert problem["properties"]["detail"]["type"] == "string"
    submission = document["paths"][f"/api/exchange{one}/submissions"]["post"]
    assert set(submission["requestBody"]["content"]) == {
        "application/gzip",
        "application/x-tar",
    }
    fetch = document["paths"][f"/api/exchange{one}"]["get"]["responses"]["200"]
    assert "application/gzip" in fetch["content"]
