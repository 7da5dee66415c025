"""Check what the catalog of a manifest holds, whoever wrote it in whatever way."""

from collections.abc import Iterator
from typing import Any

from puppet_kernel.answers import unanswered
from puppet_kernel.cells import Cell
from puppet_kernel.compiled_words import (
    LACKS,
    attribute_finding,
    missing_finding,
    relation_finding,
)
from puppet_kernel.directives import Directives
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import plain
from puppet_kernel.results import (
    CellResult,
    Change,
    Finding,
    Kind,
    ResourceResult,
    State,
    Verdict,
)
from puppet_kernel.runs import Runs, of_whole
from puppet_kernel.worker import Event

_NOTHING = "the check asks for no resource, attribute or relationship"


def check(cell: Cell, told: Directives, runs: Runs, whole: str) -> CellResult:
    """Compile a whole manifest and compare its catalog with what a check expects.

    Raises Unanswered if one of them cannot be compiled; WorkerDied, WorkerTimeout.
    """
    events = runs.request(
        "compiled",
        manifest=whole,
        code=told.code,
        facts=told.machine,
        data=[{"line": line, "text": text} for line, text in told.data],
        cwd=runs.cwd,
        user=runs.user,
        **runs.not_trusted(),
    )
    found = next((e.get("data") for e in events if e.get("ev") == "answer"), None)
    if not isinstance(found, dict):
        raise _unanswered(events, cell, whole)
    rows = tuple(_rows(found))
    runs.drawn(plain.mapping(found.get("catalog")), None)
    findings = tuple(finding for _, told in rows for finding in told)
    return CellResult(
        cell.kind,
        tuple(row for row, _ in rows),
        verdict=_judge(found, rows, findings, cell.argument or None),
    )


def _unanswered(events: list[Event], cell: Cell, whole: str) -> Unanswered:
    """Return why there is no answer: the manifest's fault, or the check's own."""
    if any(event.get("ev") == "problem" for event in events):
        return unanswered(events, cell)
    error = unanswered(events, Cell(Kind.COMPILED, "", whole, 1))
    told = of_whole(CellResult(Kind.COMPILED, errors=error.problems))
    return Unanswered(*told.errors, interrupted=error.interrupted)


Row = tuple[ResourceResult, list[Finding]]


def _rows(found: dict[str, Any]) -> Iterator[Row]:
    """Yield what the check expects of each resource, with what is wrong about it."""
    relations = plain.records(found.get("relations"))
    owners: set[str] = set()
    for told in plain.records(found.get("resources")):
        reference = plain.text(told.get("ref"))
        owners.add(reference)
        own = [r for r in relations if _owner(r) == reference]
        findings = [
            *missing_finding(told),
            *(
                finding
                for attribute in plain.records(told.get("attributes"))
                for finding in attribute_finding(told, attribute)
            ),
            *(finding for relation in own for finding in relation_finding(relation)),
        ]
        yield _row(plain.text(told.get("found")) or reference, told, findings)
    loose: dict[str, list[dict[str, Any]]] = {}
    for relation in relations:
        if _owner(relation) not in owners:
            loose.setdefault(plain.text(relation.get("target")), []).append(relation)
    for reference, own in loose.items():
        findings = [finding for one in own for finding in relation_finding(one)]
        yield _row(reference, own[0], findings)


def _owner(relation: dict[str, Any]) -> str:
    return plain.text(relation.get("owner"))


def _row(reference: str, told: dict[str, Any], findings: list[Finding]) -> Row:
    type_, _, title = reference.partition("[")
    changes = tuple(Change("", f.says, "", "", "noop") for f in findings)
    result = ResourceResult(
        reference,
        type_,
        title.removesuffix("]"),
        State.PENDING if findings else State.UNCHANGED,
        changes,
        line=plain.number(told.get("line")),
    )
    return result, findings


def _judge(
    found: dict[str, Any],
    rows: tuple[Row, ...],
    findings: tuple[Finding, ...],
    check_id: str | None,
) -> Verdict:
    if not rows:
        return Verdict(check_id, False, _NOTHING)
    if findings:
        problems = tuple(_problem(row, told) for row, told in rows if told)
        return Verdict(check_id, False, "; ".join(problems), problems, findings)
    resources = plain.records(found.get("resources"))
    counts = (
        (len(resources), "resource"),
        (sum(len(plain.items(r.get("attributes"))) for r in resources), "attribute"),
        (len(plain.records(found.get("relations"))), "relationship"),
    )
    told = ", ".join(_count(number, name) for number, name in counts if number)
    return Verdict(check_id, True, f"your catalog has what is asked for ({told})")


def _problem(row: ResourceResult, findings: list[Finding]) -> str:
    """Return one sentence on all that is wrong about a resource."""
    whole = [f.says for f in findings if f.says.startswith(LACKS)]
    others = [f.says for f in findings if not f.says.startswith(LACKS)]
    named = [f"{row.reference}: {', '.join(others)}"] if others else []
    return "; ".join([*named, *whole])


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
