"""Choose which lines of a cell show a problem."""

from puppet_kernel.hints.advice import Mark, Scene
from puppet_kernel.results import Line, Pointer, Problem

_MOST = 14


def picture(
    problem: Problem, marks: tuple[Mark, ...], scene: Scene
) -> tuple[Line, ...]:
    """Return the cell's lines around the marked places; none for another file.

    Without marks, the place that Puppet names. The lines before and behind a place go
    along where they hold something.
    """
    if problem.file:
        return ()
    if not marks and problem.line:
        marks = (Mark(problem.line, problem.column or 0),)
    elif problem.issue == "SYNTAX_ERROR" and problem.line and problem.column:
        # What is missing stands elsewhere, and Puppet's words are about this place.
        if all(mark.line != problem.line for mark in marks):
            marks = (*marks, Mark(problem.line, problem.column, 1, "noticed here"))
    code = scene.code.split("\n")
    marked = [mark for mark in marks if 0 < mark.line <= len(code)][:_MOST]
    numbers = {mark.line for mark in marked}
    if problem.line and 0 < problem.line <= len(code):
        numbers.add(problem.line)
    if len(numbers) * 3 <= _MOST and any(mark.column for mark in marked):
        around = {n + step for n in numbers for step in (-1, 1)}
        numbers |= {n for n in around if 0 < n <= len(code) and code[n - 1].strip()}
    return tuple(
        Line(number, code[number - 1], _pointers(number, marked))
        for number in sorted(numbers)
    )


def _pointers(line: int, marks: list[Mark]) -> tuple[Pointer, ...]:
    here = {
        Pointer(mark.column, mark.length, mark.label)
        for mark in marks
        if mark.line == line and mark.column > 0
    }
    return tuple(sorted(here, key=lambda pointer: (pointer.column, pointer.label)))
