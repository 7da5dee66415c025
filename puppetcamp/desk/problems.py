"""Problems: what goes wrong anywhere in the camp, where its organizer sees it.

Every part of the camp just logs. Warnings and errors of the camp's own loggers are
kept in a table that hub and service share, the same one again as one more time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, Full, Queue
from threading import Thread

from sqlalchemy import Engine, String, Text, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.clock import Clock
from puppetcamp.database import Base, Moment
from puppetcamp.desk.schemas import ProblemNow

KEPT = 200
"""How many problems are kept."""

AGAIN = timedelta(minutes=10)
"""Within this, the same words count as the same problem once more."""

WORDS = 500
"""How many letters of a problem are kept: it may hold what an attendee wrote."""


class ProblemRow(Base):
    """One problem, said once or more often."""

    __tablename__ = "desk_problem"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    where: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    times: Mapped[int]


class Problems:
    """Write and read problems."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, at: datetime, where: str, text: str) -> None:
        """Remember a problem, and forget the oldest."""
        text = " ".join(text.split())[:WORDS]
        same = (
            select(ProblemRow)
            .where(ProblemRow.where == where, ProblemRow.text == text)
            .where(ProblemRow.at > at - AGAIN)
            .order_by(ProblemRow.id.desc())
            .limit(1)
        )
        with Session(self._engine) as db, db.begin():
            known = db.scalar(same)
            if known is not None:
                known.at, known.times = at, known.times + 1
                return
            row = ProblemRow(at=at, where=where[:64], text=text, times=1)
            db.add(row)
            db.flush()
            db.execute(delete(ProblemRow).where(ProblemRow.id <= row.id - KEPT))

    def last(self, count: int) -> list[ProblemNow]:
        """List the newest problems, newest first."""
        query = select(ProblemRow).order_by(ProblemRow.at.desc()).limit(count)
        with Session(self._engine) as db:
            return [
                ProblemNow(at=row.at, where=row.where, text=row.text, times=row.times)
                for row in db.scalars(query)
            ]


class ProblemHandler(logging.Handler):
    """Keep what is logged as a problem, in a thread: no log line waits for a disk."""

    def __init__(self, add: Callable[[datetime, str, str], None], clock: Clock) -> None:
        super().__init__(logging.WARNING)
        self._add = add
        self._clock = clock
        self._queue: Queue[tuple[str, str]] = Queue(100)
        self._thread: Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record; in a flood the rest is left to the log."""
        where = record.name.removeprefix("puppetcamp.").split(".")[0]
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {record.exc_info[1]!r}"
        try:
            self._queue.put_nowait((where, text))
        except Full:
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._write, name="problems", daemon=True)
            self._thread.start()

    def _write(self) -> None:
        while True:
            try:
                where, text = self._queue.get(timeout=5)
            except Empty:
                return
            try:
                self._add(self._clock(), where, text)
            except SQLAlchemyError:
                # A full disk is among the problems: the log has it.
                continue


def keep_problems(engine: Engine, clock: Clock) -> ProblemHandler:
    """Keep the warnings of this process's camp from now on; return the handler.

    Harmless to repeat: the latest database counts.
    """
    logger = logging.getLogger("puppetcamp")
    for known in list(logger.handlers):
        if isinstance(known, ProblemHandler):
            logger.removeHandler(known)
    handler = ProblemHandler(Problems(engine).add, clock)
    logger.addHandler(handler)
    return handler
