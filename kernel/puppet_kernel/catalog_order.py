"""Find out what a catalog's dependencies mean: an order, or a circle. Pure."""

import heapq
from collections.abc import Iterator

from puppet_kernel.catalog import Catalog, Edge, Order

# A class or define begins before and ends after everything in it, so it counts twice.
_Point = tuple[str, bool]  # reference; whether it is the end


def in_order(catalog: Catalog) -> list[str]:
    """Return all references in an order that Puppet could apply them in.

    The manifest's own order where the dependencies leave a choice. Those that go in
    circles come last.
    """
    after = _after(catalog)
    rank = {r.reference: index for index, r in enumerate(catalog.resources)}
    waiting = dict.fromkeys(after, 0)
    for nexts in after.values():
        for point in nexts:
            waiting[point] += 1
    ready = [(rank[p[0]], p) for p, count in waiting.items() if not count]
    heapq.heapify(ready)
    found: dict[str, None] = {}
    while ready:
        _, point = heapq.heappop(ready)
        found.setdefault(point[0])
        for later in after[point]:
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, (rank[later[0]], later))
    return list(found) + [ref for ref in rank if ref not in found]


def in_circles(catalog: Catalog) -> set[Edge]:
    """Return the edges that are part of a dependency cycle."""
    after = _after(catalog)
    group = _groups(after)
    return {
        edge
        for edge in catalog.edges
        if group[_end(after, edge.source)] == group[edge.target, False]
    }


def essential(catalog: Catalog) -> tuple[Edge, ...]:
    """Return the edges without those that follow from the others.

    What notifies says more than an order, and stays. So does all of a circle.
    """
    after = _after(catalog)
    reach = _reach(after)
    if reach is None:
        return catalog.edges
    bit = {point: 1 << index for index, point in enumerate(after)}

    def follows(edge: Edge) -> bool:
        if edge.order is Order.NOTIFY:
            return False
        target = (edge.target, False)
        others = (p for p in after[_end(after, edge.source)] if p != target)
        return any(reach[other] & bit[target] for other in others)

    return tuple(edge for edge in catalog.edges if not follows(edge))


def _after(catalog: Catalog) -> dict[_Point, dict[_Point, None]]:
    """Return for each point those that come directly after it."""
    containers = catalog.containers
    after: dict[_Point, dict[_Point, None]] = {}
    for resource in catalog.resources:
        after[resource.reference, False] = {}
        if resource.reference in containers:
            after[resource.reference, True] = {}
            after[resource.reference, False] = {(resource.reference, True): None}
    for resource in catalog.resources:
        if resource.inside:
            after[resource.inside, False][resource.reference, False] = None
            end = _end(after, resource.reference)
            after[end][resource.inside, True] = None
    for edge in catalog.edges:
        after[_end(after, edge.source)][edge.target, False] = None
    return after


def _end(after: dict[_Point, dict[_Point, None]], reference: str) -> _Point:
    return (reference, (reference, True) in after)


def _groups(after: dict[_Point, dict[_Point, None]]) -> dict[_Point, int]:
    """Return the number of each point's strongly connected component (Kosaraju)."""
    before: dict[_Point, list[_Point]] = {point: [] for point in after}
    for point, nexts in after.items():
        for later in nexts:
            before[later].append(point)
    group: dict[_Point, int] = {}
    for number, root in enumerate(reversed(_finished(after))):
        stack = [root]
        while stack:
            point = stack.pop()
            if point not in group:
                group[point] = number
                stack.extend(before[point])
    return group


def _finished(after: dict[_Point, dict[_Point, None]]) -> list[_Point]:
    """Return the points in the order in which a depth-first walk leaves them."""
    left: dict[_Point, None] = {}
    seen: set[_Point] = set()
    for root in after:
        stack: list[tuple[_Point, Iterator[_Point]]] = []
        if root not in seen:
            seen.add(root)
            stack.append((root, iter(after[root])))
        while stack:
            point, nexts = stack[-1]
            later = next((p for p in nexts if p not in seen), None)
            if later is None:
                left[point] = None
                stack.pop()
            else:
                seen.add(later)
                stack.append((later, iter(after[later])))
    return list(left)


def _reach(after: dict[_Point, dict[_Point, None]]) -> dict[_Point, int] | None:
    """Return all that comes after each point, itself included, as bits of a number.

    None if there is a circle.
    """
    bit = {point: 1 << index for index, point in enumerate(after)}
    reach: dict[_Point, int] = {}
    for point in _finished(after):
        bits = bit[point]
        for later in after[point]:
            if later not in reach:
                return None
            bits |= reach[later]
        reach[point] = bits
    return reach
