"""Show a result as plain text, for terminals and for nbconvert."""

from puppet_kernel.display import blocks_text, words
from puppet_kernel.results import CellResult, Kind, ResourceResult

_INDENT = " " * 4
# Seconds from which on a line of text has room for how long a resource took.
WORTH_TELLING = 0.5


def to_text(result: CellResult) -> str:
    """Return the result as lines of text, without a newline at the end."""
    blocks = [blocks_text.to_text(result.blocks)] if result.blocks else []
    resources = [] if result.kind is Kind.ANSWER else [resources_text(result)]
    return "\n".join(resources + blocks)


def resources_text(result: CellResult) -> str:
    """Return what resources did as lines of text."""
    lines = [_note(*note) for note in words.notes(result)]
    shown, hidden = words.rows(result)
    width = words.columns(shown)
    for resource in shown:
        lines.extend(_resource(resource, result.kind, width))
    if hidden:
        lines.append(hidden)
    again = words.second_rows(result)
    if again:
        lines.append(words.second_title(result))
    for resource in again:
        kind = result.again.kind if result.again else result.kind
        lines.extend(_resource(resource, kind, words.columns(again)))
    lines.append(_last_line(result))
    return "\n".join(lines)


def _last_line(result: CellResult) -> str:
    mark = ""
    if result.verdict is not None:
        mark = "✓ " if result.verdict.passed else "✗ "
    return mark + words.verdict_line(result)


def _note(level: str, place: str, message: str) -> str:
    where = f" ({place})" if place else ""
    return f"{level}{where}: {message}"


def _resource(resource: ResourceResult, kind: Kind, width: int) -> list[str]:
    mark, name = words.MARKS[resource.state], words.state_name(resource, kind)
    reference = words.cut(resource.reference, words.MAX_TITLE)
    told = words.happened(resource, kind)
    first = f"{mark} {name:<12}  {reference:<{width}}  {'; '.join(told)}".rstrip()
    if resource.seconds >= WORTH_TELLING:
        first = f"{first}  ({words.took(resource)})"
    first = first.replace("\n", f"\n{_INDENT}")
    return [first, *(_INDENT + line for line in words.diff_lines(resource.diff))]
