"""A camp's hub as its organizer gets it, with light processes in place of containers.

Everything else is real: sign-in, gate, line, ledger, and the camp's service with its
enforcer and its desk. Each stop is noted in $BENCH_STOPS, by this machine's clock: when
the enforcer asked for it, when the hub began it, and when the server was gone.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner

import puppetcamp.hub
from puppetcamp.place import Place
from puppetcamp.seating.queued import QueuedSpawner
from puppetcamp.settings import load
from tests.hub.support import light_server

stops = Path(os.environ["BENCH_STOPS"])
pids = stops.with_name("pids")
pids.mkdir()


def _note(what: str, name: str) -> None:
    with stops.open("a") as notes:
        notes.write(f"{what} {name} {time.time()}\n")


class LightSpawner(QueuedSpawner, SimpleLocalProcessSpawner):
    """Start a light server."""

    async def start_seat(self) -> Any:
        """Start a process in place of a container."""
        return await SimpleLocalProcessSpawner.start(self)

    async def stop(self, now: bool = False) -> None:
        """Note when the hub begins to stop it, and when it is gone."""
        _note("begun", self.user.name)
        await super().stop(now)
        _note("gone", self.user.name)


c = get_config()
place = Place.from_environment()
puppetcamp.hub.configure(c, load(place.settings_file), place)
[service] = [one for one in c.JupyterHub.services if one["name"] == "camp"]
service["command"] = [sys.executable, "-m", "bench.noted_service"]
service["environment"] |= {"BENCH_STOPS": str(stops)}
c.JupyterHub.services += [{"name": "bench", "api_token": os.environ["BENCH_TOKEN"]}]
c.JupyterHub.load_roles += [
    {
        "name": "bench",
        "services": ["bench"],
        "scopes": ["admin:users", "admin:servers", "access:servers", "tokens"],
    }
]
c.JupyterHub.spawner_class = LightSpawner
for name in ("gate", "queue", "staff", "pre_spawn_hook", "start_timeout"):
    if name in c.CampSpawner:
        setattr(c.LightSpawner, name, c.CampSpawner[name])
c.LightSpawner.cmd = [sys.executable, light_server.__file__]
c.LightSpawner.home_dir_template = str(stops.with_name("homes") / "{username}")
c.LightSpawner.environment = {"CAMP_PIDS": str(pids)}
