"""The progress store: the last state of every cell that an attendee ran.

What is kept of a seat's reports is bounded: so many cells for each attendee, the oldest
go first. Sources and outputs of cells are never reported, and so never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment
from puppetcamp.progress.schemas import CellReport
from puppetcamp.progress.stuck import CellFailures

CELLS = 500
"""How many cells of one attendee are remembered."""


class CellRow(Base):
    """What came of an attendee's runs of one cell."""

    __tablename__ = "progress_cell"

    attendee: Mapped[str] = mapped_column(String(255), primary_key=True)
    notebook: Mapped[str] = mapped_column(String(255), primary_key=True)
    cell: Mapped[str] = mapped_column(String(100), primary_key=True)
    last: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(16))
    runs: Mapped[int]
    failed_in_a_row: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    checks: Mapped[int]
    checks_passed: Mapped[int]


@dataclass(frozen=True)
class NotebookProgress:
    """Count what an attendee's cells of one notebook did when they last ran."""

    notebook: str
    cells_run: int
    cells_failed: int
    checks: int
    checks_passed: int


@dataclass(frozen=True)
class Progress:
    """Hold an attendee's progress, and the cells that keep failing."""

    notebooks: tuple[NotebookProgress, ...] = ()
    failing: tuple[CellFailures, ...] = ()
    last_success: datetime | None = None


class ProgressStore:
    """Take reports and sum them up; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changes = 0
        self._summed: tuple[int, dict[str, Progress]] | None = None

    def report(self, attendee: str, cells: Iterable[CellReport], now: datetime) -> int:
        """Note runs of an attendee's cells; return how many."""
        count = 0
        with Session(self._engine) as db, db.begin():
            for cell in cells:
                _note(db, attendee, cell, now)
                count += 1
            db.flush()
            _forget(db, attendee)
        self._changes += 1
        return count

    def progress(self) -> dict[str, Progress]:
        """Sum up everybody's progress, by name; cheap while nothing was reported."""
        changes = self._changes
        if self._summed is None or self._summed[0] != changes:
            self._summed = changes, self._sum()
        return self._summed[1]

    def _sum(self) -> dict[str, Progress]:
        notebooks: dict[str, list[NotebookProgress]] = {}
        failing: dict[str, list[CellFailures]] = {}
        succeeded: dict[str, datetime] = {}
        failed = func.count().filter(CellRow.status != "ok")
        sums = (
            select(
                CellRow.attendee,
                CellRow.notebook,
                func.count(),
                failed,
                func.sum(CellRow.checks),
                func.sum(CellRow.checks_passed),
            )
            .group_by(CellRow.attendee, CellRow.notebook)
            .order_by(CellRow.attendee, CellRow.notebook)
        )
        best = (
            select(CellRow.attendee, func.max(CellRow.last))
            .where(CellRow.status == "ok")
            .group_by(CellRow.attendee)
        )
        repeated = select(CellRow).where(CellRow.failed_in_a_row > 1)
        with Session(self._engine) as db:
            for name, notebook, run, bad, checks, passed in db.execute(sums):
                one = NotebookProgress(notebook, run, bad, checks, passed)
                notebooks.setdefault(name, []).append(one)
            for name, moment in db.execute(best):
                succeeded[name] = moment
            for row in db.scalars(repeated):
                failing.setdefault(row.attendee, []).append(_failures(row))
        return {
            name: Progress(
                tuple(found), tuple(failing.get(name, ())), succeeded.get(name)
            )
            for name, found in notebooks.items()
        }


def _note(db: Session, attendee: str, cell: CellReport, now: datetime) -> None:
    at = cell.happened(now)
    row = db.get(CellRow, (attendee, cell.notebook, cell.cell))
    if row is None:
        row = CellRow(
            attendee=attendee,
            notebook=cell.notebook,
            cell=cell.cell,
            runs=0,
            failed_in_a_row=0,
        )
        db.add(row)
    row.last, row.status = at, cell.status
    row.runs += 1
    if cell.status == "ok":
        row.failed_in_a_row, row.failing_since = 0, None
    else:
        row.failed_in_a_row += 1
        row.failing_since = row.failing_since or at
    row.checks = len(cell.checks)
    row.checks_passed = sum(check.passed for check in cell.checks)


def _forget(db: Session, attendee: str) -> None:
    """Drop an attendee's oldest cells: a seat may report as many names as it likes."""
    own = CellRow.attendee == attendee
    if (db.scalar(select(func.count()).where(own)) or 0) <= CELLS:
        return
    oldest = db.scalar(
        select(CellRow.last).where(own).order_by(CellRow.last.desc()).offset(CELLS)
    )
    db.execute(delete(CellRow).where(own, CellRow.last <= oldest))


def _failures(row: CellRow) -> CellFailures:
    return CellFailures(
        row.notebook,
        row.cell,
        row.failed_in_a_row,
        row.failing_since or row.last,
        row.last,
    )
