"""Speak with the camp's service over HTTP; a failure is a sentence for a person."""

import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

URL_VARIABLE = "PUPPETCAMP_SERVICE_URL"
TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"  # noqa: S105 the name of a variable

_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0


class ServiceError(Exception):
    """Say why the camp's service did not do something, and what to do next.

    ``status`` is the HTTP status, None if there was no answer.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NoAnswerError(ServiceError):
    """Say that no answer came; ``sent`` tells whether the service may have acted."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class CampClient:
    """Send requests to the camp's service in the name of one token's owner."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._http = requests.Session()
        # A proxy for the internet or a forgotten ~/.netrc must not get the token.
        self._http.trust_env = False
        self._http.headers["Authorization"] = f"token {token}"

    @classmethod
    def from_environment(cls, url: str = "") -> "CampClient":
        """Use the address and token that a seat is started with.

        Raises ServiceError where they are missing, which is outside of a camp.
        """
        url = url or os.environ.get(URL_VARIABLE, "")
        token = os.environ.get(TOKEN_VARIABLE, "")
        for variable, value in ((URL_VARIABLE, url), (TOKEN_VARIABLE, token)):
            if not value:
                message = (
                    f"{variable} is not set, so this JupyterLab belongs to no camp. "
                    "Open JupyterLab from the camp's address."
                )
                raise ServiceError(message)
        return cls(url, token)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object | None = None,
        data: bytes | None = None,
        timeout: float = _ANSWER_SECONDS,
    ) -> requests.Response:
        """Send a request and give its answer, which is a success.

        `path` begins with a slash and is quoted; `timeout` is the longest silence in
        seconds. Raises ServiceError for everything else.
        """
        try:
            response = self._http.request(
                method,
                self._url + path,
                params=params,
                json=json,
                data=data,
                headers={"Content-Type": "application/gzip"} if data else None,
                timeout=(_CONNECT_SECONDS, timeout),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NoAnswerError(
                _no_answer(error), sent=not _never_connected(error)
            ) from error
        if HTTPStatus(response.status_code).is_success:
            return response
        raise ServiceError(_refusal(response), response.status_code)


def _never_connected(error: requests.RequestException) -> bool:
    """Tell an address where nobody listens from a connection that broke off."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError
    )


def _no_answer(error: requests.RequestException) -> str:
    what = (
        "did not answer in time"
        if isinstance(error, requests.Timeout)
        else "cannot be reached"
    )
    return (
        f"The camp's service {what}. Your files are safe where they are: try again in "
        "a minute, and tell an instructor if it lasts."
    )


def _refusal(response: requests.Response) -> str:
    """Say what an answer that is no success means for whoever asked."""
    detail = _detail(response)
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return (
            "The camp does not know this JupyterLab any more. Save your work, then "
            "stop and start your server in File > Hub Control Panel."
        )
    if detail:
        return detail
    if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return "This is too large to send. Remove large files and try again."
    return (
        f"The camp's service failed (HTTP {response.status_code}). Your files are safe "
        "where they are: tell an instructor, then try again."
    )


def _detail(response: requests.Response) -> str:
    try:
        answer: Any = response.json()
    except requests.JSONDecodeError:
        return ""
    detail = answer.get("detail") if isinstance(answer, dict) else None
    return detail if isinstance(detail, str) else ""
