"""The hub's side of the proxy: notice at once that the proxy has forgotten the way.

The proxy keeps its routes in memory. If it ends and is started again, JupyterHub tells
it everybody's route when it next records activity, up to a minute later; until then
whoever is at work cannot reach their server.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientResponseError
from jupyterhub.httpclient import fetch
from jupyterhub.proxy import ConfigurableHTTPProxy
from traitlets import Float, Unicode


class CampProxy(ConfigurableHTTPProxy):  # type: ignore[misc]  # jupyterhub has no types
    """Tell a proxy that was started again all routes within seconds."""

    look_seconds = Float(2.0, help="Seconds between two looks at the proxy.").tag(
        config=True
    )
    known_route = Unicode(
        help="A route that is there as long as the proxy remembers any."
    ).tag(config=True)

    _watch: "asyncio.Task[None] | None" = None

    async def check_routes(
        self, user_dict: Any, service_dict: Any, routes: Any = None
    ) -> None:
        """Do as every proxy does; the first time, begin to look after this one."""
        await super().check_routes(user_dict, service_dict, routes)
        if self._watch is None:
            self._watch = asyncio.create_task(self._look_after())

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(self.look_seconds)
            try:
                if await self._has_forgotten():
                    self.log.warning("The proxy was started again: telling it the way")
                    await self.check_routes(self.app.users, self.app._service_map)
            except Exception:
                self.log.exception("Looking after the proxy failed; trying again")

    async def _has_forgotten(self) -> bool:
        """Ask for one route; a proxy that does not answer is asked again later."""
        try:
            await fetch(
                f"{self.api_url.rstrip('/')}/api/routes{self.known_route}",
                headers={"Authorization": f"token {self.auth_token}"},
            )
        except ClientResponseError as error:
            return bool(error.status == HTTPStatus.NOT_FOUND)
        except (ClientError, OSError, TimeoutError):
            return False
        return False
