"""Whose home lies in which volume: decided once, kept for good.

A home is usually named after its owner. Somebody without one who takes a warm seat
takes over the volume that was made for that seat.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Engine, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from puppetcamp.database import Base, Moment
from puppetcamp.deployment import Deployment


class HomeRow(Base):
    """One person's home; `entered` is when a seat last began to use it."""

    __tablename__ = "home"

    owner: Mapped[str] = mapped_column(String(255), primary_key=True)
    volume: Mapped[str] = mapped_column(String(255), unique=True)
    entered: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Homes:
    """Look up and remember homes; safe in several threads and processes."""

    engine: Engine
    deployment: Deployment

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one: traitlets copies configuration."""
        return self

    def volume_of(self, owner: str) -> str:
        """Name the volume of somebody's home, whether it was made already or not."""
        return self.known(owner) or self.deployment.home_volume(owner)

    def known(self, owner: str) -> str | None:
        """Name the volume of somebody who was here before; None for anybody else."""
        with Session(self.engine) as db:
            row = db.get(HomeRow, owner)
            return None if row is None else row.volume

    def enter(self, owner: str, now: datetime) -> str:
        """Remember that somebody's home is used from now on; name its volume."""
        with Session(self.engine) as db, db.begin():
            return enter(db, owner, self.deployment.home_volume(owner), now)

    def entered_since(self, moment: datetime) -> frozenset[str]:
        """Name everybody whose home began to be used at `moment` or later."""
        query = select(HomeRow.owner).where(HomeRow.entered >= moment)
        with Session(self.engine) as db:
            return frozenset(db.scalars(query))


def enter(db: Session, owner: str, volume: str, now: datetime) -> str:
    """Do the same in a transaction that is open; `volume` is for who has none yet."""
    changed = db.execute(
        update(HomeRow)
        .where(HomeRow.owner == owner)
        .values(entered=now)
        .returning(HomeRow.volume)
    ).scalar()
    if changed is None:
        db.add(HomeRow(owner=owner, volume=volume, entered=now))
        db.flush()
        return volume
    return str(changed)
