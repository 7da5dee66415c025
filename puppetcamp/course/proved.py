"""What is known of an exercise after it was looked at, and after it was graded."""

from dataclasses import dataclass, field

from puppetcamp.course import pages
from puppetcamp.course.faults import Fault
from puppetcamp.course.folder import Exercise
from puppetcamp.course.pages import Page
from puppetcamp.course.wrong_answers import WrongAnswer


@dataclass
class Proved:
    """Hold what is known of an exercise: its parts, its faults, what it took."""

    exercise: Exercise
    pages: list[Page] = field(default_factory=list)
    wrong: list[WrongAnswer] = field(default_factory=list)
    released: dict[str, Page] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    """Notebooks in other languages: nobody proves them."""
    faults: list[Fault] = field(default_factory=list)
    proofs: int = 0
    seconds: float = 0.0

    @property
    def checks(self) -> int:
        """Count the checks."""
        return sum(len(page.checks) for page in self.pages)

    @property
    def points(self) -> float:
        """Add up what the checks are worth."""
        return sum(pages.points(cell) for page in self.pages for cell in page.checks)
