"""Take on an owner: what the hub would have put into the environment at the start."""

import asyncio
import os
import re
from collections.abc import Mapping
from typing import Any

from puppetcamp_lab.seat.move import extension_apps, move

PREFIX = "JUPYTERHUB_SERVICE_PREFIX"

FIRST_REPORT = 8.0
"""Seconds until the hub hears of activity: it knows of the arrival, and is busy."""

_TAKEN = re.compile(r"(JUPYTERHUB|JPY|PUPPETCAMP|MEM|CPU)_[A-Z0-9_]{1,64}")
"""Variables that come with an owner; nothing else of a claim reaches a program."""

_OWN = {"JUPYTERHUB_DEFAULT_URL"}
"""Decided in the seat, where it is known whether the attendee was here before."""

_OF_OWNER = (
    "api_token",
    "oauth_client_id",
    "oauth_redirect_uri",
    "access_scopes",
    "login_url",
)
"""What HubOAuth reads from the environment and an owner changes."""

_PREFIX_SHAPE = re.compile(r"/(?:[A-Za-z0-9._~%@+-]+/)+")


def accepted(environment: object) -> dict[str, str]:
    """Pick an owner's variables from what a claim says; raises ValueError."""
    if not isinstance(environment, dict):
        message = "a claim needs an environment"
        raise ValueError(message)
    taken = {
        name: value
        for name, value in environment.items()
        if isinstance(name, str)
        and isinstance(value, str)
        and "\0" not in value
        and _TAKEN.fullmatch(name)
        and name not in _OWN
    }
    for name in (PREFIX, "JUPYTERHUB_API_TOKEN", "JUPYTERHUB_CLIENT_ID"):
        if not taken.get(name):
            message = f"a claim needs {name}"
            raise ValueError(message)
    if not _PREFIX_SHAPE.fullmatch(taken[PREFIX]):
        message = f"{PREFIX} is no path below which a server could be"
        raise ValueError(message)
    return taken


def take_on(serverapp: Any, environment: Mapping[str, str]) -> None:
    """Make the running server its owner's; from now on only they may enter.

    Programs that start from now on (kernels, terminals) see the new environment.
    """
    os.environ.update(environment)
    move(serverapp, serverapp.base_url, environment[PREFIX])
    singleuser = _singleuser(serverapp)
    for hub_auth in (serverapp.identity_provider.hub_auth, singleuser.hub_auth):
        _become(hub_auth, environment[PREFIX])
    _report_activity(singleuser)


def _singleuser(serverapp: Any) -> Any:
    """Find JupyterHub's part of the server."""
    (app,) = (
        app for app in extension_apps(serverapp) if app.name == "jupyterhub-singleuser"
    )
    return app


def _become(hub_auth: Any, prefix: str) -> None:
    """Read the hub's variables anew, as a server does that starts with them."""
    fresh = type(hub_auth)(parent=hub_auth.parent, base_url=prefix)
    hub_auth.base_url = prefix
    for name in _OF_OWNER:
        setattr(hub_auth, name, getattr(fresh, name))


def _report_activity(singleuser: Any) -> None:
    """Begin to tell the hub when the server was used."""
    singleuser.server_name = os.environ.get("JUPYTERHUB_SERVER_NAME", "")
    singleuser.hub_activity_url = os.environ.get("JUPYTERHUB_ACTIVITY_URL", "")
    seconds = os.environ.get("JUPYTERHUB_ACTIVITY_INTERVAL", "")
    if seconds.isdigit():
        singleuser.hub_activity_interval = int(seconds)

    async def report() -> None:
        await asyncio.sleep(FIRST_REPORT)
        await singleuser.keep_activity_updated()

    # Kept where JupyterHub keeps it, so that the server's end cancels it.
    singleuser._activity_task = asyncio.ensure_future(report())
