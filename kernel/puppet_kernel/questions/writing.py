"""Tell what became of a file that a cell wrote, or why it was not written."""

from collections.abc import Iterator
from typing import Any

from puppet_kernel.cells import Cell
from puppet_kernel.display import words
from puppet_kernel.document import Block, Diff, Table, Text, Tone
from puppet_kernel.questions import plain
from puppet_kernel.results import Problem, State

MAX_BODY = 1_048_576
_MAX_ADVICE = 20
_STATES = {
    "created": (State.CHANGED, Tone.NEWS),
    "changed": (State.CHANGED, Tone.NEWS),
    "unchanged": (State.UNCHANGED, Tone.GOOD),
}


def body_of(cell: Cell) -> str:
    """Return a cell's text as a file: it ends with a newline, unless it is empty."""
    return cell.body if cell.body.endswith("\n") or not cell.body else f"{cell.body}\n"


def unsendable(body: str, cell: Cell) -> Problem | None:
    """Return why a text is not even sent to the node, or None."""
    try:
        size = len(body.encode())
    except UnicodeEncodeError as error:
        line = body.count("\n", 0, error.start) + cell.first_line
        message = "the text holds half a character; nothing is written"
        return Problem("error", message, line=line, hint="type that line anew")
    if size <= MAX_BODY:
        return None
    message = f"a cell writes at most {MAX_BODY:,} bytes, and this has {size:,}"
    hint = "fetch large files with %%sh, or with a file resource and its source"
    return Problem("error", f"{message}; nothing is written", hint=hint)


def problems(data: dict[str, Any], cell: Cell) -> tuple[list[Problem], list[Problem]]:
    """Return the errors and the warnings about a text, with their lines in the cell."""
    found = [_problem(told, cell) for told in plain.records(data.get("problems"))]
    errors = [problem for problem in found if problem.level == "error"]
    return errors, [problem for problem in found if problem.level != "error"]


def _problem(told: dict[str, Any], cell: Cell) -> Problem:
    line = plain.number(told.get("line"))
    lines = cell.body.split("\n")
    excerpt = lines[line - 1] if line and 0 < line <= len(lines) else ""
    message = plain.text(told.get("message"))
    other = plain.number(told.get("other"))
    if other:
        message = message.replace("{other}", str(other + cell.first_line - 1))
    return Problem(
        level="error" if told.get("level") == "err" else "warning",
        message=message,
        line=line + cell.first_line - 1 if line else None,
        column=plain.number(told.get("column")),
        issue=plain.text(told.get("issue")) or None,
        excerpt=excerpt,
        hint=plain.text(told.get("hint")),
    )


def refused(data: dict[str, Any]) -> Text:
    """Return the line that says which file is as it was."""
    kind = plain.text(data.get("kind")) or "file"
    told = f"{words.MARKS[State.FAILED]} not written  {plain.text(data.get('path'))}"
    return Text(f"{told}: this is no valid {kind}", Tone.BAD)


def written(data: dict[str, Any]) -> Iterator[Block]:
    """Show what became of a file: where it is, whose it is, what is different."""
    state, tone = _STATES.get(
        plain.text(data.get("state")), (State.FAILED, Tone.WARNING)
    )
    told = f"{words.MARKS[state]} {plain.text(data.get('state'))}"
    yield Text(f"{told}  {plain.text(data.get('path'))}", tone, strong=True)
    yield Text("; ".join(_about(data)), Tone.FAINT)
    diff = plain.text(data.get("diff"))
    if diff:
        yield Diff(diff)


def _about(data: dict[str, Any]) -> Iterator[str]:
    kind = plain.text(data.get("kind"))
    size = plain.number(data.get("size")) or 0
    owner, group = plain.text(data.get("owner")), plain.text(data.get("group"))
    unit = "byte" if size == 1 else "bytes"
    about = f"{size:,} {unit}, owner {owner}, group {group}, mode {data.get('mode')}"
    yield f"{kind}, {about}" if kind else about
    user = plain.text(data.get("instead_of"))
    if user:
        yield f"written as root, because {user} may not"
    if data.get("link"):
        yield f"through a symbolic link to {plain.text(data.get('link'))}"
    made = plain.words(data.get("made"))
    if made:
        yield f"made the folder{'' if len(made) == 1 else 's down to'} {made[-1]}"


def warned(warnings: list[Problem]) -> Iterator[Block]:
    """Show warnings, each with its line and its next step."""
    for warning in warnings[: words.MAX_PROBLEMS]:
        where = f" (line {warning.line})" if warning.line else ""
        hint = f"\n  → {warning.hint}" if warning.hint else ""
        told = f"Warning: {warning.message}{where}{hint}"
        yield Text(told, Tone.WARNING)


def advised(data: dict[str, Any], cell: Cell) -> Iterator[Block]:
    """Show what puppet-lint would improve in a file that was written."""
    if not isinstance(data.get("lint"), list):
        return
    found = plain.records(data.get("lint"))
    if not found:
        yield Text("✓ puppet-lint has nothing to improve", Tone.GOOD)
        return
    rows = tuple(
        (_where(advice, cell), plain.text(advice.get("message")))
        for advice in found[:_MAX_ADVICE]
    )
    left = len(found) - len(rows)
    more = (("", f"… and {left} more; %lint with the file's path shows all"),)
    yield Table(("where", "puppet-lint's advice"), rows + (more if left else ()), "")


def _where(advice: dict[str, Any], cell: Cell) -> str:
    line = plain.number(advice.get("line")) or 1
    return f"line {line + cell.first_line - 1}"
