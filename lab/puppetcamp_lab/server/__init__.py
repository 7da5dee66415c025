"""The part of JupyterLab's server that the panel *Exercises* speaks with."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name what jupyter_server loads."""
    return [{"module": "puppetcamp_lab.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the addresses below ``/puppetcamp`` to a running ServerApp."""
    from puppetcamp_lab.server.exercises import Exercises
    from puppetcamp_lab.server.handlers import handlers

    exercises = Exercises(app.root_dir, app.log)
    app.web_app.add_handlers(".*$", handlers(app.base_url, exercises))
