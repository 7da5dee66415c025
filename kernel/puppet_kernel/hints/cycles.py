"""Draw a dependency cycle as a cycle."""

import re
from collections.abc import Mapping

from puppet_kernel.display.mermaid import Line, Node, flowchart
from puppet_kernel.document import Diagram
from puppet_kernel.hints import places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.tokens import Token
from puppet_kernel.results import Problem

_CYCLE = re.compile(r"^\((?P<ring>.+ => .+)\)", re.MULTILINE)
_BETWEEN = re.compile(r"(?<=\]) => (?=[A-Z])")
_LONGEST = 40
_REFERENCE = 4  # tokens of Type['title']


def advise(_found: re.Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how to break the cycle, and where its resources wait for each other."""
    rings = cycles(problem.message)
    if not rings:
        return None
    marks = []
    for reference, line in scene.lines.items():
        if reference in rings[0]:
            marks.append(Mark(line, 0))
    for before, after in _edges(rings[0]):
        token = _who_says(before, after, scene)
        if token:
            marks.append(Mark.of(token, f"so {before} comes before {after}"))
    if len(rings[0]) == 1:
        return Advice("it waits for itself; take that out", tuple(marks))
    return Advice(
        "none of these can be the first, as each waits for another of them; take out "
        "one of the places where it says so",
        tuple(marks),
    )


def _edges(ring: list[str]) -> list[tuple[str, str]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _who_says(before: str, after: str, scene: Scene) -> Token | None:
    """Return the attribute that puts one resource before another, if one does."""
    for owner, other, names in (
        (after, before, {"require", "subscribe"}),
        (before, after, {"before", "notify"}),
    ):
        line = scene.lines.get(owner)
        if line is None:
            continue
        for token, value in places.attributes_of(scene.tokens, line):
            if token.inner in names and _names(scene.tokens, value, other):
                return token
    return _arrow(before, after, scene.tokens)


def _arrow(before: str, after: str, found: tuple[Token, ...]) -> Token | None:
    """Return the arrow that stands between two references."""
    for index, token in enumerate(found):
        if token.text in {"->", "~>"} and index >= _REFERENCE:
            left = "".join(t.inner for t in found[index - _REFERENCE : index])
            right = "".join(t.inner for t in found[index + 1 : index + 1 + _REFERENCE])
            if (left, right) == (before, after):
                return token
    return None


def _names(found: tuple[Token, ...], value: Token | None, reference: str) -> bool:
    """Tell whether a value, up to the next attribute, names a resource."""
    kind, _, title = reference.partition("[")
    title = title.removesuffix("]")
    start = found.index(value) if value is not None else len(found)
    for index in range(start, len(found) - 2):
        if found[index].text in {"=>", "}", ";"}:
            return False
        same = found[index].text.removeprefix("::") == kind
        if same and found[index + 1].text == "[" and found[index + 2].inner == title:
            return True
    return False


def cycles(message: str) -> list[list[str]]:
    """Return the rings that a message names, each without its repeated last."""
    rings = []
    for found in _CYCLE.finditer(message):
        ring = _BETWEEN.split(found["ring"])
        if len(ring) > 1 and ring[0] == ring[-1]:
            rings.append(ring[:-1][:_LONGEST])
    return rings


def drawing(ring: list[str], places: Mapping[str, int]) -> str:
    """Return a ring as text."""
    names = [f"{ref} (line {places[ref]})" if ref in places else ref for ref in ring]
    if len(ring) == 1:
        return f"╭→ {names[0]}\n╰── comes before itself"
    lines = [f"╭→ {names[0]}"]
    lines += [f"│  ↓ comes before\n│  {name}" for name in names[1:]]
    return "\n".join([*lines, "╰── comes before the first"])


def diagram(message: str, places: Mapping[str, int]) -> Diagram | None:
    """Return the first ring as a picture; None without one."""
    rings = cycles(message)
    if not rings:
        return None
    ring = rings[0]
    nodes = [Node(reference, "failed") for reference in ring]
    lines = [
        Line(before, after, label="before", bad=True) for before, after in _edges(ring)
    ]
    return Diagram(flowchart(nodes, lines), drawing(ring, places))
