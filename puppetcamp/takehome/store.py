"""Bundles in the camp's database: what is owed outlives the service."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from puppetcamp.place import TAKE_HOME
from puppetcamp.takehome.decisions import OPEN, State, is_over, next_try, seconds_left
from puppetcamp.takehome.models import BundleRow
from puppetcamp.takehome.shelf import Shelf

MEASURED = 20
"""How many of the latest bundles an estimate looks at."""

KEEP_FAILURES = timedelta(days=14)


@dataclass(frozen=True)
class Job:
    """Say which bundle is to be made now."""

    number: int
    attendee: str
    by_attendee: bool
    plain: bool


@dataclass(frozen=True)
class Ready:
    """Describe a bundle that can be downloaded."""

    file: str
    size: int
    made: datetime


@dataclass(frozen=True)
class Found:
    """Tell how it stands with somebody's bundle.

    `state` is that of the latest one, None if there never was one; `ready` is the one
    that can be downloaded, which may be an earlier one. `before` counts the bundles
    whose turn comes earlier, `seconds` is how long it may take, if that is known.
    """

    state: State | None = None
    asked: datetime | None = None
    why: str = ""
    ready: Ready | None = None
    before: int = 0
    seconds: float | None = None


class TakeHomeStore:
    """Keep bundles and hand out what is to be made, to one process with threads.

    The tables are created by the engine's owner. `slots` is how many bundles are made
    at a time.
    """

    def __init__(
        self, engine: Engine, root: Path, keep: timedelta, slots: int = 1
    ) -> None:
        self.keep = keep
        self.shelf = Shelf(root)
        self._engine = engine
        self._slots = slots
        # One process owns the queue; the lock keeps its threads from one another.
        self._lock = threading.Lock()

    def prepare(self, now: datetime) -> int:
        """Go on where an earlier service ended; return how much is started again."""
        with self._lock, Session(self._engine) as db, db.begin():
            unfinished = select(BundleRow).where(BundleRow.state == State.MAKING)
            again = db.scalars(unfinished).all()
            for row in again:
                row.state = State.QUEUED
                row.not_before = now
            files = select(BundleRow.file).where(BundleRow.file.is_not(None))
            self.shelf.prepare(str(file) for file in db.scalars(files))
            return len(again)

    def ask(self, attendee: str, now: datetime, *, by_attendee: bool) -> None:
        """Queue a bundle; one that waits already is made instead, as late as this."""
        with self._lock, Session(self._engine) as db, db.begin():
            waiting = db.scalar(
                select(BundleRow).where(
                    BundleRow.attendee == attendee, BundleRow.state == State.QUEUED
                )
            )
            if waiting is not None:
                waiting.asked_at = now
                waiting.by_attendee = waiting.by_attendee and by_attendee
                return
            db.add(
                BundleRow(
                    attendee=attendee,
                    state=State.QUEUED,
                    asked_at=now,
                    by_attendee=by_attendee,
                    not_before=now,
                    starts=0,
                    plain=False,
                )
            )

    def asked(self) -> dict[str, datetime]:
        """Say for everybody when their latest bundle was asked for."""
        query = select(BundleRow.attendee, func.max(BundleRow.asked_at))
        with Session(self._engine) as db:
            found = db.execute(query.group_by(BundleRow.attendee))
            return {attendee: moment for attendee, moment in found}

    def claim(self, now: datetime) -> Job | None:
        """Hand out the bundle whose turn it is, if there is one."""
        with self._lock, Session(self._engine) as db, db.begin():
            row = db.scalar(
                select(BundleRow)
                .where(BundleRow.state == State.QUEUED, BundleRow.not_before <= now)
                .order_by(BundleRow.number)
                .limit(1)
            )
            if row is None:
                return None
            row.state = State.MAKING
            row.started_at = now
            row.starts += 1
            return Job(row.number, row.attendee, row.by_attendee, row.plain)

    def finish(
        self, job: Job, file: str, size: int, seconds: float, now: datetime
    ) -> None:
        """Make a bundle ready; it takes the place of the attendee's earlier ones."""
        with self._lock, Session(self._engine) as db, db.begin():
            row = db.get_one(BundleRow, job.number)
            row.state, row.finished_at, row.why = State.READY, now, None
            row.file, row.size, row.seconds = file, size, seconds
            earlier = db.scalars(
                select(BundleRow).where(
                    BundleRow.attendee == job.attendee,
                    BundleRow.number < job.number,
                    BundleRow.state.not_in(OPEN),
                )
            ).all()
            gone = [str(one.file) for one in earlier if one.file]
            for one in earlier:
                db.delete(one)
        self.shelf.remove(gone)

    def fail(
        self,
        job: Job,
        why: str,
        now: datetime,
        *,
        plain: bool = False,
        final: bool = False,
    ) -> bool:
        """Try a bundle again later, or give it up; tell whether it is given up.

        `plain` says that it was the home's fault: next time without pages. What is
        `final` is not tried again.
        """
        with self._lock, Session(self._engine) as db, db.begin():
            row = db.get_one(BundleRow, job.number)
            final = final or (job.plain and plain)
            again = None if final else next_try(row.starts, now)
            row.why = why
            if again is None:
                row.state, row.finished_at = State.FAILED, now
                return True
            row.state = State.QUEUED
            row.plain = row.plain or plain
            # What was the home's fault will not be mended by waiting.
            row.not_before = now if plain else again
            return False

    def find(self, attendee: str, now: datetime) -> Found:
        """Tell how it stands with somebody's bundle."""
        with Session(self._engine) as db:
            rows = db.scalars(
                select(BundleRow)
                .where(BundleRow.attendee == attendee)
                .order_by(BundleRow.number.desc())
            ).all()
            ready = next((one for row in rows if (one := self._ready(row, now))), None)
            rows = [row for row in rows if row.state != State.READY or ready]
            if not rows:
                return Found()
            latest = rows[0]
            state = State(latest.state)
            before = self._before(db, latest) if state is State.QUEUED else 0
            return Found(
                state=state,
                asked=latest.asked_at,
                why=latest.why or "",
                ready=ready,
                before=before,
                seconds=seconds_left(self._measured(db), before, self._slots),
            )

    def shown(self, attendee: str, now: datetime) -> dict[str, Any]:
        """Say the same in the words of the countdown's API."""
        found = self.find(attendee, now)
        state = "making" if found.state in OPEN else str(found.state or "none")
        until = found.ready and found.ready.made + self.keep
        return {
            "state": state,
            "url": TAKE_HOME,
            "until": until if state == State.READY else None,
        }

    def expire(self, now: datetime) -> int:
        """Remove bundles that were kept long enough; return their number."""
        with self._lock, Session(self._engine) as db, db.begin():
            done = db.scalars(
                select(BundleRow).where(BundleRow.state.not_in(OPEN))
            ).all()
            over = [
                row
                for row in done
                if row.finished_at and is_over(row.finished_at, self._kept(row), now)
            ]
            gone = [str(row.file) for row in over if row.file]
            for row in over:
                db.delete(row)
        self.shelf.remove(gone)
        return len(gone)

    def _kept(self, row: BundleRow) -> timedelta:
        return self.keep if row.file else max(self.keep, KEEP_FAILURES)

    def _ready(self, row: BundleRow, now: datetime) -> Ready | None:
        if not row.file or row.size is None or row.finished_at is None:
            return None
        if is_over(row.finished_at, self.keep, now):
            return None
        return Ready(row.file, row.size, row.finished_at)

    def _before(self, db: Session, row: BundleRow) -> int:
        earlier = (BundleRow.state == State.MAKING) | (
            (BundleRow.state == State.QUEUED) & (BundleRow.number < row.number)
        )
        query = select(func.count()).select_from(BundleRow).where(earlier)
        return int(db.scalar(query) or 0)

    def _measured(self, db: Session) -> list[float]:
        query = (
            select(BundleRow.seconds)
            .where(BundleRow.seconds.is_not(None))
            .order_by(BundleRow.finished_at.desc())
            .limit(MEASURED)
        )
        return [float(seconds or 0) for seconds in db.scalars(query)]
