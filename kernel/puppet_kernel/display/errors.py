"""Show what went wrong as an `error` output: the cell's lines, carets, a next step."""

from dataclasses import replace
from typing import Any

from puppet_kernel.display import words
from puppet_kernel.results import (
    CellResult,
    Kind,
    Line,
    Pointer,
    Problem,
    State,
    Verdict,
)

# No colours: red on the red of an error box is legible in no theme.
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_OFF = "\x1b[0m"
_MAX_LINE = 300


def error_output(name: str, value: str, traceback: list[str]) -> dict[str, Any]:
    """Return an `error` output; an empty traceback becomes name and value."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": value,
        "traceback": traceback or [f"{_BOLD}{name}{_OFF}: {value}"],
    }


def error_of(result: CellResult) -> dict[str, Any]:
    """Return the `error` output of a result that is not ok."""
    name, value = _name(result), _value(result)
    traceback: list[str] = []
    if result.verdict is not None:
        traceback.extend(_expectation(result.verdict, _title(result.kind)))
    elif result.interrupted:
        traceback.append(f"{_BOLD}Interrupted{_OFF}: {value}")
    for problem in _short(result)[: words.MAX_PROBLEMS]:
        # A check has told its first problem already, but for the line.
        if result.verdict is None or problem.excerpt or problem.file or problem.hint:
            traceback.extend(_problem(problem))
    left = len(result.errors) - words.MAX_PROBLEMS
    if left > 0:
        traceback.append(f"… and {left} more errors")
    return error_output(name, value, traceback)


def _short(result: CellResult) -> list[Problem]:
    """Return the errors; of a message that the table tells whole, its outer lines."""
    told = [
        change.message
        for resource in result.resources
        for change in resource.changes
        if change.status == "failure" and "\n" in change.message
    ]
    return [
        replace(problem, message=_outer_lines(problem.message))
        if any(message in problem.message for message in told)
        else problem
        for problem in result.errors
    ]


def _outer_lines(message: str) -> str:
    first, _, rest = message.strip().partition("\n")
    last = rest.rpartition("\n")[2]
    return f"{first} … {last}" if last else first


_TITLES = {Kind.IDEMPOTENT: "Not idempotent", Kind.DRIFT: "Not repaired"}
_ERRORS = {Kind.IDEMPOTENT: "NotIdempotent", Kind.DRIFT: "NotRepaired"}


def _title(kind: Kind) -> str:
    return _TITLES.get(kind, "Expectation failed")


def _expectation(verdict: Verdict, told: str) -> list[str]:
    name = f" ({verdict.check_id})" if verdict.check_id else ""
    title = f"{_BOLD}{told}{_OFF}{name}:"
    if not verdict.problems:
        return [f"{title} {words.cut(verdict.reason, words.MAX_MESSAGE * 5)}"]
    shown = [
        f"  {words.cut(problem, words.MAX_MESSAGE)}"
        for problem in verdict.problems[: words.MAX_PROBLEMS]
    ]
    left = len(verdict.problems) - len(shown)
    return [title, *shown, *([f"  … and {left} more"] if left else [])]


def _name(result: CellResult) -> str:
    if result.verdict is not None:
        return _ERRORS.get(result.kind, "ExpectationFailed")
    if result.interrupted:
        return "Interrupted"
    if result.kind is Kind.SHELL:
        return "ExitStatus"
    if any(r.state is State.FAILED for r in result.resources):
        return "ResourceFailed"
    issue = result.errors[0].issue if result.errors else None
    return "SyntaxError" if issue == "SYNTAX_ERROR" else "PuppetError"


def _value(result: CellResult) -> str:
    if result.verdict is not None:
        name = f"{result.verdict.check_id}: " if result.verdict.check_id else ""
        return name + words.cut(result.verdict.reason, words.MAX_MESSAGE * 5)
    if result.interrupted:
        return "the cell was interrupted; what it had not reached is as before"
    if not result.errors:
        return "the cell did not do all it was asked for"
    first = _short(result)[0]
    where = _where(first)
    message = words.cut(first.message, words.MAX_MESSAGE * 5)
    return f"{message} ({where})" if where else message


def _where(problem: Problem) -> str:
    where = words.place(problem.line, problem.file)
    if problem.column and where:
        where = f"{where}, column {problem.column}"
    return where


def _problem(problem: Problem) -> list[str]:
    where = _where(problem)
    told = f"{_BOLD}Error{_OFF}: {words.cut(problem.message, 4_000)}"
    lines = [f"{told} {_DIM}({where}){_OFF}" if where else told]
    lines += _code(problem)
    if problem.hint:
        first, *more = words.cut(problem.hint, 4_000).split("\n")
        lines += [f"{_BOLD}→{_OFF} {first}", *more]
    return lines


def _code(problem: Problem) -> list[str]:
    """Return the cell's lines that show a problem, with carets below their places."""
    shown = problem.lines
    if not shown and problem.excerpt and problem.line:
        column = problem.column
        pointers = (Pointer(column),) if column else ()
        shown = (Line(problem.line, problem.excerpt, pointers),)
    lines: list[str] = []
    before = None
    for line in shown:
        if before is not None and line.number > before + 1:
            lines.append(f"{_DIM}   ⋮{_OFF}")
        before = line.number
        number = f"{line.number:>4} │ "
        lines.append(f"{_DIM}{number}{_OFF}{line.text[:_MAX_LINE]}")
        plain = [pointer for pointer in line.pointers if not pointer.label]
        lines += [_carets(line.text, plain)] if plain else []
        lines += [_carets(line.text, [p]) for p in line.pointers if p.label]
    return lines


def _carets(text: str, pointers: list[Pointer]) -> str:
    """Return the row below a line that points at places in it, with the last label."""
    row = ""
    for pointer in sorted(pointers, key=lambda pointer: pointer.column):
        column = min(pointer.column, _MAX_LINE)
        # A tab stays a tab, so that the caret stands below its character.
        gap = "".join("\t" if c == "\t" else " " for c in text[: column - 1])
        row += gap[len(row) :].ljust(column - 1 - len(row))
        row += "^" * max(1, min(pointer.length, _MAX_LINE - column + 1))
    blank = row[: len(row) - len(row.lstrip())]
    label = f" {pointers[-1].label}" if pointers[-1].label else ""
    return f"{_DIM}     │ {_OFF}{blank}{_BOLD}{row.lstrip()}{_OFF}{label}"
