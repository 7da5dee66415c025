"""JupyterHub, told what camp.toml says: one small function per concern.

``configure(c, settings, place)`` is all that jupyterhub_config.py calls. Each function
below sets the options of one concern and reads nothing but its arguments, so that the
whole of a camp follows from its settings and its place.
"""

import os
import sys
from importlib.resources import files
from typing import Any

from puppetcamp.clock import camp_clock
from puppetcamp.database import HubConnection, create_tables, open_engine
from puppetcamp.desk import roles
from puppetcamp.desk.problems import keep_problems
from puppetcamp.identity import ACCESS_SCOPE, role_of
from puppetcamp.place import SERVICE_PREFIX, TAKE_HOME, Place
from puppetcamp.proxy import CampProxy
from puppetcamp.seating.homes import Homes
from puppetcamp.seating.memory import LineMemory
from puppetcamp.seating.queue import Queue
from puppetcamp.seating.queued import WAIT_SECONDS
from puppetcamp.seating.table import LineTable
from puppetcamp.seating.times import CampTimes
from puppetcamp.seating.warm_service import warm_pool
from puppetcamp.sessions import pages
from puppetcamp.sessions.culler import look_every
from puppetcamp.sessions.gate import Gate, SpawnHook, TimeOnPages
from puppetcamp.sessions.hub_api import SCOPES
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.timekeeper import Timekeeper
from puppetcamp.settings import CampSettings
from puppetcamp.signin import CampAuthenticator
from puppetcamp.spawner import DOCKER_THREADS, CampSpawner


def configure(c: Any, settings: CampSettings, place: Place) -> None:
    """Set every option of JupyterHub that a camp needs; `c` is its config object."""
    _addresses(c, settings, place)
    _proxy(c, settings, place)
    _memory(c, place)
    _sign_in(c, settings, place)
    gate = _gate(c, settings, place)
    _look(c, settings, gate)
    _seats(c, settings, place, gate)
    _line(c, settings, place, gate)
    _warm(c, place, gate)
    _service(c, settings, place)
    _idle_servers(c, settings, place)
    _problems(place)


def _addresses(c: Any, settings: CampSettings, place: Place) -> None:
    """Listen where attendees' containers come from, and nowhere else."""
    scheme = "https" if settings.server.https else "http"
    server = settings.server
    c.JupyterHub.bind_url = f"{scheme}://{server.address}:{server.port}"
    c.JupyterHub.hub_bind_url = place.hub_api(settings)
    c.JupyterHub.hub_connect_url = place.hub_api(settings)


def _proxy(c: Any, settings: CampSettings, place: Place) -> None:
    """Use the proxy that outlives the hub: open pages survive a restart of the hub."""
    c.JupyterHub.proxy_class = CampProxy
    c.CampProxy.known_route = SERVICE_PREFIX
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = place.proxy_api(settings)
    c.ConfigurableHTTPProxy.auth_token = place.proxy_token.read_text().strip()
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False


def _memory(c: Any, place: Place) -> None:
    """Keep what must outlive the hub's container in the state volume."""
    c.JupyterHub.db_url = place.hub_database
    c.JupyterHub.db_kwargs = {
        "connect_args": {"check_same_thread": False, "factory": HubConnection}
    }
    c.JupyterHub.cookie_secret_file = str(place.cookie_secret)


def _gate(c: Any, settings: CampSettings, place: Place) -> Gate:
    """Ask before every start whether there is time and a seat."""
    engine = open_engine(place.camp_database)
    create_tables(engine)
    gate = Gate(Timekeeper(settings.rules(), Ledger(engine), camp_clock(engine)))
    c.CampSpawner.pre_spawn_hook = SpawnHook(gate)
    return gate


def _look(c: Any, settings: CampSettings, gate: Gate) -> None:
    """Show the camp's name and pages, with everybody's own time on them."""
    package = files("puppetcamp")
    c.JupyterHub.template_paths = [str(package / "templates")]
    c.JupyterHub.template_vars = {
        "camp_name": settings.camp.name,
        "camp_time": TimeOnPages(gate),
        "camp_progress": settings.desk.progress,
        "camp_take_home": TAKE_HOME if settings.take_home.keep else "",
    }
    c.JupyterHub.extra_handlers = pages.handlers(TimeOnPages(gate))


def _sign_in(c: Any, settings: CampSettings, place: Place) -> None:
    """Let in who has the join code or a password; nobody else."""
    c.JupyterHub.authenticator_class = CampAuthenticator
    c.CampAuthenticator.dbm_path = str(place.passwords)
    c.CampAuthenticator.join_code_file = str(place.join_code)
    c.CampAuthenticator.staff_names = set(settings.staff_names)
    c.CampAuthenticator.staff_dbm_path = str(place.staff_passwords)
    c.CampAuthenticator.admin_users = set(settings.staff.organizers)
    c.CampAuthenticator.allow_all = True


def _seats(c: Any, settings: CampSettings, place: Place, gate: Gate) -> None:
    """Give everybody a container of their own, within limits."""
    staff = {name: str(role_of(name, settings.staff)) for name in settings.staff_names}
    deployment = place.deployment
    c.JupyterHub.spawner_class = CampSpawner
    c.CampSpawner.deployment = deployment
    c.CampSpawner.gate = gate
    c.CampSpawner.staff = staff
    c.CampSpawner.image = deployment.attendee_image
    c.CampSpawner.pull_policy = "never"
    c.CampSpawner.name_template = deployment.seat_container("{raw_username}")
    c.CampSpawner.network_name = deployment.network
    # A fresh node at every start: a seat that was broken inside is mended by a restart,
    # and what an attendee keeps, they keep in their home and in their manifests.
    c.CampSpawner.remove = True
    c.CampSpawner.mem_limit = settings.seats.memory
    c.CampSpawner.cpu_limit = settings.seats.cpus
    c.CampSpawner.processes = settings.seats.processes
    c.CampSpawner.course = settings.camp.course
    c.CampSpawner.service_url = place.service(settings) + SERVICE_PREFIX
    c.CampSpawner.cmd = ["puppetcamp-seat"]
    c.CampSpawner.default_url = "/lab/tree/lessons/00_your_node.ipynb"
    c.CampSpawner.notebook_dir = ""
    c.CampSpawner.server_token_scopes = [
        "users:activity!user",
        "access:servers!server",
        ACCESS_SCOPE,
    ]
    c.CampSpawner.http_timeout = 300
    # One attendee's failing start must not end the hub for everybody.
    c.CampSpawner.consecutive_failure_limit = 0
    c.JupyterHub.allow_named_servers = False
    c.JupyterHub.tornado_settings = {
        # Show the waiting page after a second, not after ten.
        "slow_spawn_timeout": 1,
        "xsrf_cookie_kwargs": {"secure": settings.server.https},
    }


def _line(c: Any, settings: CampSettings, place: Place, gate: Gate) -> None:
    """Let everybody in, one after another: nobody is refused for coming in a crowd."""
    engine = open_engine(place.camp_database)
    create_tables(engine)
    c.CampSpawner.queue = Queue(
        seats=settings.seats.count,
        at_once=settings.seats.starts_at_once or 2 * (os.cpu_count() or 1),
        times=CampTimes(gate.timekeeper),
        memory=LineMemory(LineTable(engine)),
        clock=gate.timekeeper.now,
    )
    # The line has limits of its own; JupyterHub's would refuse the hundredth.
    c.JupyterHub.concurrent_spawn_limit = 0
    c.CampSpawner.start_timeout = WAIT_SECONDS
    c.CampSpawner.client_kwargs = {"timeout": 120, "max_pool_size": DOCKER_THREADS}


def _warm(c: Any, place: Place, gate: Gate) -> None:
    """Give out seats that run already; the camp's service keeps them."""
    engine = open_engine(place.camp_database)
    create_tables(engine)
    c.CampSpawner.homes = Homes(engine, place.deployment)
    c.CampSpawner.warm = warm_pool(place, engine, gate.timekeeper.now)


def _service(c: Any, settings: CampSettings, place: Place) -> None:
    """Run the camp's own service beside the hub, with the scopes that it uses."""
    service = {
        "name": "camp",
        "url": place.service(settings),
        "command": [sys.executable, "-m", "puppetcamp.service"],
        "environment": place.environment(),
        "display": False,
        # Whoever opens a page of the camp signed in to the camp: nobody is asked again.
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": list(roles.SCOPES),
    }
    role = {
        "name": "camp-service",
        "description": "Stop, restart and share attendees' servers",
        "services": ["camp"],
        "scopes": list(SCOPES),
    }
    everybody = {"name": "user", "scopes": ["self", ACCESS_SCOPE]}
    c.JupyterHub.custom_scopes = dict(roles.SCOPES)
    staff = roles.hub_roles(settings.staff.organizers, settings.staff.instructors)
    _extend(c, services=[service], roles=[role, everybody, *staff])


def _problems(place: Place) -> None:
    """Show what goes wrong in the hub at the desk."""
    engine = open_engine(place.camp_database)
    create_tables(engine)
    keep_problems(engine, camp_clock(engine))


def _idle_servers(c: Any, settings: CampSettings, place: Place) -> None:
    """Stop unused servers with jupyterhub-idle-culler; the deadline is not its job."""
    look = look_every(settings.session.idle_timeout)
    # JupyterHub hears of activity every five minutes by default: too seldom for a short
    # timeout, which would then stop people who are at work.
    c.JupyterHub.last_activity_interval = look
    c.CampSpawner.environment = {"JUPYTERHUB_ACTIVITY_INTERVAL": str(look)}
    service = {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "puppetcamp.sessions.culler"],
        "environment": place.environment(),
    }
    role = {
        "name": "idle-culler",
        "description": "Stop servers that nobody has used for a while",
        "services": ["idle-culler"],
        "scopes": [
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],
    }
    _extend(c, services=[service], roles=[role])


def _extend(c: Any, services: list[object], roles: list[object]) -> None:
    """Add services and roles to those of other concerns."""
    c.JupyterHub.services = [*(c.JupyterHub.get("services") or []), *services]
    c.JupyterHub.load_roles = [*(c.JupyterHub.get("load_roles") or []), *roles]
