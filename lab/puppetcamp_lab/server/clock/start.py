"""Start the clock of a Jupyter server."""

from datetime import UTC, datetime
from typing import Any

from tornado.ioloop import IOLoop, PeriodicCallback

from puppetcamp_lab.server.clock.busy import kernel_is_busy, puppet_runs_on_a_terminal
from puppetcamp_lab.server.clock.handlers import handlers
from puppetcamp_lab.server.clock.timefile import run_folder
from puppetcamp_lab.server.clock.watch import Watch

_OWNER = "puppetcamp_owner"
"""A setting of seats that are started before anybody has come for them."""

_LOOK_MILLISECONDS = 5_000

ACTIVITY = "puppetcamp_busy_last_activity"
"""A setting of the web application; Jupyter's server counts all that end like this."""

_TERMINALS = "terminal_last_activity"


def start(app: Any) -> None:
    """Add the addresses to a ServerApp, and ask the camp as long as it runs."""
    settings = app.web_app.settings

    def quiet_for() -> float:
        # Not the server's own figure: pages look into folders all the time.
        signs = [settings["started"], app.kernel_manager.last_kernel_activity]
        signs += [settings[key] for key in (ACTIVITY, _TERMINALS) if key in settings]
        quiet: float = (datetime.now(UTC) - max(signs)).total_seconds()
        return max(0.0, quiet)

    def note_work() -> None:
        try:
            if kernel_is_busy(app.kernel_manager) or puppet_runs_on_a_terminal():
                settings[ACTIVITY] = datetime.now(UTC)
        except Exception:  # kernels come and go while they are asked
            app.log.exception("it is not known whether this seat is at work")

    def owned() -> bool:
        owner = settings.get(_OWNER)
        return owner is None or not owner.awaited

    watch = Watch(run_folder(), app.log, quiet_for, owned)
    if (owner := settings.get(_OWNER)) is not None:
        owner.when_claimed(watch.wake)
    app.web_app.add_handlers(".*$", handlers(app.base_url, watch))
    IOLoop.current().add_callback(watch.run)
    PeriodicCallback(note_work, _LOOK_MILLISECONDS).start()
