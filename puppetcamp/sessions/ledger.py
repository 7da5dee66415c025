"""The ledger: what happened to each attendee's time, in tables that outlive everything.

It knows nothing of containers: they, the hub and the machine may restart as they like.
It only ever adds facts; what they amount to is for the policy.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Select, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from puppetcamp.database import transaction
from puppetcamp.errors import SessionError
from puppetcamp.sessions.facts import CampSession, Ending, Extension, Pause, Record
from puppetcamp.sessions.tables import (
    CampSessionRow,
    DoorsRow,
    EndingRow,
    ExtensionRow,
    PauseRow,
)

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for an opening window without a beginning: NULLs would not be unique."""


class Ledger:
    """Read and write camp sessions; safe to use from several threads and processes.

    Every method raises SessionError if the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self,
        attendee: str,
        now: datetime,
        opens: datetime | None = None,
        after: CampSession | None = None,
    ) -> CampSession:
        """Begin an attendee's time, unless somebody was quicker.

        `after` is their session before in this window, None for the first one: each
        is followed by one session only. Returns the session that counts, which is the
        latest of the window. Raises SessionError before `opens`.
        """
        if opens is not None and now < opens:
            message = f"{attendee}'s time cannot begin before the camp opens at {opens}"
            raise SessionError(message)
        known = self.current(attendee, opens)
        if known is not None and (after is None or known.started > after.started):
            return known
        follows = opens or _ALWAYS
        if after is not None:
            follows = after.started + timedelta.resolution
        row = CampSessionRow(attendee=attendee, follows=follows, started=now)
        try:
            with self._transaction() as db:
                db.add(row)
                db.flush()
                return CampSession(attendee, now, key=row.id)
        except IntegrityError:  # somebody else was quicker, and theirs counts
            known = self.current(attendee, opens)
            if known is not None:
                return known
            raise

    def current(self, attendee: str, opens: datetime | None) -> CampSession | None:
        """Find an attendee's latest session of the window that opened at `opens`."""
        sessions = self.record(attendee, opens).sessions
        return sessions[-1] if sessions else None

    def record(self, attendee: str, since: datetime | None = None) -> Record:
        """Give all facts about an attendee whose sessions began at `since` or later."""
        with self._transaction() as db:
            sessions = _sessions(db, since, attendee)
            return Record(attendee, tuple(sessions[attendee]), _pauses(db), _doors(db))

    def records(self, since: datetime | None = None) -> list[Record]:
        """Give the record of everybody who has one, by name."""
        with self._transaction() as db:
            sessions = _sessions(db, since)
            pauses, doors = _pauses(db), _doors(db)
        return [
            Record(name, tuple(sessions[name]), pauses, doors)
            for name in sorted(sessions)
        ]

    def extend(self, given: Iterable[tuple[CampSession, Extension]]) -> None:
        """Write extensions down, all or none.

        Raises IntegrityError if another one of such a session was written since the
        session was read: read it again.
        """
        with self._transaction() as db:
            db.add_all(
                ExtensionRow(
                    session=session.key,
                    number=len(session.extensions) + 1,
                    at=extension.at,
                    seconds=extension.length.total_seconds(),
                    by=extension.by,
                )
                for session, extension in given
            )

    def end(self, session: CampSession, ending: Ending) -> None:
        """Write down that a session was ended."""
        with self._transaction() as db:
            db.add(EndingRow(session=session.key, at=ending.at, by=ending.by))

    def pause(self, now: datetime, by: str) -> None:
        """Write down that the class clock was paused."""
        with self._transaction() as db:
            db.add(PauseRow(begins=now, ends=None, by=by))

    def resume(self, now: datetime, by: str) -> None:
        """Write down that the class clock goes on, whatever paused it."""
        over = (
            update(PauseRow)
            .where(PauseRow.ends.is_(None))
            .values(ends=now, resumed_by=by)
        )
        with self._transaction() as db:
            db.execute(over)

    def paused(self) -> bool:
        """Tell whether the class clock is paused."""
        with self._transaction() as db:
            return any(pause.ends is None for pause in _pauses(db))

    def set_doors(self, open_now: bool, now: datetime, by: str) -> None:
        """Write down that the doors were opened or closed."""
        with self._transaction() as db:
            db.add(DoorsRow(open=open_now, at=now, by=by))

    def doors_open(self) -> bool:
        """Tell whether the doors are open; they are until somebody closes them."""
        with self._transaction() as db:
            return _doors(db)

    def _transaction(self) -> AbstractContextManager[Session]:
        return transaction(self._engine, "the camp's ledger cannot be used")


def _sessions(
    db: Session, since: datetime | None, attendee: str | None = None
) -> defaultdict[str, list[CampSession]]:
    """Read sessions with their extensions and endings, in the order of their start."""
    extensions: defaultdict[int, list[Extension]] = defaultdict(list)
    endings: defaultdict[int, list[Ending]] = defaultdict(list)
    sessions: defaultdict[str, list[CampSession]] = defaultdict(list)
    narrowed = {"since": since or _ALWAYS, "attendee": attendee}
    more, ends, begins = _OF_ALL if attendee is None else _OF_ONE
    for key, at, seconds, by in db.execute(more, narrowed):
        extensions[key].append(Extension(at, timedelta(seconds=seconds), by))
    for key, at, by in db.execute(ends, narrowed):
        endings[key].append(Ending(at, by))
    for key, name, started in db.execute(begins, narrowed):
        session = CampSession(
            name, started, tuple(extensions[key]), tuple(endings[key]), key
        )
        sessions[name].append(session)
    return sessions


# Columns and no objects, built once: a class of 500 is read every second.
_FACTS: tuple[Select[*tuple[Any, ...]], ...] = (
    select(ExtensionRow.session, ExtensionRow.at, ExtensionRow.seconds, ExtensionRow.by)
    .join(CampSessionRow)
    .order_by(ExtensionRow.number),
    select(EndingRow.session, EndingRow.at, EndingRow.by).join(CampSessionRow),
    select(CampSessionRow.id, CampSessionRow.attendee, CampSessionRow.started).order_by(
        CampSessionRow.started
    ),
)
_OF_ALL = tuple(
    query.where(CampSessionRow.started >= bindparam("since")) for query in _FACTS
)
_OF_ONE = tuple(
    query.where(CampSessionRow.attendee == bindparam("attendee")) for query in _OF_ALL
)
_PAUSES = select(PauseRow.begins, PauseRow.ends).order_by(PauseRow.begins)
_LAST_DOORS = select(DoorsRow.open).order_by(DoorsRow.id.desc()).limit(1)


def _pauses(db: Session) -> tuple[Pause, ...]:
    return tuple(Pause(begins, ends) for begins, ends in db.execute(_PAUSES))


def _doors(db: Session) -> bool:
    last = db.scalar(_LAST_DOORS)
    return True if last is None else last
