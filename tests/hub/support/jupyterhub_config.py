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

from puppetcamp.clock import camp_clock
from puppetcamp.database import metadata, open_engine
from puppetcamp.desk import roles
from puppetcamp.identity import ACCESS_SCOPE
from puppetcamp.place import TAKE_HOME
from puppetcamp.seating.memory import LineMemory
from puppetcamp.seating.queue import Queue
from puppetcamp.seating.queued import ATTENDEE, WAIT_SECONDS, QueuedSpawner
from puppetcamp.seating.table import LineTable
from puppetcamp.seating.times import CampTimes
from puppetcamp.sessions import pages
from puppetcamp.sessions.gate import Gate, SpawnHook, TimeOnPages
from puppetcamp.sessions.hub_api import SCOPES
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.signin import CampAuthenticator
from tests.hub.support import light_server

place = Path(os.environ["CAMP_PLACE"])
asked = json.loads((place / "asked.json").read_text())


class LightSpawner(QueuedSpawner, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """Start a light server; `slow` in the camp's folder holds attendees' starts up."""

    async def start_seat(self) -> Any:
        """Note whose start it is, and start a process in place of a container."""
        with (place / "starts").open("a") as starts:
            starts.write(f"{self.user.name}\n")
        while (place / "slow").exists() and self.camp_role == ATTENDEE:
            await asyncio.sleep(0.05)
        return await SimpleLocalProcessSpawner.start(self)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


rules = Rules(
    length=timedelta(seconds=asked["length"]),
    opens=_moment(asked["opens"]),
    closes=_moment(asked["closes"]),
    seats=asked["seats"],
    staff=frozenset(asked["staff"]),
    extenders=frozenset(asked["staff"]),
)
engine = open_engine(f"sqlite:///{place / 'camp.sqlite'}")
metadata.create_all(engine)
gate = Gate(Timekeeper(rules, Ledger(engine), camp_clock(engine)))

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
    "camp_take_home": TAKE_HOME,
}
service = {"name": "camp", "api_token": asked["token"]}
if asked["service_url"]:
    service |= {
        "url": asked["service_url"],
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": list(roles.SCOPES),
    }
c.JupyterHub.custom_scopes = dict(roles.SCOPES)
c.JupyterHub.extra_handlers = pages.handlers(TimeOnPages(gate))
c.JupyterHub.services = [
    service,
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
    *roles.hub_roles(asked["staff"][:1], asked["staff"][1:]),
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
c.LightSpawner.staff = dict.fromkeys(asked["staff"], "instructor")
c.LightSpawner.queue = Queue(
    seats=asked["seats"],
    at_once=asked["starts_at_once"],
    times=CampTimes(gate.timekeeper),
    memory=LineMemory(LineTable(engine)),
    kept_seconds=5,
)
c.LightSpawner.start_timeout = WAIT_SECONDS
c.JupyterHub.concurrent_spawn_limit = 0
c.LightSpawner.cmd = [sys.executable, light_server.__file__]
c.LightSpawner.home_dir_template = str(place / "homes/{username}")
c.LightSpawner.environment = {"CAMP_PIDS": str(place / "pids")}
c.LightSpawner.poll_interval = 1
