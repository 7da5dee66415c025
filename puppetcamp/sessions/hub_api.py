"""The few words of the hub's REST API that the enforcer and the desk speak."""

from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from puppetcamp.errors import SessionError

SCOPES = (
    "list:users",
    "read:servers",
    "start:servers",
    "delete:servers",
    "shares",
)
"""The scopes that the token needs, and no more.

The service shares an attendee's server when they agreed to it. An attendee's own token
cannot: who may share may also hand out codes that let anybody in.
"""

_PAGES = "application/jupyterhub-pagination+json"
_STOPPED = frozenset({202, 204, 404})
"""Answers to a stop: it is under way, it is done, there is nobody to stop."""


class HubUnreachable(SessionError):
    """Report that the hub did not answer; it may be restarting."""


class HubRefused(SessionError):
    """Report an answer of the hub that was not the one hoped for."""


@dataclass(frozen=True)
class RunningServer:
    """Name a server that the hub knows as running, starting or stopping.

    `pending` is None, "spawn", "stop" or what else the hub is doing with it. What
    changes while the same server runs does not tell servers apart.
    """

    owner: str
    name: str
    pending: str | None
    ready: bool = field(default=False, compare=False)
    last_activity: datetime | None = field(default=None, compare=False)


class HubApi:
    """Speak to the hub; an asynchronous context manager.

    `url` ends in ``/hub/api``. Every call raises HubUnreachable or HubRefused.
    """

    def __init__(self, url: str, token: str, timeout: float = 30.0) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"token {token}", "Accept": _PAGES}
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=5.0)
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            headers=self._headers,
            timeout=self._timeout,
            connector=aiohttp.TCPConnector(limit=0),  # the enforcer keeps the bound
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def running(self) -> list[RunningServer]:
        """List the servers of everybody who has one, page by page."""
        found: dict[tuple[str, str], RunningServer] = {}
        offset: int | None = 0
        while offset is not None:
            path = f"/users?state=active&limit=200&offset={offset}"
            status, page = await self._call("GET", path)
            if status != 200 or not isinstance(page, dict):
                raise HubRefused(_refusal("list its users", status, page))
            for user in page["items"]:
                for name, server in user.get("servers", {}).items():
                    if not server.get("stopped", False):
                        found[user["name"], name] = RunningServer(
                            user["name"],
                            name,
                            server["pending"],
                            bool(server.get("ready")),
                            _moment(server.get("last_activity")),
                        )
            following = page["_pagination"]["next"]
            offset = following["offset"] if following else None
        return list(found.values())

    async def stop(self, server: RunningServer) -> None:
        """Ask the hub to stop a server; returning says nothing about success.

        The hub answers "done" even where its spawner failed to stop the container:
        look at `running` again.
        """
        path = f"/users/{quote(server.owner, safe='')}/server"
        if server.name:
            path += f"s/{quote(server.name, safe='')}"
        status, said = await self._call("DELETE", path)
        if status not in _STOPPED:
            what = f"stop the server of {server.owner}"
            raise HubRefused(_refusal(what, status, said))

    async def start(self, owner: str) -> None:
        """Ask the hub to start somebody's server."""
        path = f"/users/{quote(owner, safe='')}/server"
        status, said = await self._call("POST", path)
        if status not in {201, 202}:
            raise HubRefused(_refusal(f"start the server of {owner}", status, said))

    async def share(self, owner: str, guest: str) -> None:
        """Let somebody open an attendee's server."""
        path = f"/shares/{quote(owner, safe='')}/"
        status, said = await self._call("POST", path, {"user": guest})
        if status != 200:
            raise HubRefused(_refusal(f"share the server of {owner}", status, said))

    async def unshare(self, owner: str, guest: str) -> None:
        """Take back what `share` gave; harmless if there is nothing to take back."""
        path = f"/shares/{quote(owner, safe='')}/"
        status, said = await self._call("PATCH", path, {"user": guest})
        if status not in {200, 404}:
            what = f"close the server of {owner} to {guest}"
            raise HubRefused(_refusal(what, status, said))

    async def _call(
        self, method: str, path: str, body: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        if self._http is None:
            message = "HubApi is used outside of its `async with` block"
            raise RuntimeError(message)
        try:
            async with self._http.request(
                method, self._url + path, json=body
            ) as answer:
                if answer.content_type == "application/json":
                    return answer.status, await answer.json()
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            message = f"the hub does not answer at {self._url}: {error!r}"
            raise HubUnreachable(message) from error


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _refusal(what: str, status: int, said: object) -> str:
    if isinstance(said, dict):
        said = said.get("message", said)
    message = f"the hub would not {what}: {status} {str(said)[:200]}"
    if status == 403:
        message += f"; the token needs the scopes {', '.join(SCOPES)}"
    return message
