"""Jobs in the camp's database: what was accepted outlives the service."""

import json
import threading
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, defer

from puppetcamp.grading.errors import SandboxUnavailable
from puppetcamp.grading.jobs.decisions import (
    Kept,
    State,
    may_start_again,
    seconds_left,
    superfluous,
)
from puppetcamp.grading.jobs.models import BatchRow, JobRow

MAX_WAITING = 5000
"""Jobs in the queue; more are refused."""

OPEN = (State.QUEUED, State.RUNNING)
FINISHED = (State.DONE, State.FAILED)


@dataclass(frozen=True)
class Task:
    """Say what to grade: `content` is all that the grader is told, as JSON."""

    exercise: str
    attendee: str
    key: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Show one job as it stands; `result` is there for a job that is done."""

    job: str
    exercise: str
    attendee: str
    state: State
    queued_at: datetime
    finished_at: datetime | None
    seconds: float | None
    flags: tuple[str, ...]
    reason: str | None
    status: int | None
    result: bytes | None

    @property
    def finished(self) -> bool:
        """Tell whether there is nothing more to wait for."""
        return self.state in FINISHED


@dataclass(frozen=True)
class Progress:
    """Count the jobs of a batch; `seconds_left` is None while nobody can know."""

    total: int
    done: int
    failed: int
    running: tuple[str, ...]
    seconds_left: float | None


class JobStore:
    """Keep jobs and hand them out, one at a time, to one process with threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # One process owns the queue; the lock keeps its threads from one another.
        self._lock = threading.Lock()

    def enqueue(
        self,
        tasks: Sequence[Task],
        now: datetime,
        *,
        batch: str | None = None,
        again: bool = False,
        urgent: bool = False,
    ) -> list[Job]:
        """Accept tasks, all or none; a task that is known joins its job.

        A finished result counts as known unless `again`; then only one that was made
        for the same batch does. Raises SandboxUnavailable when the queue is full.
        """
        with self._lock, Session(self._engine) as session, session.begin():
            waiting = session.scalar(
                select(func.count()).where(JobRow.state == State.QUEUED)
            )
            if (waiting or 0) + len(tasks) > MAX_WAITING:
                message = (
                    f"{waiting} gradings wait already, and no more than {MAX_WAITING} "
                    "may. Try again when some are done."
                )
                raise SandboxUnavailable(message)
            rows = []
            for task in tasks:
                row = _known(session, task.key, batch, again)
                if row is None:
                    row = _new(task, now)
                    session.add(row)
                    session.flush()
                row.urgent = row.urgent or urgent
                if batch:
                    session.merge(BatchRow(batch=batch, number=row.number))
                rows.append(row)
            session.flush()
            return [_job(row) for row in rows]

    def claim(self, now: datetime) -> tuple[str, dict[str, Any]] | None:
        """Start the next job: return it with its task, or None if none waits."""
        with self._lock, Session(self._engine) as session, session.begin():
            row = session.scalars(
                select(JobRow)
                .where(JobRow.state == State.QUEUED)
                .order_by(JobRow.urgent.desc(), JobRow.number)
                .limit(1)
            ).first()
            if row is None:
                return None
            row.state, row.started_at = State.RUNNING, now
            row.starts += 1
            return row.job, _unpacked(row.task or b"")

    def finish(
        self,
        job: str,
        now: datetime,
        *,
        result: dict[str, Any],
        flags: Sequence[str],
        seconds: float,
    ) -> None:
        """Keep the result of a job that is done."""
        changes = {
            "state": State.DONE,
            "result": _packed(result),
            "flags": list(flags),
            "seconds": seconds,
        }
        self._end(job, now, changes)

    def fail(self, job: str, now: datetime, *, reason: str, status: int) -> None:
        """Keep why a job has no result."""
        changes = {"state": State.FAILED, "reason": reason, "status": status}
        self._end(job, now, changes)

    def _end(self, job: str, now: datetime, changes: dict[str, Any]) -> None:
        ended = (
            update(JobRow)
            .where(JobRow.job == job)
            .values(finished_at=now, task=None, **changes)
        )
        with self._lock, Session(self._engine) as session, session.begin():
            session.execute(ended)

    def requeue_running(self, now: datetime) -> int:
        """Queue again what ended with an earlier service; return the number.

        A job that was under way too often by then has failed: it may be the reason.
        """
        again = 0
        with self._lock, Session(self._engine) as session, session.begin():
            for row in session.scalars(
                select(JobRow).where(JobRow.state == State.RUNNING)
            ):
                row.started_at = None
                if may_start_again(row.starts):
                    row.state = State.QUEUED
                    again += 1
                    continue
                row.state, row.finished_at, row.task = State.FAILED, now, None
                row.status = 500
                row.reason = (
                    f"The camp's service ended {row.starts} times while it graded "
                    "this. Look into its log before you grade it again."
                )
        return again

    def find(self, job: str) -> Job | None:
        """Return a job with its result, or None if it was cancelled or is forgotten."""
        with Session(self._engine) as session:
            row = session.scalar(select(JobRow).where(JobRow.job == job))
            return None if row is None else _job(row)

    def jobs(
        self, *, batch: str | None = None, exercise: str | None = None, most: int = 1000
    ) -> list[Job]:
        """List jobs without their results, the newest first."""
        query = (
            select(JobRow)
            .options(defer(JobRow.task), defer(JobRow.result))
            .order_by(JobRow.number.desc())
            .limit(most)
        )
        if batch:
            query = query.join(BatchRow, BatchRow.number == JobRow.number).where(
                BatchRow.batch == batch
            )
        if exercise:
            query = query.where(JobRow.exercise == exercise)
        with Session(self._engine) as session:
            return [_job(row, whole=False) for row in session.scalars(query)]

    def progress(self, batch: str, now: datetime, slots: int) -> Progress:
        """Count a batch, and estimate its end from the seconds of its own jobs."""
        mine = (
            select(
                JobRow.state,
                JobRow.attendee,
                JobRow.seconds,
                JobRow.started_at,
                JobRow.number,
            )
            .join(BatchRow, BatchRow.number == JobRow.number)
            .where(BatchRow.batch == batch)
        )
        with Session(self._engine) as session:
            rows = session.execute(mine).all()
            queued = [row.number for row in rows if row.state == State.QUEUED]
            waiting = session.scalar(
                select(func.count()).where(
                    JobRow.state == State.QUEUED,
                    JobRow.number <= max(queued, default=0),
                )
            )
        running = [row for row in rows if row.state == State.RUNNING]
        return Progress(
            total=len(rows),
            done=sum(row.state == State.DONE for row in rows),
            failed=sum(row.state == State.FAILED for row in rows),
            running=tuple(sorted({row.attendee for row in running})),
            seconds_left=seconds_left(
                [row.seconds for row in rows if row.seconds is not None],
                [(now - (row.started_at or now)).total_seconds() for row in running],
                waiting or 0,
                slots,
            ),
        )

    def cancel(self, batch: str) -> list[str]:
        """Forget what waits for this batch alone; return those jobs.

        What runs is finished and kept.
        """
        others = select(BatchRow.number).where(BatchRow.batch != batch)
        mine = select(BatchRow.number).where(BatchRow.batch == batch)
        with self._lock, Session(self._engine) as session, session.begin():
            rows = session.scalars(
                select(JobRow).where(
                    JobRow.state == State.QUEUED,
                    JobRow.number.in_(mine),
                    JobRow.number.not_in(others),
                )
            ).all()
            numbers = [row.number for row in rows]
            names = [row.job for row in rows]
            session.execute(delete(BatchRow).where(BatchRow.number.in_(numbers)))
            session.execute(delete(JobRow).where(JobRow.number.in_(numbers)))
        return names

    def forget_old(self, now: datetime) -> int:
        """Remove finished jobs that nobody needs any more; return their number."""
        size = func.coalesce(func.length(JobRow.result), 0)
        finished = select(JobRow.number, JobRow.finished_at, size).where(
            JobRow.state.in_(FINISHED)
        )
        with self._lock, Session(self._engine) as session, session.begin():
            kept = [
                Kept(number, at or now, length)
                for number, at, length in session.execute(finished)
            ]
            gone = superfluous(kept, now)
            for number in gone:
                session.execute(delete(BatchRow).where(BatchRow.number == number))
                session.execute(delete(JobRow).where(JobRow.number == number))
        return len(gone)


def _known(session: Session, key: str, batch: str | None, again: bool) -> JobRow | None:
    """Find the job that a task of this key can join."""
    latest = session.scalars(
        select(JobRow)
        .where(JobRow.key == key, JobRow.state != State.FAILED)
        .order_by(JobRow.number.desc())
        .limit(1)
    ).first()
    if latest is None or latest.state in OPEN or not again:
        return latest
    if batch and session.get(BatchRow, (batch, latest.number)):
        return latest
    return None


def _new(task: Task, now: datetime) -> JobRow:
    return JobRow(
        job=uuid.uuid4().hex,
        key=task.key,
        exercise=task.exercise,
        attendee=task.attendee,
        state=State.QUEUED,
        urgent=False,
        starts=0,
        task=_packed(task.content),
        queued_at=now,
    )


def _packed(content: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(content).encode(), 1)


def _unpacked(packed: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    return content


def _job(row: JobRow, *, whole: bool = True) -> Job:
    return Job(
        job=row.job,
        exercise=row.exercise,
        attendee=row.attendee,
        state=State(row.state),
        queued_at=row.queued_at,
        finished_at=row.finished_at,
        seconds=row.seconds,
        flags=tuple(row.flags or ()),
        reason=row.reason,
        status=row.status,
        result=row.result if whole else None,
    )


def result_of(job: Job) -> bytes:
    """Return the JSON of a result; the job is done."""
    return zlib.decompress(job.result or zlib.compress(b"{}"))
