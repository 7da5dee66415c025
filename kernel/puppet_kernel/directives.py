"""Read the lines above a check's assertions that say what to compile it for."""

import re
from dataclasses import dataclass, replace

from puppet_kernel.cells import Cell
from puppet_kernel.errors import Unanswered
from puppet_kernel.results import Problem

_LINE = re.compile(r"[ \t]*%(?P<name>[a-zA-Z]\w*)(?P<rest>(?:[ \t][^\n]*)?)\Z")
_NAMES = frozenset({"as", "data"})
_FORMS = "%as MACHINE [FACT=VALUE …] and %data KEY: VALUE"
_ELSEWHERE = "%{} is for %%compiled, which compiles for other machines and data"
_OUT = "begin the cell with %%compiled, or take the line out"


@dataclass(frozen=True)
class Directives:
    """Hold which machine (or which facts) to compile for, and data lines with places.

    `code` is the cell's code without the directives, each line where it was.
    """

    machine: str = ""
    data: tuple[tuple[int, str], ...] = ()
    code: str = ""


def split(cell: Cell) -> Directives:
    """Return the directives of a check. Raises Unanswered for one that is none."""
    lines = cell.code.split("\n")
    found = Directives()
    for index, line in enumerate(lines):
        directive = _LINE.match(line)
        if directive is None:
            if line.strip() and not line.lstrip().startswith("#"):
                break
            continue
        name, rest = directive["name"], directive["rest"].strip()
        fault = _fault(found, name, rest)
        if fault:
            raise Unanswered(_problem(*fault, index + 1, line))
        found = _with(found, name, rest, index + 1)
        lines[index] = ""
    misplaced = _first(lines)
    if misplaced:
        name, number = misplaced
        message = f"%{name} must stand above what the check expects"
        advice = "move it above the first resource"
        raise Unanswered(_problem(message, advice, number, lines[number - 1]))
    return replace(found, code="\n".join(lines))


def end_of(code: str, start: int) -> int:
    """Return where a check's code begins behind its directives; `start` without any."""
    end = at = start
    for line in code[start:].splitlines(keepends=True):
        at += len(line)
        if _LINE.match(line.rstrip("\r\n")):
            end = at
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return end


def refuse(cell: Cell) -> Problem | None:
    """Return why a check cannot have the directives that it has; None without any."""
    lines = cell.code.split("\n")
    found = _first(lines)
    if found is None:
        return None
    name, number = found
    return _problem(_ELSEWHERE.format(name), _OUT, number, lines[number - 1])


def without(body: str) -> str:
    """Return a body without directives, each line where it was."""
    return "\n".join("" if _first([line]) else line for line in body.split("\n"))


def _first(lines: list[str]) -> tuple[str, int] | None:
    for number, line in enumerate(lines, start=1):
        found = _LINE.match(line)
        if found and found["name"] in _NAMES:
            return found["name"], number
    return None


def _fault(found: Directives, name: str, rest: str) -> tuple[str, str] | None:
    """Return what is wrong with a directive, and what to do; None if nothing is."""
    if name not in _NAMES:
        return f"there is no %{name} here", f"there are {_FORMS}"
    if not rest:
        return f"%{name} needs to be told more", f"there are {_FORMS}"
    if name == "as" and found.machine:
        return "a check is compiled for one machine", "take one %as out"
    return None


def _with(found: Directives, name: str, rest: str, line: int) -> Directives:
    if name == "data":
        return replace(found, data=(*found.data, (line, rest)))
    return replace(found, machine=rest)


def _problem(message: str, hint: str, line: int, text: str) -> Problem:
    return Problem(
        "error",
        message,
        line,
        text.index("%") + 1,
        issue="DIRECTIVE",
        excerpt=text,
        hint=hint,
    )
