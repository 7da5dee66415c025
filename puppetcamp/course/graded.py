"""Find what real grading shows: of the release, the reference and wrong answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from puppet_kernel.cells import is_blank, parse
from puppet_kernel.errors import CellError
from puppet_kernel.results import Kind
from puppetcamp.course import pages
from puppetcamp.course.faults import Fault
from puppetcamp.course.marking import Marks, added, mark
from puppetcamp.course.pages import Cell, Page
from puppetcamp.course.wrong_answers import WrongAnswer
from puppetcamp.grading.runner import Runner

# Names of the checks that are added to an exercise; its own have no space in theirs.
_SECOND_RUN = "second run"
_RELEASED = "released "
_AGAIN = "%%idempotent second_run"


@dataclass(frozen=True)
class Untouched:
    """Grade what an attendee who does nothing hands in: it must earn nothing."""

    exercise: str
    page: Page
    released: Page

    @property
    def label(self) -> str:
        """Say what is graded."""
        return "the release, untouched"

    def faults(self, runner: Runner) -> tuple[list[Fault], float]:
        """Grade; return the faults and the seconds it took."""
        answers = {pages.name(c): c["source"] for c in self.released.answers}
        marks = mark(runner, self.page, answers, exercise=self.exercise)
        found = [
            Fault(
                self.exercise,
                self.page.path,
                check,
                "it passes on the untouched release, so it gives points for nothing",
                "let it ask for something that only the answer brings about",
            )
            for check in marks.passed
        ]
        return found + _troubles(self, self.page, marks), marks.seconds


@dataclass(frozen=True)
class Reference:
    """Grade the reference: full points, a clean second run, and the released checks."""

    exercise: str
    page: Page
    released: Page | None

    @property
    def label(self) -> str:
        """Say what is graded."""
        return "the reference answer"

    def faults(self, runner: Runner) -> tuple[list[Fault], float]:
        """Grade; return the faults and the seconds it took."""
        more = []
        if any(map(_applies, self.page.code)):
            more.append((_end_of_answers(self.page), added(_SECOND_RUN, _AGAIN)))
        more += [(len(self.page.cells), cell) for cell in self._released_checks()]
        marks = mark(runner, self.page, {}, exercise=self.exercise, more=more)
        found = [
            Fault(self.exercise, self.page.path, *_of_reference(check, reason))
            for check, reason in marks.failed.items()
            if not self._told_already(check, marks)
        ]
        return found + _troubles(self, self.page, marks), marks.seconds

    def _released_checks(self) -> Iterator[Cell]:
        """Make the checks as attendees have them, where they differ."""
        for cell in self.released.checks if self.released else ():
            source = cell["source"]
            stored = [c for c in self.page.checks if pages.name(c) == pages.name(cell)]
            same = any(c["source"].rstrip() == source.rstrip() for c in stored)
            if not same and not is_blank(source.partition("\n")[2]):
                yield added(_RELEASED + pages.name(cell), source)

    def _told_already(self, check: str, marks: Marks) -> bool:
        return check.removeprefix(_RELEASED) in marks.failed and check.startswith(
            _RELEASED
        )


@dataclass(frozen=True)
class Wrong:
    """Grade a wrong answer: it must fail the check that it is named after, only."""

    exercise: str
    page: Page
    wrong: WrongAnswer

    @property
    def label(self) -> str:
        """Say what is graded."""
        return self.wrong.path.name

    def faults(self, runner: Runner) -> tuple[list[Fault], float]:
        """Grade; return the faults and the seconds it took."""
        cells = [pages.name(cell) for cell in self.page.answers]
        answers = self.wrong.answers(cells)
        marks = mark(runner, self.page, answers, exercise=self.exercise)
        told = _of_wrong(self.wrong.check, marks)
        found = [Fault(self.exercise, self.wrong.path, *told)] if told else []
        flags = [trouble for trouble in marks.trouble if not trouble[0]]
        found += [
            Fault(self.exercise, self.wrong.path, *_trouble(cell, what))
            for cell, what in flags
        ]
        return found, marks.seconds


Proof = Untouched | Reference | Wrong


def _of_wrong(check: str, marks: Marks) -> tuple[str, str, str] | None:
    failed = marks.failed
    if not failed and not marks.passed:
        return None
    if not failed:
        return (
            check,
            "it fails no check; this answer earns all points",
            "let the check look closer, or remove the file if the answer is right",
        )
    others = [f"{name} ({reason})" for name, reason in failed.items() if name != check]
    if check not in failed:
        return (
            check,
            f"it passes this check and fails {', '.join(others)}",
            f"rename it to {next(iter(failed))}__WHAT_IS_WRONG.pp, or let it err as "
            "its name says",
        )
    if others:
        return (
            check,
            f"beside this check it fails {', '.join(others)}",
            "let it err in one way only, or let the checks ask for separate things",
        )
    return None


def _of_reference(check: str, reason: str) -> tuple[str, str, str]:
    if check == _SECOND_RUN:
        return (
            "",
            f"a second run of the reference changes something: {reason}",
            "mend the reference: what is as it should be stays as it is",
        )
    if check.startswith(_RELEASED):
        return (
            check.removeprefix(_RELEASED),
            f"without its hidden part it fails for the reference: {reason}",
            "let what is left of it hold for the reference",
        )
    return check, f"the reference fails it: {reason}", "mend the reference or the check"


def _troubles(proof: Untouched | Reference, page: Page, marks: Marks) -> list[Fault]:
    return [
        Fault(proof.exercise, page.path, *_trouble(cell, f"{proof.label}: {what}"))
        for cell, what in marks.trouble
    ]


def _trouble(cell: str, what: str) -> tuple[str, str, str]:
    return cell, what, "mend the cause, then prove it again"


def _applies(cell: Cell) -> bool:
    """Tell whether a cell is a part of the manifest that a second run applies.

    An exercise may be about files only, as one about tests of a module is.
    """
    if pages.is_check(cell) or pages.meant_to_fail(cell):
        return False
    try:
        return parse(cell["source"]).kind is Kind.APPLY
    except CellError:
        return False


def _end_of_answers(page: Page) -> int:
    """Return the place right below the last cell that an attendee's Puppet runs."""
    places = [
        number
        for number, cell in enumerate(page.cells, 1)
        if cell["cell_type"] == "code" and not pages.is_check(cell)
    ]
    return max(places, default=len(page.cells))
