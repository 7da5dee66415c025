"""Find checks that check nothing, before an attendee gets their points. Pure.

What a check does is known for certain only when Puppet evaluates it. Lint reads the
text (see `puppetcamp.grading.manifest`): it finds the mistakes that people make, not
every check that somebody makes vacuous on purpose.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from puppet_kernel import directives
from puppet_kernel.cells import Cell, is_blank, parse
from puppet_kernel.errors import CellError, Unanswered
from puppet_kernel.machines import MACHINES, is_machine
from puppet_kernel.results import CHECK_KINDS, Kind
from puppetcamp.grading.manifest import Declared, relates, resources, sets
from puppetcamp.grading.notebook import CodeCell, code_cells, language
from puppetcamp.grading.vacuous import (
    always_true,
    in_every_catalog,
    refreshonly,
    states_nothing,
    unguarded,
)


class Issue(StrEnum):
    """Name what is wrong with a check."""

    NOT_A_CHECK = "not-a-check"
    ID = "id"
    DUPLICATE = "duplicate"
    DIRECTIVE = "directive"
    MACHINE = "machine"
    EMPTY = "empty"
    NOOP = "noop"
    STATES_NOTHING = "states-nothing"
    REFRESHONLY = "refreshonly"
    ALWAYS_TRUE = "always-true"
    UNGUARDED = "unguarded"


_REMEDY = {
    Issue.NOT_A_CHECK: "its first line is none of %%expect, %%idempotent, %%drift and "
    "%%compiled, so it never earns points; begin it with one of them",
    Issue.EMPTY: "it declares no resource; state what the node must look like",
    Issue.NOOP: "it sets noop, which would change the node or hide what it finds; "
    "remove the attribute",
    Issue.STATES_NOTHING: "it only names or audits resources; give them the "
    "attributes that must hold",
    Issue.REFRESHONLY: "a refreshonly exec runs for nobody in a check; remove it or "
    "guard a plain exec with unless or onlyif",
    Issue.ALWAYS_TRUE: "it holds on every node; check what the answer must do",
}
_OF_DRIFT = {
    Issue.EMPTY: "it breaks nothing; declare what an answer has to repair, broken",
    Issue.STATES_NOTHING: "it breaks nothing, as it only names or audits resources; "
    "give them the attributes that break what the answer did",
    Issue.REFRESHONLY: "a refreshonly exec breaks nothing; remove it or guard a plain "
    "exec with onlyif or unless",
    Issue.ALWAYS_TRUE: "it breaks nothing, as every node is like that; break what the "
    "answer did",
    Issue.UNGUARDED: "its exec would run, broken or not, so nobody can tell what "
    "was repaired; give it onlyif or unless, true of what is whole",
}
_OF_COMPILED = {
    Issue.EMPTY: "it asks for nothing; name a resource, an attribute or a relationship "
    "that the catalog must have",
    Issue.ALWAYS_TRUE: "every catalog has what it names; ask for what the answer adds",
}
_WORDS = {
    Kind.DRIFT: {**_REMEDY, **_OF_DRIFT},
    Kind.COMPILED: {**_REMEDY, **_OF_COMPILED},
}


@dataclass(frozen=True)
class Fault:
    """Name one fault of one check; `message` says what and the remedy."""

    cell_id: str
    issue: Issue
    message: str


_Found = tuple[Issue, str]


def lint(notebook: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return all faults of an exercise's checks, in the order of the cells.

    A notebook of another language than Puppet has none that are known here. Raises
    `puppetcamp.grading.errors.NotebookRefused` if it cannot be graded at all.
    """
    if language(notebook) != "puppet":
        return ()
    checks = [cell for cell in code_cells(notebook) if cell.check]
    names = Counter(cell.name for cell in checks)
    return tuple(
        Fault(cell.name, issue, f"check {cell.name}: {message}")
        for cell in checks
        for issue, message in _issues(cell, names)
    )


def _issues(cell: CodeCell, names: Counter[str]) -> Iterator[_Found]:
    try:
        parsed = parse(cell.source)
    except CellError:
        parsed = None
    if parsed is None or parsed.kind not in CHECK_KINDS:
        yield Issue.NOT_A_CHECK, _REMEDY[Issue.NOT_A_CHECK]
        return
    yield from _names(cell, parsed, names)
    try:
        told = directives.split(parsed)
    except Unanswered as error:
        problem = error.problems[0]
        yield Issue.DIRECTIVE, f"{problem.message}; {problem.hint}"
        return
    yield from _of_directives(parsed, told)
    words = _WORDS.get(parsed.kind, _REMEDY)
    for issue in _of_body(parsed.kind, told.code):
        yield issue, words[issue]


def _names(cell: CodeCell, parsed: Cell, names: Counter[str]) -> Iterator[_Found]:
    if names[cell.name] > 1:
        message = (
            "another check has the same name; give each cell a grade_id of its own"
        )
        yield Issue.DUPLICATE, message
    if parsed.argument != cell.name:
        written = f"%%{parsed.magic} {parsed.argument}".strip()
        message = (
            f"its first line is {written}, and its grade_id is another; "
            f"write %%{parsed.magic} {cell.name}"
        )
        yield Issue.ID, message


def _of_directives(parsed: Cell, told: directives.Directives) -> Iterator[_Found]:
    if parsed.kind is not Kind.COMPILED:
        if told.machine or told.data:
            message = "%as and %data are for %%compiled; make it one, or take them out"
            yield Issue.DIRECTIVE, message
        return
    name = told.machine.split()[0] if told.machine else ""
    if not name or "=" in name or "/" in name or name.endswith((".json", ".yaml")):
        return
    if not is_machine(name):
        known = ", ".join(MACHINES)
        message = f"there are no facts of {name} for %as; take one of {known}"
        yield Issue.MACHINE, message


def _of_body(kind: Kind, body: str) -> Iterable[Issue]:
    if kind is Kind.IDEMPOTENT and is_blank(body):
        return []  # the attendee's whole manifest
    found = [Issue.NOOP] if sets(body, "noop") else []
    declared = resources(body)
    if kind is Kind.COMPILED:
        return found + _of_compiled(declared, body)
    if not declared:
        return [*found, Issue.EMPTY]
    rules = _RULES.get(kind, _VACUOUS)
    vacuous = [_vacuous(resource, rules) for resource in declared]
    if kind is Kind.DRIFT and Issue.UNGUARDED in vacuous:
        found.append(Issue.UNGUARDED)
    # One real statement is enough; the others may be there to lead up to it.
    elif None not in vacuous:
        found += dict.fromkeys(issue for issue in vacuous if issue)
    return found


def _of_compiled(declared: tuple[Declared, ...], body: str) -> list[Issue]:
    if relates(body):
        return []
    if not declared:
        return [Issue.EMPTY]
    return [Issue.ALWAYS_TRUE] if all(map(in_every_catalog, declared)) else []


_Rules = tuple[tuple[Issue, Callable[[Declared], bool]], ...]


def _vacuous(resource: Declared, rules: _Rules) -> Issue | None:
    """Name why a resource checks nothing, or return None if it may check something."""
    return next((issue for issue, holds in rules if holds(resource)), None)


_VACUOUS: _Rules = (
    (Issue.STATES_NOTHING, states_nothing),
    (Issue.REFRESHONLY, refreshonly),
    (Issue.ALWAYS_TRUE, always_true),
)
_RULES: dict[Kind, _Rules] = {
    Kind.DRIFT: (*_VACUOUS, (Issue.UNGUARDED, unguarded)),
    # What an unguarded exec is worth there, the second run tells.
    Kind.IDEMPOTENT: ((Issue.REFRESHONLY, refreshonly),),
}
