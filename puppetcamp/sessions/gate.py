"""The gate: before a container starts, is there time and a seat for its owner?"""

import logging
from datetime import UTC, datetime, tzinfo
from typing import Any, Self

from jupyterhub.spawner import Spawner, SpawnException

from puppetcamp.clock import Clock, utc_now
from puppetcamp.errors import SessionError
from puppetcamp.sessions import wording
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import Rules, admit

log = logging.getLogger(__name__)


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
    """Let attendees in while they have time and a seat; staff may always work.

    `zone` is the time zone in which people are told about moments.
    """

    def __init__(
        self, rules: Rules, ledger: Ledger, staff: frozenset[str], zone: tzinfo = UTC
    ) -> None:
        self._rules = rules
        self._ledger = ledger
        self._staff = staff
        self._zone = zone
        self._admitted: set[str] = set()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one gate: traitlets gives every spawner a copy of its configuration."""
        return self

    def check(self, name: str, seats_in_use: int, now: datetime) -> None:
        """Raise Refused (403, or 503 without a ledger) unless `name` may work now.

        `seats_in_use` counts the other attendees with a container, see `others`.
        """
        self._admitted.discard(name)
        if name in self._staff:
            return
        try:
            session = self._ledger.current(name, self._rules.opens)
        except SessionError as error:
            log.exception("no one can be let in")
            notice = wording.Notice(
                "The camp cannot see how much time you have",
                ("Your files are kept.", "Please tell your instructor about this."),
            )
            raise Refused(notice, "ledger", 503) from error
        admission = admit(self._rules, session, seats_in_use, now)
        if admission.refusal is not None:
            notice = wording.refused(self._rules, admission, now, self._zone)
            raise Refused(notice, admission.refusal.value, 403)
        self._admitted.add(name)

    def entered(self, name: str, now: datetime) -> None:
        """Let an attendee's time begin, now that their container runs.

        A ledger that cannot be written does not cost them their container: the
        enforcer begins their time as soon as it can be written again.
        """
        if name in self._staff:
            return
        try:
            self._ledger.begin(name, now, self._rules.opens)
        except SessionError:
            log.exception("the time of %s could not be begun", name)

    def notice(self, name: str, now: datetime) -> wording.Notice | None:
        """Tell an attendee how much time they have; None for staff.

        Seats are left out. Raises SessionError if the ledger cannot be read.
        """
        if name in self._staff:
            return None
        session = self._ledger.current(name, self._rules.opens)
        admission = admit(self._rules, session, -1, now)
        if admission.allowed:
            return wording.granted(self._rules, session, now, self._zone)
        return wording.refused(self._rules, admission, now, self._zone)

    def others(self, name: str, users: Any) -> int:
        """Count the attendees besides `name` who hold a seat.

        `users` is the hub's dictionary of users. Whoever is on the way in counts only
        once the gate admitted them: two who come for the last seat at the same moment
        must not refuse each other.
        """
        return sum(
            user.name != name
            and user.name not in self._staff
            and any(
                spawner.active
                and (spawner.pending != "spawn" or user.name in self._admitted)
                for spawner in user.spawners.values()
            )
            for user in users.values()
        )


class SpawnHook:
    """Ask the gate; a `Spawner.pre_spawn_hook` that raises Refused."""

    def __init__(self, gate: Gate, clock: Clock = utc_now) -> None:
        self._gate = gate
        self._clock = clock

    def __call__(self, spawner: Spawner) -> None:
        """Check the spawner's owner against the gate."""
        name = spawner.user.name
        seats_in_use = self._gate.others(name, spawner.user.settings["users"])
        self._gate.check(name, seats_in_use, self._clock())


class TimeOnPages:
    """Give the hub's pages the user's time: a value for `JupyterHub.template_vars`."""

    def __init__(self, gate: Gate, clock: Clock = utc_now) -> None:
        self._gate = gate
        self._clock = clock

    def __call__(self, user: Any) -> wording.Notice | None:
        """Return the notice for a user of the hub; None for staff and strangers.

        A page must show even if the ledger cannot be read.
        """
        if user is None:
            return None
        try:
            return self._gate.notice(user.name, self._clock())
        except SessionError:
            log.exception("the time of %s cannot be shown", user.name)
            return None
