"""Answer `%catalog`: the last catalog, or one resource of it."""

import difflib
from collections.abc import Iterable

from puppet_kernel import catalog as data
from puppet_kernel.answers import Answer, Asking, Memory
from puppet_kernel.catalog import Catalog, CatalogResource, Order
from puppet_kernel.cells import Cell
from puppet_kernel.display import words
from puppet_kernel.document import Block, Code, Folded, Span, Table, Text, Tone
from puppet_kernel.results import CellResult, Problem, ResourceResult, State

_MAX_SHORT = 120
_MAX_REFERENCES = 40
_NOTHING = (
    "There is no catalog yet: run a cell with a manifest, or put %%noop above it to "
    "compile it and change nothing."
)
_TONES = {
    State.UNCHANGED: Tone.FAINT,
    State.CHANGED: Tone.NEWS,
    State.PENDING: Tone.WARNING,
    State.FAILED: Tone.BAD,
    State.SKIPPED: Tone.WARNING,
}


def answer(cell: Cell, asking: Asking) -> Answer:
    """Show the last catalog, the resources of one type, or one resource."""
    if asking.memory.drawn is None:
        return nothing_yet()
    catalog, states = last_catalog(asking.memory)
    wanted = cell.argument
    if not wanted:
        return Answer((_title(catalog), *overview(catalog, states)))
    found = catalog.find(wanted)
    if found is not None:
        return Answer(_about(found, catalog, asking.memory.drawn_result))
    same = tuple(r for r in catalog.resources if r.type.lower() == wanted.lower())
    if same:
        return Answer((resource_table(same, states), _code(same)))
    return Answer(errors=(_unknown(wanted, catalog),))


def nothing_yet() -> Answer:
    """Say what to do when no cell has been compiled."""
    return Answer((Text(_NOTHING),))


def last_catalog(memory: Memory) -> tuple[Catalog, dict[str, State]]:
    """Return the last catalog, and what its run made of each resource."""
    result = memory.drawn_result
    resources = result.resources if result else ()
    return data.read(memory.drawn), {r.reference: r.state for r in resources}


def overview(catalog: Catalog, states: dict[str, State]) -> tuple[Block, ...]:
    """Return all of a catalog: a table, and every resource's code behind it."""
    if not catalog.resources:
        return (Text("The catalog has no resources.", Tone.FAINT),)
    blocks: list[Block] = [resource_table(catalog.resources, states)]
    if catalog.left_out:
        told = f"… and {catalog.left_out} more resources, too many to be shown"
        blocks.append(Text(told, Tone.FAINT))
    return (*blocks, _code(catalog.resources))


def resource_table(
    resources: tuple[CatalogResource, ...], states: dict[str, State]
) -> Table:
    """Return one row per resource; the column of states only if there are any."""
    columns = ["resource", "where", "inside", "parameters"]
    if states:
        columns.insert(1, "state")
    rows = []
    for resource in resources:
        row: list[str | Span] = [
            Span(words.cut(resource.reference, words.MAX_TITLE), code=True),
            words.short_place(resource.line, resource.file),
            words.cut(resource.inside, words.MAX_TITLE),
            Span(_short(resource), code=True),
        ]
        if states:
            row.insert(1, _state(states.get(resource.reference)))
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows))


def _state(state: State | None) -> Span:
    if state is None:
        return Span("")
    return Span(f"{words.MARKS[state]} {words.NAMES[state]}", _TONES[state])


def _title(catalog: Catalog) -> Text:
    count = len(catalog.resources) + catalog.left_out
    told = f"{count} resource{'' if count == 1 else 's'}"
    lines = len(catalog.edges)
    if lines:
        told += f", {lines} dependenc{'y' if lines == 1 else 'ies'}"
    return Text(f"Catalog of {catalog.name} ({catalog.environment}): {told}")


def _short(resource: CatalogResource) -> str:
    told = ", ".join(f"{name} => {value}" for name, value in resource.parameters)
    return words.cut(told.replace("\n", " "), _MAX_SHORT)


def _code(resources: tuple[CatalogResource, ...]) -> Folded:
    text = "\n\n".join(resource.code for resource in resources)
    return Folded("as Puppet code", (Code(text),))


def _about(
    resource: CatalogResource, catalog: Catalog, result: CellResult | None
) -> tuple[Block, ...]:
    happened = next(
        (
            r
            for r in (result.resources if result else ())
            if r.reference == resource.reference
        ),
        None,
    )
    reference = resource.reference
    rows = [
        ("declared in", words.place(resource.line, resource.file or "the cell")),
        ("inside", resource.inside),
        ("contains", _listed(r.reference for r in catalog.contained(reference))),
        *_order(reference, catalog),
        ("last run", _last_run(happened, result)),
    ]
    told = tuple((name, value) for name, value in rows if value)
    return (Code(resource.code), Table(("", reference), told))


def _order(reference: str, catalog: Catalog) -> list[tuple[str, str]]:
    before = [edge for edge in catalog.edges if edge.target == reference]
    after = [edge for edge in catalog.edges if edge.source == reference]

    def of(order: Order, edges: list[data.Edge]) -> str:
        return _listed(
            edge.source if edge.target == reference else edge.target
            for edge in edges
            if edge.order is order
        )

    return [
        ("comes after", of(Order.BEFORE, before)),
        ("is notified by", of(Order.NOTIFY, before)),
        ("comes after, as Puppet knows", of(Order.AUTO, before)),
        ("comes before", of(Order.BEFORE, after)),
        ("notifies", of(Order.NOTIFY, after)),
        ("comes before, as Puppet knows", of(Order.AUTO, after)),
    ]


def _listed(references: Iterable[str]) -> str:
    told = [words.cut(r, words.MAX_TITLE) for r in dict.fromkeys(references)]
    left = len(told) - _MAX_REFERENCES
    if left > 0:
        told = [*told[:_MAX_REFERENCES], f"… and {left} more"]
    return ", ".join(told)


def _last_run(happened: ResourceResult | None, result: CellResult | None) -> str:
    if result is None:
        return "it was compiled for another machine, not applied"
    if happened is None:
        return ""
    told = "; ".join(words.happened(happened, result.kind))
    name = words.state_name(happened, result.kind)
    return f"{name}: {told}" if told else name


def _unknown(wanted: str, catalog: Catalog) -> Problem:
    references = [resource.reference for resource in catalog.resources]
    near = difflib.get_close_matches(wanted, references, n=1, cutoff=0.4)
    message = f"the last catalog has no {words.cut(wanted, words.MAX_TITLE)}"
    if near:
        return Problem("error", message, hint=f"did you mean {near[0]}?")
    hint = "%catalog without a reference shows all that is in it"
    return Problem("error", message, hint=hint)
