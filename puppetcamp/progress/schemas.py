"""What a seat reports of its cells: hostile data, bounded and checked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

_TEXT = r"^[^\x00-\x1f\x7f]*$"

Label = Annotated[str, Field(max_length=255, pattern=_TEXT)]


class _Report(BaseModel):
    model_config = ConfigDict(extra="ignore")


class CheckReport(_Report):
    """Tell whether a check passed."""

    id: Annotated[str, Field(min_length=1, max_length=100, pattern=_TEXT)]
    passed: bool


class CellReport(_Report):
    """Report one run of a cell."""

    at: AwareDatetime = Field(description="When, by the seat's clock.")
    notebook: Annotated[Label, Field(min_length=1, description="Its path.")]
    cell: Annotated[str, Field(min_length=1, max_length=100, pattern=_TEXT)]
    status: Literal["ok", "failed", "refused"]
    checks: list[CheckReport] = Field(default=[], max_length=100)
    seconds: float = Field(default=0, ge=0, le=86400 * 7, allow_inf_nan=False)

    def happened(self, now: datetime) -> datetime:
        """Give the moment of the run; a seat's clock may be anything but ahead."""
        return min(self.at, now)


class ProgressReport(_Report):
    """Report runs of cells, in the order in which they ended."""

    cells: list[CellReport] = Field(min_length=1, max_length=100)


class Received(BaseModel):
    """Confirm a report."""

    received: int = Field(ge=0, description="How many runs were noted.")
