"""Read and change the tables of warm seats; every change is one transaction."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, func, select, update
from sqlalchemy.orm import Session

from puppetcamp.seating.homes import HomeRow, enter
from puppetcamp.seating.warm_plan import Target, WarmSeat
from puppetcamp.seating.warm_rows import (
    BROKEN,
    CLAIMED,
    MAKING,
    READY,
    WarmSeatRow,
    WarmTargetRow,
)

_ONLY = 1
"""The id of the one row of the target."""


@dataclass(frozen=True)
class Kept:
    """Say all that is known of a warm seat."""

    id: str
    attendee: str | None
    state: str
    secret: str
    volume: str
    container: str
    address: str
    claimed: datetime | None

    @property
    def prefix(self) -> str:
        """Name the path below which the seat's server is found until it is claimed."""
        return f"/warm-{self.id}/"

    def plain(self) -> WarmSeat:
        """Say what a plan needs to know."""
        return WarmSeat(self.id, self.attendee, self.state == READY)


@dataclass(frozen=True)
class Counts:
    """Count the warm seats that are ready, that are made, and that are wanted."""

    ready: int
    making: int
    target: int


class WarmStore:
    """Keep warm seats; safe in several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, id: str, attendee: str | None, volume: str, now: datetime) -> Kept:
        """Remember that a seat is being made, with a secret of its own."""
        row = WarmSeatRow(
            id=id,
            attendee=attendee,
            state=MAKING,
            secret=secrets.token_hex(24),
            volume=volume,
            container="",
            address="",
            made=now,
        )
        with Session(self._engine, expire_on_commit=False) as db, db.begin():
            db.add(row)
        return _kept(row)

    def all(self) -> list[Kept]:
        """List all of them, oldest first."""
        query = select(WarmSeatRow).order_by(WarmSeatRow.made, WarmSeatRow.id)
        with Session(self._engine) as db:
            return [_kept(row) for row in db.scalars(query)]

    def made(self, id: str, container: str, address: str) -> bool:
        """Call a seat ready; False if nobody wants it any more."""
        return self._move(
            id, {MAKING}, state=READY, container=container, address=address
        )

    def drop(self, id: str) -> bool:
        """Take a seat out of use that nobody has claimed; False if somebody has."""
        return self._move(id, {MAKING, READY, BROKEN}, state=BROKEN)

    def failed(self, id: str) -> None:
        """Take a seat out of use whose claim did not succeed."""
        self._move(id, {CLAIMED}, state=BROKEN)

    def forget(self, id: str) -> None:
        """Remove the row of a seat that is gone, or somebody's for good."""
        with Session(self._engine) as db, db.begin():
            db.execute(delete(WarmSeatRow).where(WarmSeatRow.id == id))

    def claim(self, name: str, now: datetime, walk_in: bool) -> Kept | None:
        """Take a ready seat for `name`, and its volume as their home; None without.

        The seat that is kept for them comes first; one of those for whoever comes only
        if `walk_in` and if they have no home yet. What is being made for them is not
        wanted any more.
        """
        with Session(self._engine) as db, db.begin():
            row = _take(db, name, now, WarmSeatRow.attendee == name)
            if row is None and walk_in and db.get(HomeRow, name) is None:
                row = _take(db, name, now, WarmSeatRow.attendee.is_(None))
            db.execute(
                update(WarmSeatRow)
                .where(WarmSeatRow.attendee == name)
                .where(WarmSeatRow.state.in_([MAKING, READY]))
                .values(state=BROKEN)
            )
            if row is None:
                return None
            enter(db, name, row.volume, now)
            return _kept(row)

    def counts(self) -> Counts:
        """Count them."""
        query = select(WarmSeatRow.state, func.count()).group_by(WarmSeatRow.state)
        with Session(self._engine) as db:
            found = {state: number for state, number in db.execute(query)}
        return Counts(found.get(READY, 0), found.get(MAKING, 0), self.target().total)

    def target(self) -> Target:
        """Say how many there shall be."""
        with Session(self._engine) as db:
            row = db.get(WarmTargetRow, _ONLY)
            if row is None:
                return Target()
            return Target(row.walk_ins, tuple(row.roster), row.since)

    def aim(self, walk_ins: int, roster: Iterable[str], now: datetime) -> None:
        """Change how many there shall be; whoever arrived before may come again."""
        with Session(self._engine) as db, db.begin():
            row = db.get(WarmTargetRow, _ONLY)
            configured = row.configured if row is not None else ""
            db.merge(_target_row(walk_ins, roster, now, configured))

    def aim_as_configured(
        self, walk_ins: int, roster: Iterable[str], now: datetime
    ) -> None:
        """Do as camp.toml says, if it says something else than it did before."""
        names = list(roster)
        said = json.dumps([walk_ins, names]).encode()
        digest = hashlib.sha256(said).hexdigest()
        with Session(self._engine) as db, db.begin():
            row = db.get(WarmTargetRow, _ONLY)
            if row is None or row.configured != digest:
                db.merge(_target_row(walk_ins, names, now, digest))

    def _move(self, id: str, states: set[str], **values: object) -> bool:
        changed = (
            update(WarmSeatRow)
            .where(WarmSeatRow.id == id)
            .where(WarmSeatRow.state.in_(states))
            .values(**values)
            .returning(WarmSeatRow.id)
        )
        with Session(self._engine) as db, db.begin():
            return db.execute(changed).scalar() is not None


def _take(
    db: Session, name: str, now: datetime, whose: ColumnElement[bool]
) -> WarmSeatRow | None:
    """Take the oldest ready seat in one statement, so that nobody takes it too."""
    oldest = (
        select(WarmSeatRow.id)
        .where(WarmSeatRow.state == READY)
        .where(whose)
        .order_by(WarmSeatRow.made, WarmSeatRow.id)
        .limit(1)
        .scalar_subquery()
    )
    taken = (
        update(WarmSeatRow)
        .where(WarmSeatRow.id == oldest)
        .where(WarmSeatRow.state == READY)
        .values(state=CLAIMED, attendee=name, claimed=now)
        .returning(WarmSeatRow)
        .execution_options(synchronize_session=False)
    )
    return db.execute(taken).scalar()


def _target_row(
    walk_ins: int, roster: Iterable[str], now: datetime, configured: str
) -> WarmTargetRow:
    return WarmTargetRow(
        id=_ONLY,
        walk_ins=walk_ins,
        roster=list(roster),
        since=now,
        configured=configured,
    )


def _kept(row: WarmSeatRow) -> Kept:
    return Kept(
        row.id,
        row.attendee,
        row.state,
        row.secret,
        row.volume,
        row.container,
        row.address,
        row.claimed,
    )
