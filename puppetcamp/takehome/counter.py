"""The counter where bundles are asked for and handed out: what the API may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from puppetcamp.clock import Clock
from puppetcamp.errors import SessionError
from puppetcamp.sessions.policy import Phase, Standing
from puppetcamp.takehome.decisions import State, wait_before_asking
from puppetcamp.takehome.maker import Maker
from puppetcamp.takehome.store import Found, TakeHomeStore
from puppetcamp.takehome.wording import Facts, moment, ready, status


@dataclass(frozen=True)
class Shown:
    """Hold what somebody is told about their bundle, and about their time.

    `wait` is how long they wait until they may ask for one; None while one is made, and
    where none are made at all.
    """

    heading: str
    time: str
    state: State | None
    text: str
    has_bundle: bool
    made: datetime | None
    until: datetime | None
    size: int | None
    wait: timedelta | None
    now: datetime


@dataclass(frozen=True)
class Counter:
    """Answer attendees; without a maker the camp makes no bundles.

    `standing` tells how somebody stands; it may raise SessionError.
    """

    store: TakeHomeStore
    maker: Maker | None
    standing: Callable[[str], Standing]
    clock: Clock
    zone: tzinfo

    def show(self, name: str) -> Shown:
        """Say how it stands with somebody's bundle."""
        now = self.clock()
        heading, happened = self._what_happened(name)
        if self.maker is None:
            text = "This camp makes no take-home bundles. Your files are kept in it."
            return Shown(
                heading, happened, None, text, False, None, None, None, None, now
            )
        found = self.store.find(name, now)
        facts = self._facts(found)
        return Shown(
            heading=heading,
            time=happened,
            state=found.state,
            text=_text(facts, now, self.zone),
            has_bundle=found.ready is not None,
            made=facts.made,
            until=facts.until,
            size=facts.size if found.ready else None,
            wait=wait_before_asking(found.asked, found.state, now),
            now=now,
        )

    def ask(self, name: str) -> Shown:
        """Ask for a bundle now, if somebody may; see `wait` if not."""
        before = self.show(name)
        if self.maker is not None and before.wait == timedelta(0):
            self.maker.ask(name)
            return self.show(name)
        return before

    def bundle(self, name: str) -> Path | None:
        """Give the file of the bundle that somebody can download now."""
        ready = self.store.find(name, self.clock()).ready
        if ready is None:
            return None
        path = self.store.shelf.path(ready.file)
        return path if path.is_file() else None

    def _what_happened(self, name: str) -> tuple[str, str]:
        """Give the page's heading, and a sentence about the attendee's time."""
        try:
            found = self.standing(name)
        except SessionError:
            # Whoever wants their work gets it, whatever became of the ledger.
            return "Take your work home", ""
        if found.ended is None:
            return "Take your work home", (
                "When your time ends, a bundle of all that you made is made by itself."
                if found.phase is not Phase.STAFF
                else ""
            )
        when = moment(found.ended, found.now, self.zone)
        how = "was ended by the staff" if found.phase is Phase.ENDED else "ended"
        return "Your time is over", (
            f"Your session {how} {when}. Your machine is stopped; all that was saved "
            "is kept."
        )

    def _facts(self, found: Found) -> Facts:
        kept = found.ready
        return Facts(
            state=found.state,
            why=found.why,
            made=kept.made if kept else None,
            until=kept.made + self.store.keep if kept else None,
            size=kept.size if kept else 0,
            before=found.before,
            seconds=found.seconds,
        )


def _text(facts: Facts, now: datetime, zone: tzinfo) -> str:
    told = status(facts, now, zone)
    if facts.state is not State.READY and (earlier := ready(facts, now, zone)):
        told = f"{told} There is an earlier one. {earlier}"
    return told
