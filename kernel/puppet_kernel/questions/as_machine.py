"""Answer `%%as FACTS`: compile a cell for another machine, and show the catalog."""

from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.assemble import assemble
from puppet_kernel.catalog import Catalog, CatalogResource, read
from puppet_kernel.cells import Cell
from puppet_kernel.display import words
from puppet_kernel.document import Block, Span, Table, Text, Tone
from puppet_kernel.questions import plain
from puppet_kernel.questions.catalog import overview

_SAME = "This node would get the same catalog."
_NOT_HERE = "It does not compile for this node, so there is nothing to compare with."
_MAX_VALUE = 400
_NOT_SET = "not set"
_DECLARED, _NOT_DECLARED = "declared", "not declared"


def answer(cell: Cell, asking: Asking) -> Answer:
    """Compile the cell with another machine's facts; nothing is applied."""
    found, events = asking.ask_fully(
        "compile",
        code=cell.code,
        facts=cell.argument,
        cwd=asking.cwd,
        user=asking.user,
    )
    told = plain.mapping(found)
    asking.memory.drawn = plain.mapping(told.get("catalog"))
    asking.memory.drawn_result = None
    name, line = _machine(plain.mapping(told.get("machine")))
    catalog = read(told.get("catalog"))
    here = read(told["here"]) if isinstance(told.get("here"), dict) else None
    blocks = (
        Text(line, strong=True),
        *overview(catalog, {}),
        _difference(name, catalog, here),
    )
    said = assemble(cell, events, 0.0)
    return Answer(blocks, warnings=said.warnings, notices=said.notices)


def _machine(machine: dict[str, Any]) -> tuple[str, str]:
    """Return a machine's name, and a sentence that introduces it."""
    facts = plain.mapping(machine.get("facts"))

    def fact(name: str) -> str:
        return words.cut(plain.text(facts.get(name)), words.MAX_TITLE)

    name = words.cut(plain.text(machine.get("name")), words.MAX_TITLE)
    system = f"{fact('os.name')} {fact('os.release.full')}".strip()
    more = [fact("os.family"), fact("kernel"), fact("os.architecture")]
    kind = ", ".join(dict.fromkeys(filter(None, more)))
    told = f"Compiled for {fact('networking.fqdn') or name}"
    if system:
        told += f": {system}"
    if kind:
        told += f" ({kind})"
    return name, f"{told}. Nothing was applied."


def _difference(name: str, there: Catalog, here: Catalog | None) -> Block:
    if here is None:
        return Text(_NOT_HERE, Tone.FAINT)
    rows = _rows(there, here)
    if not rows:
        return Text(_SAME, Tone.FAINT)
    columns = ("what differs", f"on {name}", "on this node")
    return Table(columns, tuple(rows), "Compared with compiling it for this node")


def _rows(there: Catalog, here: Catalog) -> list[tuple[str | Span, ...]]:
    others = {resource.reference: resource for resource in here.resources}
    rows: list[tuple[str | Span, ...]] = []
    for resource in there.resources:
        other = others.pop(resource.reference, None)
        if other is None:
            rows.append(_row(resource.reference, _DECLARED, _NOT_DECLARED))
        else:
            rows += _parameter_rows(resource, other)
    return rows + [_row(reference, _NOT_DECLARED, _DECLARED) for reference in others]


def _parameter_rows(
    there: CatalogResource, here: CatalogResource
) -> list[tuple[str | Span, ...]]:
    values, others = dict(there.parameters), dict(here.parameters)
    return [
        _row(
            f"{there.reference} {name}",
            values.get(name, _NOT_SET),
            others.get(name, _NOT_SET),
        )
        for name in {**values, **others}
        if values.get(name) != others.get(name)
    ]


def _row(what: str, there: str, here: str) -> tuple[str | Span, ...]:
    return (
        Span(words.cut(what, words.MAX_TITLE), code=True),
        Span(words.cut(there, _MAX_VALUE), Tone.NEWS, code=True),
        Span(words.cut(here, _MAX_VALUE), Tone.FAINT, code=True),
    )
