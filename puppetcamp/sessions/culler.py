"""The idle culler: jupyterhub-idle-culler, with a warning before it stops anybody.

The hub runs it as a service (``python -m puppetcamp.sessions.culler``).
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from jupyterhub_idle_culler import IdleCuller

from puppetcamp.clock import Clock, camp_clock
from puppetcamp.database import create_tables, open_engine
from puppetcamp.place import Place
from puppetcamp.sessions.idleness import Idleness
from puppetcamp.settings import load

log = logging.getLogger(__name__)


def look_every(timeout: timedelta) -> int:
    """Say how many seconds lie between two looks, for a camp's idle timeout."""
    return max(10, min(60, int(timeout.total_seconds()) // 4))


def arbiter(idleness: Idleness, clock: Clock) -> Callable[..., bool]:
    """Make the culler's hook: it answers for one server whether to stop it.

    Whatever fails here stops nobody's server.
    """

    def may_stop(
        *, inactive: timedelta | None, server: dict[str, Any], **_: object
    ) -> bool:
        owner = str(server["full_name"]).split("/")[0]
        if inactive is None:
            return False
        try:
            return idleness.may_stop(owner, inactive, clock())
        except Exception:
            log.exception("nobody can tell whether %s is there", owner)
            return False

    return may_stop


def main() -> None:
    """Look for idle servers until the hub ends."""
    place = Place.from_environment()
    settings = load(place.settings_file)
    timeout = settings.session.idle_timeout
    engine = open_engine(place.camp_database)
    create_tables(engine)
    IdleCuller.instance(
        timeout=int(timeout.total_seconds()),
        cull_every=look_every(timeout),
        cull_arbiter_hook=arbiter(Idleness(engine, timeout), camp_clock(engine)),
    ).start()


if __name__ == "__main__":
    main()
