"""Find what is wrong with an exercise as it is stored, without running anything."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from puppet_kernel.cells import parse
from puppet_kernel.errors import CellError
from puppetcamp.course import pages, wrong_answers
from puppetcamp.course.faults import Fault
from puppetcamp.course.folder import Exercise
from puppetcamp.course.pages import Cell, Page
from puppetcamp.course.wrong_answers import WrongAnswer
from puppetcamp.grading.errors import NotebookRefused
from puppetcamp.grading.lint import Issue, lint

_GIVEN_BY_A_MACHINE = re.compile(r"(?:cell-)?[0-9a-f]{8,}|[0-9a-f-]{36}")

_Told = tuple[str, str, str]
"""Cell, what is wrong, remedy."""


def of_page(page: Page) -> Iterator[_Told]:
    """Find faults of a notebook, each with the cell's name."""
    yield from _outputs(page)
    yield from _ids(page)
    yield from _answers(page)
    if not page.checks:
        yield "", "it has no check", "add a cell of `%%expect` with points"
    for cell in page.checks:
        yield from _check(cell)
    yield from _lint(page)


def of_wrong_answers(
    exercise: Exercise, found: Sequence[WrongAnswer], page_list: Sequence[Page]
) -> Iterator[Fault]:
    """Find faults of an exercise's wrong answers: their names, texts and number."""
    checks = [pages.name(cell) for page in page_list for cell in page.checks]
    for wrong in found:
        cells = answer_cells(page_list, wrong.check)
        for what, remedy in wrong.faults(checks, cells):
            yield Fault(exercise.name, wrong.path, "", what, remedy)
    if len(found) < wrong_answers.LEAST:
        yield Fault(
            exercise.name,
            exercise.folder,
            "",
            f"it has {len(found)} wrong answers",
            f"write at least {wrong_answers.LEAST}, as learners err, in "
            f"wrong/{exercise.name}",
        )
    named = {wrong.check for wrong in found}
    for page in page_list:
        for check in (pages.name(cell) for cell in page.checks):
            if check not in named:
                yield Fault(
                    exercise.name,
                    page.path,
                    check,
                    "no wrong answer fails this check",
                    f"write wrong/{exercise.name}/{check}__WHAT_IS_WRONG.pp",
                )


def answer_cells(page_list: Sequence[Page], check: str) -> list[str]:
    """List the answer cells of the notebook that holds a check; else of the first."""
    for page in page_list:
        if check in map(pages.name, page.checks):
            return [pages.name(cell) for cell in page.answers]
    return [pages.name(cell) for page in page_list[:1] for cell in page.answers]


def repeated(page_list: Iterable[tuple[str, Page]]) -> Iterator[Fault]:
    """Find checks of one name in several exercises, given as (exercise, notebook)."""
    places: dict[str, list[tuple[str, Page]]] = {}
    for exercise, page in page_list:
        for check in dict.fromkeys(map(pages.name, page.checks)):
            places.setdefault(check, []).append((exercise, page))
    for check, found in places.items():
        for exercise, page in found[1:]:
            yield Fault(
                exercise,
                page.path,
                check,
                f"{found[0][1].path.name} has a check of the same name",
                "rename one of them; reports and wrong answers go by the name",
            )


def _outputs(page: Page) -> Iterator[_Told]:
    for cell in page.code:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield (
                pages.name(cell),
                "it is stored with its outputs",
                "clear all outputs and save the notebook",
            )


def _ids(page: Page) -> Iterator[_Told]:
    cell_ids = Counter(cell["id"] for cell in page.cells if "id" in cell)
    grade_ids = Counter(
        pages.grading(cell)["grade_id"]
        for cell in page.cells
        if pages.grading(cell).get("grade_id")
    )
    for what, ids in (("id", cell_ids), ("grade_id", grade_ids)):
        for name, times in ids.items():
            if times > 1:
                yield name, f"{times} cells have this {what}", "rename all but one"


def _answers(page: Page) -> Iterator[_Told]:
    if not page.answers:
        yield (
            "",
            "it has no answer cell, so there is nothing to do",
            "give a code cell nbgrader's role *Autograded answer*",
        )
    for cell in page.answers:
        if not any(region.strip() for region in pages.solutions(cell)):
            yield (
                pages.name(cell),
                "its reference answer is not between SOLUTION marks",
                "put it between `### BEGIN SOLUTION` and `### END SOLUTION`",
            )


def _check(cell: Cell) -> Iterator[_Told]:
    name = pages.name(cell)
    if pages.points(cell) <= 0:
        yield name, "it is worth no points", "give it points"
    if pages.grading(cell).get("locked") is not True:
        yield (
            name,
            "it is not locked, so an attendee's changes to it would be graded",
            "give the cell nbgrader's role *Autograded tests*",
        )
    if "__" in name or _GIVEN_BY_A_MACHINE.fullmatch(name):
        yield (
            name,
            "its grade_id does not say what is checked",
            "rename it to words joined by single underscores",
        )
    if reason := _unreadable(cell):
        yield name, f"its first line is wrong: {reason}", "mend that line"


def _lint(page: Page) -> Iterator[_Told]:
    """Tell what lint finds, but what is told here in better words."""
    unread = {pages.name(cell) for cell in page.checks if _unreadable(cell)}
    try:
        found = lint(page.content)
    except NotebookRefused as error:
        yield "", str(error), "mend the notebook"
        return
    for fault in found:
        known = fault.issue is Issue.NOT_A_CHECK and fault.cell_id in unread
        # One grade_id on two cells of any kind is told for all of them at once.
        if not known and fault.issue is not Issue.DUPLICATE:
            yield fault.cell_id, *_split(fault.message, fault.cell_id)


def _unreadable(cell: Cell) -> str:
    """Say why a check's magic line cannot be understood; nothing if it can."""
    try:
        parse(cell["source"])
    except CellError as error:
        return str(error)
    return ""


def _split(message: str, cell: str) -> tuple[str, str]:
    """Split a message of lint into what is wrong and the remedy."""
    what, _, remedy = message.removeprefix(f"check {cell}: ").rpartition("; ")
    return (what, remedy) if what else (remedy, "change the check")
