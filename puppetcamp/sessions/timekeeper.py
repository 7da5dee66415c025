"""The timekeeper: whom everybody asks about time, and tells to change it.

It joins the rules, the ledger and the clock. Gate, enforcer, desk and countdown hold
one each; what one writes, the others read.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from puppetcamp.clock import Clock
from puppetcamp.errors import SessionError
from puppetcamp.sessions import wording
from puppetcamp.sessions.facts import Ending, Extension, Record, Rules
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.sessions.policy import (
    NoExtension,
    Phase,
    Standing,
    extension_refusal,
    standing,
)

ENDING_NOTICE = timedelta(seconds=15)
"""How long before a session is ended by the staff its owner sees it coming: browsers
save what is open."""

_TRIES = 20
"""How often a write is tried again because somebody else wrote at the same moment."""


class ExtensionRefused(SessionError):
    """Refuse more time; the message says why, in words for whoever asked."""

    def __init__(self, message: str, reason: NoExtension) -> None:
        super().__init__(message)
        self.reason = reason


class Timekeeper:
    """Tell how attendees stand, and write down what is done to their time.

    Every method raises SessionError if the ledger cannot be used. `by` is the name of
    whoever acts; who may is checked for extensions, and elsewhere for the caller.
    """

    def __init__(self, rules: Rules, ledger: Ledger, clock: Clock) -> None:
        self.rules = rules
        self.now = clock
        self._ledger = ledger

    def standing(self, name: str) -> Standing:
        """Tell how somebody stands now; everybody stands somehow."""
        now = self.now()
        return standing(self.rules, self._record(name, now), now)

    def standings(self) -> dict[str, Standing]:
        """Tell how everybody stands whose time ever began in this window, by name."""
        now = self.now()
        return {
            record.attendee: found
            for record in self._ledger.records(self.rules.since(now))
            if record.attendee not in self.rules.staff
            and (found := standing(self.rules, record, now)).session is not None
        }

    def enter(self, name: str) -> Standing:
        """Let somebody's time begin who was let in, unless it runs or may not begin."""
        before = self.standing(name)
        if before.phase in {Phase.STAFF, Phase.RUNNING} or not before.may_begin:
            return before
        self._ledger.begin(name, before.now, self.rules.opens, before.session)
        return self.standing(name)

    def extension_reason(self, name: str, by: str) -> NoExtension | None:
        """Say why `by` may not give `name` one extension now; None if they may."""
        now = self.now()
        extension = Extension(now, self.rules.extension_step, by)
        return extension_refusal(self.rules, self._record(name, now), extension)

    def extend(self, name: str, by: str, seconds: float | None = None) -> Standing:
        """Give somebody more time: one step, or so many seconds.

        Raises ExtensionRefused if the rules do not allow it.
        """
        outcome = self._extend([name], by, seconds)[name]
        if isinstance(outcome, ExtensionRefused):
            raise outcome
        return outcome

    def extend_all(
        self, by: str, seconds: float | None = None
    ) -> dict[str, Standing | ExtensionRefused]:
        """Give more time to everybody whose time runs; return each one's outcome."""
        running = [
            name
            for name, found in self.standings().items()
            if found.phase is Phase.RUNNING
        ]
        return self._extend(running, by, seconds)

    def end(self, name: str, by: str) -> Standing:
        """End somebody's session after a short notice; it is no fault if none runs."""
        before = self.standing(name)
        if before.phase is Phase.RUNNING and before.session is not None:
            at = before.now + ENDING_NOTICE
            self._ledger.end(before.session, Ending(at, by))
        return self.standing(name)

    @property
    def paused(self) -> bool:
        """Tell whether the class clock is paused."""
        return self._ledger.paused()

    def pause(self, by: str) -> None:
        """Pause the class clock, unless it is paused."""
        if not self.paused:
            self._ledger.pause(self.now(), by)

    def resume(self, by: str) -> None:
        """Let the class clock go on."""
        self._ledger.resume(self.now(), by)

    @property
    def doors_open(self) -> bool:
        """Tell whether the doors are open for who has no session that runs."""
        return self._ledger.doors_open()

    def open_doors(self, by: str) -> None:
        """Open the doors."""
        self._ledger.set_doors(True, self.now(), by)

    def close_doors(self, by: str) -> None:
        """Close the doors: nobody's session begins until they are opened."""
        self._ledger.set_doors(False, self.now(), by)

    def _record(self, name: str, now: datetime) -> Record:
        return self._ledger.record(name, self.rules.since(now))

    def _extend(
        self, names: Iterable[str], by: str, seconds: float | None
    ) -> dict[str, Standing | ExtensionRefused]:
        """Extend several sessions in one write; try again if somebody was quicker."""
        step = self.rules.extension_step
        length = step if seconds is None else timedelta(seconds=seconds)
        for _ in range(_TRIES):
            now = self.now()
            extension = Extension(now, length, by)
            records = self._records(names, now)
            refused = {
                name: reason
                for name, record in records.items()
                if (reason := extension_refusal(self.rules, record, extension))
            }
            given = [
                (standing(self.rules, record, now).session, extension)
                for name, record in records.items()
                if name not in refused
            ]
            try:
                self._ledger.extend((s, e) for s, e in given if s is not None)
            except IntegrityError:
                continue
            return self._outcomes(records, refused, by)
        message = "somebody else changes the same sessions all the time; try again"
        raise SessionError(message)

    def _records(self, names: Iterable[str], now: datetime) -> dict[str, Record]:
        names = list(names)
        if len(names) == 1:
            return {names[0]: self._record(names[0], now)}
        known = {r.attendee: r for r in self._ledger.records(self.rules.since(now))}
        return {name: known[name] for name in names}

    def _outcomes(
        self, records: dict[str, Record], refused: dict[str, NoExtension], by: str
    ) -> dict[str, Standing | ExtensionRefused]:
        """Tell how everybody stands after the write, or why nothing was written."""
        now = self.now()
        after = self._records(records, now) if records else {}
        return {
            name: (
                ExtensionRefused(
                    wording.no_extension(self.rules, refused[name], name, by),
                    refused[name],
                )
                if name in refused
                else standing(self.rules, record, now)
            )
            for name, record in after.items()
        }
