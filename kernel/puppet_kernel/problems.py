"""Turn what a worker says went wrong into a Problem: Puppet's words, their place."""

import re
from collections.abc import Mapping
from typing import Any

from puppet_kernel import hints
from puppet_kernel.cells import Cell, misplaced_magic, question_within
from puppet_kernel.results import Problem
from puppet_kernel.worker import Event

ERROR_LEVELS = frozenset({"err", "alert", "emerg", "crit"})
_NAMES = 300
_TRACE = 40
_LONGEST = 200
# Issues of a text that Puppet cannot read; there are more, but none that %% causes.
_UNREADABLE = frozenset({"SYNTAX_ERROR", "UNCLOSED_QUOTE"})
# What Puppet says of a line magic within code, which it takes for a remainder.
_REMAINDER = frozenset(
    {"NOT_NUMERIC", "OPERATOR_NOT_APPLICABLE", "IDEM_EXPRESSION_NOT_LAST"}
)
# Puppet ends many messages with the place, the node's name, or a second telling.
_PLACE = re.compile(
    r" ?\((?:file: (?P<file>[^,()]+), )?line: (?P<line>\d+)"
    r"(?:, column: (?P<column>\d+))?\)"
)
# Says twice that there is an error, before it says which.
_PREAMBLE = re.compile(
    r"\AEvaluation Error: (?:Error while evaluating an? [A-Z][\w' ]*, )?"
)
_NODE = re.compile(r" on node \S+\Z")
_SECOND_TELLING = re.compile(
    r"\n(?:Wrapped exception:\n.*|\\nTry the '--graph' option.*)\Z"
    r"|\\nTry the '--graph' option.*\Z",
    re.DOTALL,
)


def problem(
    event: Event,
    cell: Cell,
    printed: str = "",
    lines: Mapping[str, int] | None = None,
) -> Problem:
    """Return what an event of the worker says about a cell that went wrong.

    `printed` is what the event's resource has printed; `lines` are those on which
    resources stand.
    """
    message = str(event.get("message", ""))
    line, column, file = event.get("line"), event.get("pos"), event.get("file")
    place = _PLACE.search(message)
    if place and line is None:
        line, file = int(place["line"]), file or place["file"]
        column = int(place["column"]) if place["column"] else None
    level = str(event.get("level", "err"))
    if level in ERROR_LEVELS and not file:
        unreadable = event.get("issue") in _UNREADABLE
        magic = misplaced_magic(cell.code, line if unreadable else None)
        if event.get("issue") in _REMAINDER:
            magic = magic or question_within(cell.code)
        if magic:
            return _misplaced(cell, *magic)
    told = Problem(
        level="error" if level in ERROR_LEVELS else level,
        message=clean(message),
        line=line,
        column=column,
        file=file or None,
        issue=event.get("issue"),
        excerpt="" if file else _excerpt(cell, line),
        backtrace=_strings(event.get("trace"), _TRACE),
    )
    scene = hints.Scene(
        # What is wrong in another file has nothing to do with the cell's words.
        code="" if file else cell.code,
        names=_strings(event.get("known"), _NAMES),
        folders=_strings(event.get("folders"), _TRACE),
        existing=str(event.get("existing") or "")[:_LONGEST],
        user=str(event.get("user") or "")[:_LONGEST],
        printed=printed,
        lines=lines or {},
    )
    return hints.advised(told, scene)


def _strings(value: Any, most: int) -> tuple[str, ...]:
    found = value if isinstance(value, list) else []
    return tuple(str(item)[:_LONGEST] for item in found[:most])


def _misplaced(cell: Cell, magic: str, line: int) -> Problem:
    excerpt = _excerpt(cell, line)
    place = "must be the first line of its cell; move {} there from line {}"
    if not magic.startswith("%%"):
        place = "stands alone or below a manifest; move {} to the end from line {}"
    return Problem(
        level="error",
        message=f"a magic {place.format(magic, line)}",
        line=line,
        column=excerpt.find(magic) + 1,
        issue="SYNTAX_ERROR",
        excerpt=excerpt,
    )


def clean(message: str) -> str:
    """Return a message without its place, its node, and what it says twice."""
    text = _NODE.sub("", _SECOND_TELLING.sub("", message)).rstrip()
    text = _PREAMBLE.sub("", text)
    places = list(_PLACE.finditer(text))
    if places and places[-1].end() == len(text):
        last = places[-1]
        # Told beside the message; the same place within it is one time too many.
        # ("declared at (line: 1); cannot redeclare (line: 1)" needs both.)
        again = re.compile(rf"(?<! at){re.escape(last[0])}")
        text = again.sub("", text[: last.start()])
    return _PLACE.sub(_readable_place, text)


def _readable_place(found: re.Match[str]) -> str:
    file = f"{found['file']} " if found["file"] else ""
    return f" ({file}line {found['line']})"


def _excerpt(cell: Cell, line: int | None) -> str:
    lines = cell.code.split("\n")
    if line is None or not cell.first_line <= line <= len(lines):
        return ""
    return lines[line - 1]
