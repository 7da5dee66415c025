"""The waiting line as a table: it outlives the hub, and the desk reads it there.

The hub alone writes it. Rows are people who arrived and cannot work yet; who came when
is what a hub that was restarted gives them their places back by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment

AWAY = "away"


@dataclass(frozen=True)
class InLine:
    """Describe somebody in line.

    `stage` is "seat" while they wait for a seat, "start" while they wait for their turn
    and "starting" while their machine starts, with place 0. Who was in line before the
    hub was restarted, and has not come back, is "away". `estimate_seconds` is None if
    nobody can say.
    """

    attendee: str
    arrived: datetime
    stage: str
    place: int
    estimate_seconds: int | None


class InLineRow(Base):
    """Somebody who arrived and cannot work yet."""

    __tablename__ = "in_line"

    attendee: Mapped[str] = mapped_column(String(64), primary_key=True)
    arrived: Mapped[datetime] = mapped_column(Moment)
    stage: Mapped[str] = mapped_column(String(16))
    place: Mapped[int]
    estimate_seconds: Mapped[int | None]


class LineTable:
    """Read and write the line; safe to use from several threads and processes.

    Raises SQLAlchemyError if the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, line: Sequence[InLine]) -> None:
        """Replace the whole line."""
        with Session(self._engine) as db, db.begin():
            db.execute(delete(InLineRow))
            db.add_all(InLineRow(**vars(one)) for one in line)

    def recover(self) -> dict[str, datetime]:
        """Mark everybody as away, since the hub starts, and tell who came when."""
        with Session(self._engine) as db, db.begin():
            db.execute(update(InLineRow).values(stage=AWAY, estimate_seconds=None))
            rows = db.execute(select(InLineRow.attendee, InLineRow.arrived))
            return {name: arrived for name, arrived in rows}

    def read(self) -> list[InLine]:
        """List the line: who is being started first, then by place; nobody away."""
        query = (
            select(InLineRow)
            .where(InLineRow.stage != AWAY)
            .order_by(InLineRow.place, InLineRow.arrived)
        )
        with Session(self._engine) as db:
            return [
                InLine(
                    row.attendee,
                    row.arrived,
                    row.stage,
                    row.place,
                    row.estimate_seconds,
                )
                for row in db.scalars(query)
            ]
