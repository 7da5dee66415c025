"""A camp's hub without containers: the real gate, ledger and sign-in."""

import asyncio
import json
import os
import sys
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Instance

from puppetcamp.clock import utc_now
from puppetcamp.database import metadata, open_engine
from puppetcamp.identity import ACCESS_SCOPE
from puppetcamp.sessions.gate import Gate, SpawnHook, TimeOnPages
from puppetcamp.sessions.hub_api import SCOPES
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules
from puppetcamp.signin import CampAuthenticator
from tests.hub.support import light_server

place = Path(os.environ["CAMP_PLACE"])
asked = json.loads((place / "asked.json").read_text())


class LightSpawner(SimpleLocalProcessSpawner):  # type: ignore[misc]
    """Start a light server; `slow` in the camp's folder holds starts up."""

    gate = Instance(Gate).tag(config=True)

    async def start(self) -> Any:
        """Begin the owner's time as soon as the server runs."""
        while (place / "slow").exists():
            await asyncio.sleep(0.05)
        where = await super().start()
        self.gate.entered(self.user.name, utc_now())
        return where

    async def progress(self) -> Any:
        """Tell the waiting page something."""
        yield {"progress": 30, "message": "Starting a light server …"}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


rules = Rules(
    length=timedelta(seconds=asked["length"]),
    opens=_moment(asked["opens"]),
    closes=_moment(asked["closes"]),
    seats=asked["seats"],
)
engine = open_engine(f"sqlite:///{place / 'camp.sqlite'}")
metadata.create_all(engine)
gate = Gate(rules, Ledger(engine), frozenset(asked["staff"]))

c = get_config()  # type: ignore[name-defined]
c.JupyterHub.bind_url = asked["url"]
c.JupyterHub.hub_bind_url = asked["hub_url"]
c.JupyterHub.db_url = f"sqlite:///{place / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(place / "cookie_secret")
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.template_paths = [str(files("puppetcamp") / "templates")]
c.JupyterHub.template_vars = {
    "camp_name": asked["name"],
    "camp_time": TimeOnPages(gate),
}
c.JupyterHub.services = [
    {"name": "camp", "api_token": asked["token"]},
    {"name": "registrar", "api_token": asked["registrar"]},
]
c.JupyterHub.load_roles = [
    {"name": "camp", "services": ["camp"], "scopes": list(SCOPES)},
    {
        "name": "registrar",
        "services": ["registrar"],
        "scopes": ["admin:users", "tokens"],
    },
    {"name": "user", "scopes": ["self", ACCESS_SCOPE]},
]
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = asked["proxy_api"]
c.ConfigurableHTTPProxy.auth_token = asked["proxy_token"]
c.JupyterHub.authenticator_class = CampAuthenticator
c.CampAuthenticator.dbm_path = str(place / "attendees")
c.CampAuthenticator.staff_dbm_path = str(place / "staff")
c.CampAuthenticator.staff_names = set(asked["staff"])
c.CampAuthenticator.admin_users = {"organizer"}
c.CampAuthenticator.join_code_file = str(place / "join_code")
c.JupyterHub.spawner_class = LightSpawner
c.LightSpawner.gate = gate
c.LightSpawner.pre_spawn_hook = SpawnHook(gate)
c.LightSpawner.cmd = [sys.executable, light_server.__file__]
c.LightSpawner.home_dir_template = str(place / "homes/{username}")
c.LightSpawner.environment = {"CAMP_PIDS": str(place / "pids")}
c.LightSpawner.poll_interval = 1
