"""Answer `%graph`: draw what comes before what, coloured by what happened."""

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.catalog import Catalog, CatalogResource, Edge, Order
from puppet_kernel.catalog_order import essential, in_circles, in_order
from puppet_kernel.cells import Cell
from puppet_kernel.display import mermaid, words
from puppet_kernel.document import Block, Diagram, Text, Tone
from puppet_kernel.questions.catalog import last_catalog, nothing_yet
from puppet_kernel.results import State

# More than this is no picture any more; nor are more lines than BUSY.
MANY = 60
MOST = 80
BUSY = 25
_MOST_LINES = 400
_ARROWS = {Order.BEFORE: "-->", Order.NOTIFY: "==>", Order.AUTO: "-.->"}
_COLOURS = {
    "changed": "blue: changed",
    "unchanged": "grey: unchanged",
    "pending": "yellow: would change",
    "failed": "red: failed",
    "skipped": "violet: skipped",
    "unknown": "white: not applied",
}
_LINES = {
    Order.BEFORE: "→ before",
    Order.NOTIFY: "⇒ before, and notifies",
    Order.AUTO: "⇢ before, by itself",
}
_SAID = {
    Order.BEFORE: "after {}",
    Order.NOTIFY: "notified by {}",
    Order.AUTO: "by itself after {}",
}


def answer(cell: Cell, asking: Asking) -> Answer:
    """Draw the last catalog."""
    if asking.memory.drawn is None:
        return nothing_yet()
    catalog, states = last_catalog(asking.memory)
    if not catalog.resources:
        return Answer((Text("The last catalog has no resources.", Tone.FAINT),))
    return Answer(tuple(picture(catalog, states)))


def picture(catalog: Catalog, states: dict[str, State]) -> list[Block]:
    """Return the picture, what its colours mean, and what it leaves out."""
    circles = in_circles(catalog)
    edges = catalog.edges if len(catalog.edges) <= BUSY else essential(catalog)
    order = in_order(catalog)
    chosen = _chosen(catalog, states, edges, order)
    nodes = [
        mermaid.Node(r.reference, _style(r, states), r.inside)
        for reference in order
        if reference in chosen and (r := chosen[reference])
    ]
    # Red lines first: the last ones may be too many.
    drawn = sorted(edges, key=lambda edge: edge not in circles)[:_MOST_LINES]
    lines = [
        mermaid.Line(
            edge.source,
            edge.target,
            _ARROWS[edge.order],
            "notifies" if edge.order is Order.NOTIFY else "",
            edge in circles,
        )
        for edge in drawn
    ]
    blocks: list[Block] = [
        Diagram(mermaid.flowchart(nodes, lines), _in_words(catalog, states, order)),
        Text(_legend(catalog, nodes, edges), Tone.FAINT),
    ]
    return blocks + _remarks(catalog, len(chosen), len(edges), bool(circles))


def _chosen(
    catalog: Catalog,
    states: dict[str, State],
    edges: tuple[Edge, ...],
    order: list[str],
) -> dict[str, CatalogResource]:
    """Return the resources to draw: all, or those with something to tell."""
    by_reference = {r.reference: r for r in catalog.resources}
    if len(order) <= MANY:
        return by_reference
    joined = {end for edge in edges for end in (edge.source, edge.target)}
    quiet = {None, State.UNCHANGED}
    # What went wrong first, then what depends on each other.
    ranks = {State.FAILED: 0, State.PENDING: 1, State.SKIPPED: 1}
    telling = sorted(
        (r for r in order if r in joined or states.get(r) not in quiet),
        key=lambda r: ranks.get(states.get(r, State.UNCHANGED), 2 + (r not in joined)),
    )
    chosen: dict[str, CatalogResource] = {}
    for reference in (telling or order)[:MOST]:
        while reference and reference not in chosen:
            chosen[reference] = by_reference[reference]
            reference = by_reference[reference].inside
    return chosen


def _style(resource: CatalogResource, states: dict[str, State]) -> str:
    state = states.get(resource.reference)
    return state.value if state else "unknown"


def _legend(
    catalog: Catalog, nodes: list[mermaid.Node], edges: tuple[Edge, ...]
) -> str:
    containers = catalog.containers
    styles = {node.style for node in nodes if node.reference not in containers}
    orders = {edge.order for edge in edges}
    told = [meaning for style, meaning in _COLOURS.items() if style in styles]
    told += [meaning for order, meaning in _LINES.items() if order in orders]
    return " · ".join(told)


def _remarks(catalog: Catalog, drawn: int, lines: int, circle: bool) -> list[Block]:
    total = len(catalog.resources) + catalog.left_out
    found: list[Block] = []
    if circle:
        told = "The red lines go in a circle: take one of them out."
        found.append(Text(told, Tone.BAD, strong=True))
    if drawn < total:
        found.append(
            Text(
                f"{drawn} of {total} resources are drawn: those that changed or depend "
                "on each other.",
                Tone.FAINT,
            )
        )
    implied = len(catalog.edges) - lines
    if implied > 0:
        told = f"{implied} lines that follow from the others are left out."
        found.append(Text(told, Tone.FAINT))
    return found


def _in_words(catalog: Catalog, states: dict[str, State], order: list[str]) -> str:
    """Return the same as indented lines, in an order that Puppet could follow."""
    inside: dict[str, list[str]] = {}
    above = {r.reference: r.inside for r in catalog.resources}
    for reference in order:
        inside.setdefault(above[reference], []).append(reference)
    reasons: dict[str, list[str]] = {}
    for edge in catalog.edges:
        told = _SAID[edge.order].format(words.cut(edge.source, words.MAX_TITLE))
        reasons.setdefault(edge.target, []).append(told)
    lines: list[str] = []
    # A stack, because what is inside what may be as deep as there are resources.
    stack = [(reference, 0) for reference in reversed(inside.get("", []))]
    while stack:
        reference, depth = stack.pop()
        told = "; ".join(dict.fromkeys(reasons.get(reference, ())))
        mark = words.MARKS[states[reference]] if reference in states else "·"
        name = words.cut(reference, words.MAX_TITLE).replace("\n", " ")
        line = f"{'  ' * min(depth, 20)}{mark} {name}"
        lines.append(f"{line}  ({told})" if told else line)
        stack += [(r, depth + 1) for r in reversed(inside.get(reference, []))]
    return "\n".join(lines)
