"""The part of JupyterLab's server that the camp's own plugins speak with."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name what jupyter_server loads."""
    return [{"module": "puppetcamp_lab.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the addresses below ``/puppetcamp`` to a running ServerApp."""
    from puppetcamp_lab.seat.guests import receive
    from puppetcamp_lab.server.clock.start import start
    from puppetcamp_lab.server.exercises import Exercises
    from puppetcamp_lab.server.handlers import handlers
    from puppetcamp_lab.server.later import later
    from puppetcamp_lab.server.lessons import start as lessons

    exercises = Exercises(app.root_dir, app.log)
    app.web_app.add_handlers(".*$", handlers(app.base_url, exercises))
    app.web_app.add_handlers(".*$", later(app))
    start(app)
    receive(app)
    lessons.start(app)
