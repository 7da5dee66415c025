"""One fault of an exercise: where it is, what is wrong, and what to do about it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """Tell one fault in words that an instructor can act on.

    `cell` is the cell's grade_id, or its id, or empty for a fault of the whole file.
    """

    exercise: str
    file: Path
    cell: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.cell}" if self.cell else str(self.file)
        return f"{where}: {self.what}; {self.remedy}"
