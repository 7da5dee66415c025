"""The gate: before a container starts, is there time for its owner?"""

import logging
from typing import Any, Self

from jupyterhub.spawner import Spawner, SpawnException

from puppetcamp.errors import SessionError
from puppetcamp.sessions import wording
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.sessions.timekeeper import Timekeeper

log = logging.getLogger(__name__)

_BLIND = wording.Notice(
    "The camp cannot see how much time you have",
    ("Your files are kept.", "Please tell your instructor about this."),
)


class Refused(SpawnException):  # type: ignore[misc]  # jupyterhub has no types
    """Refuse a spawn with a page that says why.

    `title` is the page's heading; `jupyterhub_message` and `jupyterhub_html_message`
    are what the hub shows where a spawn is refused after its waiting page was shown.
    """

    def __init__(self, notice: wording.Notice, reason: str, status_code: int) -> None:
        super().__init__(
            notice.text,
            reason=reason,
            message_html=notice.html,
            status_code=status_code,
        )
        self.title = notice.title
        self.jupyterhub_message = notice.text
        self.jupyterhub_html_message = notice.html


class Gate:
    """Let attendees in while they have time; staff may always work.

    Seats are not its business: whoever has time waits for one.
    """

    def __init__(self, timekeeper: Timekeeper) -> None:
        self.timekeeper = timekeeper

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one gate: traitlets gives every spawner a copy of its configuration."""
        return self

    def check(self, name: str) -> Standing:
        """Return how `name` stands, who may work now.

        Raises Refused (403, or 503 without a ledger) if they may not.
        """
        try:
            found = self.timekeeper.standing(name)
        except SessionError as error:
            log.exception("no one can be let in")
            raise Refused(_BLIND, "ledger", 503) from error
        if found.refusal is not None:
            notice = wording.refused(self.timekeeper.rules, found)
            raise Refused(notice, found.refusal.value, 403)
        return found

    def entered(self, name: str) -> None:
        """Let an attendee's time begin, now that their seat can be used.

        A ledger that cannot be written does not cost them their seat: the enforcer
        begins their time as soon as it can be written again.
        """
        try:
            self.timekeeper.enter(name)
        except SessionError:
            log.exception("the time of %s could not be begun", name)

    def notice(self, name: str) -> wording.Notice | None:
        """Tell an attendee how much time they have; None for staff.

        Raises SessionError if the ledger cannot be read.
        """
        found = self.timekeeper.standing(name)
        if found.phase is Phase.STAFF:
            return None
        tell = wording.granted if found.refusal is None else wording.refused
        return tell(self.timekeeper.rules, found)


class SpawnHook:
    """Ask the gate; a `Spawner.pre_spawn_hook` that raises Refused."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def __call__(self, spawner: Spawner) -> None:
        """Check the spawner's owner against the gate."""
        self._gate.check(spawner.user.name)


class TimeOnPages:
    """Give the hub's pages the user's time: a value for `JupyterHub.template_vars`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def __call__(self, user: Any) -> wording.Notice | None:
        """Return the notice for a user of the hub; None for staff and strangers.

        A page must show even if the ledger cannot be read.
        """
        if user is None:
            return None
        try:
            return self._gate.notice(user.name)
        except SessionError:
            log.exception("the time of %s cannot be shown", user.name)
            return None
