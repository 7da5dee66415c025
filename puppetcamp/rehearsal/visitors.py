"""Attendees without a browser: they sign in, start their seats at once, and wait.

They use what a browser uses: the sign-in form, the button that starts a seat, the
stream of events that moves the waiting page on, and JupyterLab's first page.
"""

import asyncio
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import BaseCookie
from typing import Any, Self

import aiohttp
from aiohttp.client import _WSRequestContextManager
from yarl import URL

from puppetcamp.errors import CampError

PASSWORD = "correct horse battery"  # noqa: S105 -- of people who live for minutes
SIGN_INS_AT_ONCE = 4
"""How many sign in at a time: the camp slows down who tries many passwords."""

_FIELD = re.compile(r'name="_xsrf" value="([^"]+)"')


class VisitorFailure(CampError):
    """Report that somebody could not sign in or did not get their seat."""


@dataclass(frozen=True)
class Arrival:
    """Tell how one visitor got in; seconds since they clicked, None if they did not.

    `signed_in` are the seconds of the sign-in form, before that.
    """

    name: str
    signed_in: float
    usable: float | None
    refusal: str = ""


@dataclass
class Visitor:
    """One attendee at the camp or plain hub at `url`, an asynchronous context."""

    url: str
    name: str
    code: str = ""
    _http: aiohttp.ClientSession = field(init=False, repr=False)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True, quote_cookie=False),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=None),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def sign_in(self) -> float:
        """Send the sign-in form; return its seconds, or raise VisitorFailure."""
        async with self._http.get(f"{self.url}/hub/login") as page:
            found = _FIELD.search(await page.text())
        if found is None:
            message = f"{self.url} shows {self.name} no sign-in form"
            raise VisitorFailure(message)
        form = {"username": self.name, "password": PASSWORD, "code": self.code}
        began = time.monotonic()
        async with self._http.post(
            f"{self.url}/hub/login",
            data=form | {"_xsrf": found[1]},
            allow_redirects=False,
        ) as answer:
            if answer.status != 302:
                message = f"{self.name} could not sign in: status {answer.status}"
                raise VisitorFailure(message)
        return time.monotonic() - began

    async def start(self) -> None:
        """Click on the start button; raise VisitorFailure if the hub refuses."""
        async with self._http.post(
            f"{self.url}/hub/api/users/{self.name}/server",
            json={},
            headers={"X-XSRFToken": self._cookie("_xsrf")},
        ) as answer:
            if answer.status not in {201, 202}:
                said = await answer.text()
                message = f"status {answer.status}: {said[:200]}"
                raise VisitorFailure(message)

    async def until_usable(self) -> None:
        """Wait for the hub's word and open JupyterLab; raise VisitorFailure if not."""
        async with self._http.get(
            f"{self.url}/hub/api/users/{self.name}/server/progress",
            headers={"X-XSRFToken": self._cookie("_xsrf")},
        ) as stream:
            async for line in stream.content:
                event = _event(line)
                if event.get("failed"):
                    raise VisitorFailure(str(event.get("message")))
                if event.get("ready"):
                    break
        async with self._http.get(f"{self.url}/user/{self.name}/lab") as page:
            if "jupyter-config-data" not in await page.text():
                message = f"JupyterLab of {self.name} answers with {page.status}"
                raise VisitorFailure(message)

    async def stop(self) -> None:
        """Click on the stop button."""
        async with self._http.delete(
            f"{self.url}/hub/api/users/{self.name}/server",
            headers={"X-XSRFToken": self._cookie("_xsrf")},
        ) as answer:
            await answer.read()

    async def ask_seat(self, method: str, path: str, body: object = None) -> Any:
        """Ask one's JupyterLab; return its JSON, or raise VisitorFailure."""
        async with self._http.request(
            method,
            f"{self._seat}{path}",
            json=body,
            headers={"X-XSRFToken": self._cookie("_xsrf", self._seat)},
        ) as answer:
            if not answer.ok:
                message = f"JupyterLab answers {answer.status} to {method} {path}"
                raise VisitorFailure(message)
            return await answer.json() if answer.status != 204 else None

    def socket(self, path: str) -> _WSRequestContextManager:
        """Open a channel to one's JupyterLab; use it with `async with`."""
        return self._http.ws_connect(f"{self._seat}{path}", max_msg_size=0)

    @property
    def _seat(self) -> str:
        return f"{self.url}/user/{self.name}/"

    def _cookie(self, name: str, page: str = "") -> str:
        known: BaseCookie[str] = self._http.cookie_jar.filter_cookies(
            URL(page or f"{self.url}/hub/")
        )
        return known[name].value if name in known else ""


def _event(line: bytes) -> dict[str, object]:
    """Read one line of a stream of events; other lines say nothing."""
    if not line.startswith(b"data:"):
        return {}
    try:
        event = json.loads(line.removeprefix(b"data:"))
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


async def arrive(
    visitors: Iterable[Visitor], patience: float, sign_in_first: bool = True
) -> list[Arrival]:
    """Let signed-in visitors click at the same moment; tell how each one got in.

    Without `sign_in_first` they send the sign-in form at that moment, and the seconds
    until usable include it. Raises VisitorFailure if somebody cannot sign in before.
    """
    slots = asyncio.Semaphore(SIGN_INS_AT_ONCE)
    waiting = list(visitors)

    async def signed_in(visitor: Visitor) -> float:
        async with slots:
            return await visitor.sign_in()

    before = [0.0] * len(waiting)
    if sign_in_first:
        before = list(await asyncio.gather(*map(signed_in, waiting)))

    async def one(visitor: Visitor, seconds: float) -> Arrival:
        began = time.monotonic()
        try:
            async with asyncio.timeout(patience):
                if not sign_in_first:
                    seconds = await visitor.sign_in()
                await visitor.start()
                await visitor.until_usable()
        except TimeoutError:
            return Arrival(
                visitor.name, seconds, None, f"not in after {patience:.0f} s"
            )
        except (VisitorFailure, aiohttp.ClientError) as error:
            return Arrival(visitor.name, seconds, None, str(error) or repr(error))
        return Arrival(visitor.name, seconds, time.monotonic() - began)

    return await asyncio.gather(*map(one, waiting, before))
