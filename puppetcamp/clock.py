"""The machine's clock, and the camp's, which nobody can set.

Deadlines are reckoned with the camp's clock: the time of day at which the machine was
first asked since it was started, and what has passed since then. Setting the machine's
clock does not move it; processes share it by a row in the camp's database; across a
restart of the machine it never goes back.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import BigInteger, Engine, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment, transaction
from puppetcamp.errors import SessionError

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
"""Return the present moment, timezone-aware, in UTC."""

TOLERANCE = timedelta(seconds=5)
"""How far the machine's clock may be off before anybody must know."""

_FRESH = timedelta(seconds=5)
"""How long an anchor is taken for the latest one."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def utc_now() -> datetime:
    """Return the present moment in UTC, as the machine's clock has it."""
    return datetime.now(UTC)


def uptime() -> timedelta:
    """Return how long the machine has run, the time that it slept included."""
    return timedelta(microseconds=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000)


def boot_id() -> str:
    """Name this run of the machine; it is another one after each start."""
    return _BOOT_ID.read_text().strip()


@dataclass(frozen=True)
class Machine:
    """Hold what the camp's clock reads of its machine."""

    wall: Clock = utc_now
    uptime: Callable[[], timedelta] = uptime
    boot: Callable[[], str] = boot_id


class AnchorRow(Base):
    """Which moment it was when the machine had run for so long.

    The highest `serial` of a `boot` counts. `seen` is a moment that has surely passed.
    """

    __tablename__ = "clock_anchor"
    __table_args__ = (UniqueConstraint("boot", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    boot: Mapped[str] = mapped_column(String(64))
    serial: Mapped[int]
    uptime: Mapped[int] = mapped_column(BigInteger)
    moment: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class _Anchor:
    serial: int
    uptime: timedelta
    moment: datetime


class CampClock:
    """Tell the camp's time; a `Clock` for the whole camp, in every process the same."""

    def __init__(self, engine: Engine, machine: Machine) -> None:
        self._engine = engine
        self._machine = machine
        self._boot = machine.boot()
        self._latest_row = (
            select(AnchorRow)
            .where(AnchorRow.boot == self._boot)
            .order_by(AnchorRow.serial.desc())
            .limit(1)
        )
        self._lock = threading.Lock()
        self._anchor = self._latest() or self._drop(0, machine.wall())
        self._read = machine.uptime()
        self._told = self._anchor.moment

    def __call__(self) -> datetime:
        """Return the present moment; never one before the last that was returned."""
        with self._lock:
            passed = self._machine.uptime()
            if passed - self._read >= _FRESH:
                self._refresh(passed)
            now = self._anchor.moment + (passed - self._anchor.uptime)
            self._told = max(self._told, now)
            return self._told

    @property
    def ahead(self) -> timedelta:
        """Tell how far the machine's clock is ahead; negative if it is behind."""
        return self._machine.wall() - self()

    def keep(self) -> None:
        """Note how late it is: after a restart of the machine it is no earlier.

        Raises SessionError if the database cannot be written.
        """
        now = self()
        with self._transaction() as db:
            row = db.scalar(self._latest_row)
            if row is not None:
                row.seen = now

    def follow(self) -> None:
        """Go on by the machine's clock if that is ahead; for when nobody's time runs.

        Raises SessionError if the database cannot be written.
        """
        now = self()
        with self._lock:
            wall = max(now, self._machine.wall())
            self._anchor = self._drop(self._anchor.serial + 1, wall)

    def _refresh(self, passed: timedelta) -> None:
        """Look whether another process has set the clock; a failure can wait."""
        try:
            self._anchor = self._latest() or self._anchor
            self._read = passed
        except SessionError as error:
            log.debug("%s", error)

    def _latest(self) -> _Anchor | None:
        with self._transaction() as db:
            row = db.scalar(self._latest_row)
            if row is None:
                return None
            return _Anchor(row.serial, timedelta(microseconds=row.uptime), row.moment)

    def _drop(self, serial: int, wall: datetime) -> _Anchor:
        """Write an anchor down, unless another process was quicker."""
        passed = self._machine.uptime()
        try:
            with self._transaction() as db:
                seen = db.scalar(select(func.max(AnchorRow.seen)))
                moment = wall if seen is None else max(wall, seen)
                db.add(
                    AnchorRow(
                        boot=self._boot,
                        serial=serial,
                        uptime=passed // timedelta(microseconds=1),
                        moment=moment,
                        seen=moment,
                    )
                )
            return _Anchor(serial, passed, moment)
        except IntegrityError:  # another process was quicker, and its anchor counts
            found = self._latest()
            if found is not None:
                return found
            raise

    def _transaction(self) -> AbstractContextManager[Session]:
        return transaction(self._engine, "the camp's clock cannot be read or written")


def camp_clock(engine: Engine, machine: Machine | None = None) -> CampClock:
    """Open the camp's clock; raises SessionError if the database cannot be used."""
    return CampClock(engine, machine or Machine())
