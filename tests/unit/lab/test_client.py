"""What a person is told when the camp's service does not do something."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from puppetcamp_lab.client import CampClient, ServiceError


class Answers(BaseHTTPRequestHandler):
    """Answer with what the request's body asks for, and tell the headers."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(asked.get("body", dict(self.headers))).encode()
        self.send_response(asked["status"])
        if asked["status"] == 302:
            self.send_header("Location", "http://example.org/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/services/camp"
    server.shutdown()
    thread.join()
    server.server_close()


def refusal(url: str, status: int, body: object = "") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        CampClient(url, "secret").call(
            "POST", "/x", json={"status": status, "body": body}
        )
    assert "secret" not in str(caught.value)
    return caught.value


def test_sends_the_token_and_nothing_of_the_environment(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client = CampClient(url + "/", "secret")
    answer = client.call("POST", "/x", json={"status": 200}).json()
    assert answer["Authorization"] == "token secret"


@pytest.mark.parametrize("status", [403, 404, 413, 422, 503])
def test_the_services_own_words_are_passed_on(url: str, status: int) -> None:
    error = refusal(url, status, {"detail": "The exercise is not released."})
    assert (str(error), error.status) == ("The exercise is not released.", status)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "stop and start your server"),
        (413, "too large to send"),
        (500, "HTTP 500"),
        (502, "HTTP 502"),
        (302, "HTTP 302"),
    ],
)
@pytest.mark.parametrize("body", ["no JSON that says more", {"detail": []}, [1]])
def test_other_refusals_get_words(
    url: str, status: int, words: str, body: object
) -> None:
    assert words in str(refusal(url, status, body))


def test_a_service_that_is_not_there_is_no_reason_to_fear() -> None:
    with pytest.raises(ServiceError, match=r"cannot be reached.*files are safe"):
        CampClient("http://127.0.0.1:9", "secret").call("GET", "/x")


def test_outside_of_a_camp_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUPPETCAMP_SERVICE_URL", raising=False)
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    with pytest.raises(ServiceError, match="PUPPETCAMP_SERVICE_URL is not set"):
        CampClient.from_environment()
    with pytest.raises(ServiceError, match="JUPYTERHUB_API_TOKEN is not set"):
        CampClient.from_environment("http://127.0.0.1:9")
