"""The audit log: what was done at the desk, by whom, to whom; rows are only added."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Engine, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment
from puppetcamp.desk.schemas import Action, AuditEntry


class AuditRow(Base):
    """One thing that was done, or refused."""

    __tablename__ = "desk_audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(32))
    attendees: Mapped[list[str]] = mapped_column(JSON)
    everybody: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    done: Mapped[bool]


class Audit:
    """Write and read the audit log."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        at: datetime,
        by: str,
        action: Action | str,
        text: str,
        attendees: Sequence[str] = (),
        *,
        everybody: bool = False,
        done: bool = True,
    ) -> None:
        """Remember what was done; see `AuditEntry` for the meaning."""
        row = AuditRow(
            at=at,
            by=by,
            action=str(action),
            attendees=list(attendees),
            everybody=everybody,
            text=text,
            done=done,
        )
        with Session(self._engine) as db, db.begin():
            db.add(row)

    def last(self, count: int, before: int | None = None) -> list[AuditEntry]:
        """List the newest entries, newest first; `before` is an entry's id."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(count)
        if before is not None:
            query = query.where(AuditRow.id < before)
        with Session(self._engine) as db:
            return [_entry(row) for row in db.scalars(query)]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        by=row.by,
        action=row.action,
        attendees=row.attendees,
        everybody=row.everybody,
        text=row.text,
        done=row.done,
    )
