"""Turn a result into notebook outputs: the kernel sends them, a grader stores them."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from puppet_kernel import document_html, document_text, words
from puppet_kernel.display_html import to_html
from puppet_kernel.display_text import resources_text, to_text
from puppet_kernel.document import Block, Diagram, Markdown
from puppet_kernel.results import CellResult, Kind, Problem, State, Verdict

__all__ = [
    "error_output",
    "mime_bundle",
    "outputs",
    "pictures",
    "to_html",
    "to_text",
]

VERDICT_MIME = "application/vnd.puppet.verdict+json"

# No colours: red on the red of an error box is legible in no theme.
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_OFF = "\x1b[0m"
_MAX_LINE = 300


def outputs(result: CellResult) -> list[dict[str, Any]]:
    """Return the outputs of a cell, as in a notebook file of format 4.

    In order: what was printed, the picture of the result, the error. A cell that is
    not ok always ends with an `error` output.
    """
    found: list[dict[str, Any]] = []
    if result.output:
        found.append({"output_type": "stream", "name": "stdout", "text": result.output})
    found.extend(
        {"output_type": "display_data", "data": bundle, "metadata": {}}
        for bundle in pictures(result)
    )
    if not result.ok:
        found.append(_error(result))
    return found


def pictures(result: CellResult) -> list[dict[str, Any]]:
    """Return what a cell shows, one dict of MIME types per output."""
    found = [mime_bundle(result)] if words.worth_showing(result) else []
    for drawn, blocks in groupby(result.blocks, key=_is_drawn_by_jupyter):
        if drawn:
            found.extend(map(_drawn, blocks))
        else:
            shown = tuple(blocks)
            html = document_html.to_html(shown)
            found.append(
                {
                    "text/plain": document_text.to_text(shown),
                    "text/html": f'<div class="puppet-answer">{html}</div>',
                }
            )
    return found


def _is_drawn_by_jupyter(block: Block) -> bool:
    return isinstance(block, Markdown | Diagram)


def _drawn(block: Block) -> dict[str, Any]:
    bundle = {"text/plain": document_text.to_text([block])}
    if isinstance(block, Markdown):
        bundle["text/markdown"] = block.text
    elif isinstance(block, Diagram):
        bundle["text/vnd.mermaid"] = block.mermaid
    return bundle


def mime_bundle(result: CellResult) -> dict[str, Any]:
    """Return what resources did by MIME type; a check adds its verdict."""
    bundle: dict[str, Any] = {
        "text/plain": resources_text(result),
        "text/html": to_html(result),
    }
    if result.verdict is not None:
        bundle[VERDICT_MIME] = {
            "check": result.verdict.check_id,
            "passed": result.verdict.passed,
            "reason": result.verdict.reason,
        }
    return bundle


def error_output(name: str, value: str, traceback: list[str]) -> dict[str, Any]:
    """Return an `error` output; an empty traceback becomes name and value."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": value,
        "traceback": traceback or [f"{_BOLD}{name}{_OFF}: {value}"],
    }


def _error(result: CellResult) -> dict[str, Any]:
    name, value = _name(result), _value(result)
    traceback: list[str] = []
    if result.verdict is not None:
        traceback.extend(_expectation(result.verdict))
    elif result.interrupted:
        traceback.append(f"{_BOLD}Interrupted{_OFF}: {value}")
    for problem in _short(result)[: words.MAX_PROBLEMS]:
        # A check has told its first problem already, but for the line.
        if result.verdict is None or problem.excerpt or problem.file:
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


def _expectation(verdict: Verdict) -> list[str]:
    name = f" ({verdict.check_id})" if verdict.check_id else ""
    title = f"{_BOLD}Expectation failed{_OFF}{name}:"
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
        return "ExpectationFailed"
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
    if problem.excerpt and problem.line:
        number = f"{problem.line:>4} │ "
        lines.append(f"{_DIM}{number}{_OFF}{problem.excerpt[:_MAX_LINE]}")
        if problem.column and problem.column <= _MAX_LINE:
            # A tab stays a tab, so that the caret stands below its character.
            before = problem.excerpt[: problem.column - 1]
            gap = "".join("\t" if c == "\t" else " " for c in before)
            gap += " " * (problem.column - 1 - len(before))
            lines.append(f"{_DIM}     │ {_OFF}{gap}{_BOLD}^{_OFF}")
    return lines
