"""Write a flowchart in Mermaid's language that no name in it can break. Pure.

Every node has colours of its own, text included, so that it is legible in a light and
in a dark theme alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Mermaid refuses pictures with more than 50,000 characters or 500 edges.
MAX_LABEL = 48
_ACROSS = 4  # boxes without lines, side by side

STYLES = {
    "changed": "fill:#cfe2ff,stroke:#1f5fbf,color:#08264f",
    "unchanged": "fill:#e4e7eb,stroke:#7a828c,color:#1f2429",
    "pending": "fill:#ffeebd,stroke:#a36a00,color:#3f2a00",
    "failed": "fill:#ffd4d4,stroke:#b3261e,color:#5c0a05,stroke-width:3px",
    "skipped": "fill:#eee2f9,stroke:#7d4fa8,color:#371a52,stroke-dasharray:5 3",
    "unknown": "fill:#ffffff,stroke:#7a828c,color:#1f2429",
}
# The page shines through, and the theme colours the name above it.
_AROUND = "fill:#8088901f,stroke:#808890"
_CIRCLE = "stroke:#d32f2f,stroke-width:3px"
_LINES = "stroke:#808890"


@dataclass(frozen=True)
class Node:
    """Hold one box. `style` is a key of STYLES; `inside` a reference, or empty."""

    reference: str
    style: str
    inside: str = ""


@dataclass(frozen=True)
class Line:
    """Hold one arrow. `arrow` is Mermaid's; `bad` draws it in red."""

    source: str
    target: str
    arrow: str = "-->"
    label: str = ""
    bad: bool = False


def flowchart(nodes: Iterable[Node], lines: Iterable[Line]) -> str:
    """Return a picture of nodes and lines between them.

    A node that others are inside of is drawn around them. Lines to unknown nodes, and
    between a node and what is inside of it, are left out.
    """
    boxes = {node.reference: node for node in nodes}
    names = {reference: f"n{index}" for index, reference in enumerate(boxes)}
    drawn = [
        line
        for line in lines
        if line.source in boxes
        and line.target in boxes
        and line.target not in _around(boxes, line.source)
        and line.source not in _around(boxes, line.target)
    ]
    text = ["flowchart TB", *_boxes(boxes, names, "", "  ")]
    for line in drawn:
        label = f'|"{escape(line.label)}"|' if line.label else ""
        text.append(f"  {names[line.source]} {line.arrow}{label} {names[line.target]}")
    text += [
        f"  {names[above]} ~~~ {names[below]}" for above, below in _rows(boxes, drawn)
    ]
    text += [f"  classDef {name} {style}" for name, style in STYLES.items()]
    for style, bad in ((_LINES, False), (_CIRCLE, True)):
        numbers = [str(n) for n, line in enumerate(drawn) if line.bad is bad]
        if numbers:
            text.append(f"  linkStyle {','.join(numbers)} {style}")
    return "\n".join(text)


def escape(text: str) -> str:
    """Return text as a label: everything but letters and digits by its number."""
    if len(text) > MAX_LABEL:
        half = MAX_LABEL // 2
        text = f"{text[:half]}…{text[-half + 1 :]}"
    return "".join(_character(character) for character in text)


def _character(character: str) -> str:
    plain = character.isascii() and character.isalnum()
    if plain or character in " /.:-":
        return character
    # A line that ends within a name would end the label; others cannot be seen.
    return f"#{ord(character)};" if character.isprintable() else " "


def _boxes(
    boxes: dict[str, Node], names: dict[str, str], inside: str, indent: str
) -> list[str]:
    containers = {node.inside for node in boxes.values()}
    text = []
    for reference, node in boxes.items():
        if node.inside != inside:
            continue
        name, label = names[reference], escape(reference)
        if reference in containers:
            text.append(f'{indent}subgraph {name}["{label}"]')
            text += _boxes(boxes, names, reference, indent + "  ")
            text += [f"{indent}end", f"{indent}style {name} {_AROUND}"]
        else:
            text.append(f'{indent}{name}["{label}"]:::{node.style}')
    return text


def _rows(boxes: dict[str, Node], lines: list[Line]) -> Iterator[tuple[str, str]]:
    """Yield pairs of boxes without lines, of which one should stand above the other.

    Without it Mermaid puts all of them side by side.
    """
    containers = {node.inside for node in boxes.values()}
    joined = {end for line in lines for end in (line.source, line.target)}
    alone: dict[str, list[str]] = {}
    for reference, node in boxes.items():
        if reference not in joined and reference not in containers:
            alone.setdefault(node.inside, []).append(reference)
    for group in alone.values():
        yield from zip(group, group[_ACROSS:], strict=False)


def _around(boxes: dict[str, Node], reference: str) -> set[str]:
    """Return a node and everything it is inside of."""
    found: set[str] = set()
    while reference in boxes and reference not in found:
        found.add(reference)
        reference = boxes[reference].inside
    return found
