"""What a seat's server imports, each time in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(script: str, **environment: str) -> str:
    """Run a script as a seat's server would begin; gives what it prints."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env=os.environ | {"PYTHONPATH": str(ROOT / "lab")} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


LOADED = "print(*[name for name in {} if name in sys.modules])\n"
HEAVY = ("sqlalchemy", "alembic", "jupyterhub.orm", "jupyterhub.handlers.base")


def test_a_seats_server_loads_nothing_that_only_a_hub_needs() -> None:
    said = run(
        "import sys\n"
        "from puppetcamp_lab import lean\n"
        "print(lean.singleuser().__func__.__name__)\n"
        + LOADED.format(HEAVY)
        # Who may use a seat is decided by the hub's own code all the same ...
        + "from jupyterhub.services.auth import HubOAuth\n"
        "auth = HubOAuth(api_token='t', access_scopes={'access:servers!user=ada'})\n"
        "for name in ('ada', 'eve'):\n"
        "    user = {'scopes': [f'access:servers!user={name}']}\n"
        "    print(*auth.check_scopes(auth.access_scopes, user))\n"
        # ... and nobody who asks for the real modules meets a stand-in.
        "import jupyterhub.handlers.pages, sqlalchemy\n"
        "print(jupyterhub.handlers.pages.HealthCheckHandler.get.__name__)\n"
        "print(sqlalchemy.select.__name__)\n"
    )
    assert said.splitlines() == [
        *("launch_instance", ""),
        *("access:servers!user=ada", ""),
        *("get", "select"),
    ]


def test_another_jupyterhub_that_needs_more_is_imported_as_it_is() -> None:
    said = run(
        "import sys\n"
        "from puppetcamp_lab import lean\n"
        "lean._STAND_INS['jupyterhub.handlers.pages'] = {}\n"
        "print(lean.singleuser().__func__.__name__)\n" + LOADED.format(HEAVY)
    )
    assert said.split() == ["launch_instance", *HEAVY]


def test_the_exchange_loads_no_gradebook() -> None:
    said = run(
        "import sys\n"
        "from puppetcamp_lab import lean\n"
        "lean.defer_nbgrader()\n"
        "from puppetcamp_lab.exchange import ExchangeList\n"
        "from puppetcamp_lab.exchange import ExchangeFetchFeedback, ExchangeSubmit\n"
        + LOADED.format(("sqlalchemy", "nbgrader.api", "nbgrader.apps", "nbconvert"))
    )
    assert said.split() == []


def test_nbgrader_is_there_in_full_when_it_is_asked_for() -> None:
    said = run(
        "from puppetcamp_lab import lean\n"
        "lean.defer_nbgrader()\n"
        "import nbgrader\n"
        "print(nbgrader.__version__ > '0.9', nbgrader.utils.__name__)\n"
        "from nbgrader.exchange import ExchangeFactory\n"
        "print(ExchangeFactory.__name__, nbgrader.load_formgrader.__name__)\n"
        "from nbgrader.apps import NbGraderApp\n"
        "print(NbGraderApp.__name__)\n"
    )
    assert said.split() == [
        *("True", "nbgrader.utils", "ExchangeFactory"),
        *("load_jupyter_server_extension", "NbGraderApp"),
    ]
