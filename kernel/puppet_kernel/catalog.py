"""Read a catalog as the worker tells it: what a run was about, and in which order.

The data comes from a node whose owner may write what he likes into it: everything is
checked and cut here, so that whoever shows it only has to escape.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

MAX_RESOURCES = 500
MAX_EDGES = 2_000
MAX_PARAMETERS = 60
MAX_NAMES = 200
MAX_NAME = 500
MAX_VALUE = 8_100
_MAX_LINE = 10_000_000


class Order(StrEnum):
    """Name why one resource comes before another."""

    BEFORE = "before"
    NOTIFY = "notify"
    AUTO = "auto"  # Puppet knows by itself: a file is after its folder


@dataclass(frozen=True)
class Edge:
    """Say that `source` comes before `target`.

    `said_by` is the parameter that said so, such as "require"; empty for automatic
    ones. An arrow in a manifest is a `before` or `notify` of its left side.
    """

    source: str
    target: str
    order: Order
    said_by: str = ""


@dataclass(frozen=True)
class CatalogResource:
    """Hold a resource as it was compiled.

    `parameters` has pairs of a name and a value in Puppet code, in which sensitive
    values are redacted. `file` is None when it stands in the cell. `inside` is the
    reference of the class or defined resource that contains it, or empty.
    """

    reference: str
    type: str
    title: str
    line: int | None = None
    file: str | None = None
    inside: str = ""
    exported: bool = False
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        """Return the resource as Puppet code."""
        title = self.title.lower() if self.type == "Class" else self.title
        title = title.replace("\\", "\\\\").replace("'", "\\'")
        if not self.parameters:
            return f"{self.type.lower()} {{ '{title}': }}"
        width = max(len(name) for name, _ in self.parameters)
        lines = [f"  {name:<{width}} => {value}," for name, value in self.parameters]
        return "\n".join([f"{self.type.lower()} {{ '{title}':", *lines, "}"])


@dataclass(frozen=True)
class Catalog:
    """Hold a compiled catalog. `left_out` counts the resources that are not told."""

    name: str = ""
    environment: str = ""
    classes: tuple[str, ...] = ()
    resources: tuple[CatalogResource, ...] = ()
    edges: tuple[Edge, ...] = ()
    left_out: int = 0

    def find(self, reference: str) -> CatalogResource | None:
        """Return the resource of a reference, however its quotes are set."""
        wanted = _plain(reference)
        for resource in self.resources:
            if _plain(resource.reference) == wanted:
                return resource
        return None

    def contained(self, reference: str) -> list[CatalogResource]:
        """Return what a class or defined resource contains directly."""
        return [r for r in self.resources if r.inside == reference]

    @property
    def containers(self) -> set[str]:
        """Return the references of all resources that contain others."""
        return {r.inside for r in self.resources if r.inside}


def read(event: Any) -> Catalog:
    """Return the catalog of a worker's event; of nonsense, what is left of it."""
    data = event if isinstance(event, dict) else {}
    resources = _unique(_resource(item) for item in _list(data.get("resources")))
    known = {resource.reference for resource in resources}
    edges = [_edge(item, known) for item in _list(data.get("edges"))[:MAX_EDGES]]
    left = data.get("left_out")
    return Catalog(
        name=_text(data.get("name")),
        environment=_text(data.get("environment")),
        classes=tuple(map(_text, _list(data.get("classes"))[:MAX_NAMES])),
        resources=tuple(_rooted(resources)),
        edges=tuple(dict.fromkeys(edge for edge in edges if edge)),
        left_out=_number(left.get("resources") if isinstance(left, dict) else 0) or 0,
    )


def _resource(item: Any) -> CatalogResource | None:
    reference = _text(item.get("ref")) if isinstance(item, dict) else ""
    if not reference:
        return None
    return CatalogResource(
        reference=reference,
        type=_text(item.get("type")),
        title=_text(item.get("title")),
        line=_number(item.get("line")),
        file=_text(item.get("file")) or None,
        inside=_text(item.get("in")),
        exported=item.get("exported") is True,
        parameters=tuple(
            (_text(pair[0]), _text(pair[1], MAX_VALUE))
            for pair in _list(item.get("parameters"))[:MAX_PARAMETERS]
            if isinstance(pair, list) and len(pair) == 2
        ),
    )


def _edge(item: Any, known: set[str]) -> Edge | None:
    if not isinstance(item, list) or len(item) != 4:
        return None
    source, target, order, said_by = map(_text, item)
    if source not in known or target not in known or order not in set(Order):
        return None
    return Edge(source, target, Order(order), said_by)


def _unique(found: Iterable[CatalogResource | None]) -> list[CatalogResource]:
    resources: dict[str, CatalogResource] = {}
    for resource in found:
        if resource is not None and len(resources) < MAX_RESOURCES:
            resources.setdefault(resource.reference, resource)
    return list(resources.values())


def _rooted(resources: list[CatalogResource]) -> Iterable[CatalogResource]:
    """Return resources whose containers exist and contain each other in no circle."""
    inside = {r.reference: r.inside for r in resources}
    for resource in resources:
        own = resource.reference
        above, seen = inside[own], {""}
        while above not in seen and above != own:
            seen.add(above)
            above = inside.get(above, "")
        if above == own or resource.inside not in inside:
            inside[own] = ""
        yield replace(resource, inside=inside[own])


def _plain(reference: str) -> str:
    """Return a reference without what one may write in several ways."""
    kind, bracket, title = reference.strip().partition("[")
    title = title.rstrip().removesuffix("]").strip()
    if len(title) > 1 and title[0] == title[-1] and title[0] in "'\"":
        title = title[1:-1]
    kind = kind.lower()
    return f"{kind}[{title.lower() if kind == 'class' else title}]" if bracket else kind


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any, limit: int = MAX_NAME) -> str:
    if not isinstance(value, str):
        return ""
    # JSON can hold half a character, which nothing can be sent with.
    return value[:limit].encode(errors="replace").decode()


def _number(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= _MAX_LINE else None
