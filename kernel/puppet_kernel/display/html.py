"""Show a result as HTML, readable in light and dark, with and without colour.

Whatever comes from a cell or a node is escaped.
"""

from puppet_kernel.display import words
from puppet_kernel.display.theme import BAD, CELL, CODE, FAINT, GOOD, NEWS, WARNING
from puppet_kernel.display.theme import diff as _folded_diff
from puppet_kernel.display.theme import escape as _text
from puppet_kernel.display.theme import table as _columns
from puppet_kernel.results import CellResult, Kind, ResourceResult, State

_COLOURS = {
    State.UNCHANGED: FAINT,
    State.CHANGED: NEWS,
    State.PENDING: WARNING,
    State.FAILED: BAD,
    State.SKIPPED: WARNING,
}


def to_html(result: CellResult) -> str:
    """Return what resources did as one HTML element; blocks are shown on their own."""
    shown, hidden = words.rows(result)
    parts = [_note(*note) for note in words.notes(result)]
    if shown:
        parts.append(_table(shown, result.kind))
    if hidden:
        parts.append(_div(hidden, FAINT))
    again = words.second_rows(result)
    if again and result.again:
        parts.append(_div(words.second_title(result), "inherit"))
        parts.append(_table(again, result.again.kind))
    parts.append(_verdict(result))
    return f'<div class="puppet-result">{"".join(parts)}</div>'


def _div(text: str, colour: str) -> str:
    return f'<div style="color: {colour}">{_text(text)}</div>'


def _note(level: str, place: str, message: str) -> str:
    colour = WARNING if level == "warning" else NEWS
    where = f' <span style="color: {FAINT}">({_text(place)})</span>' if place else ""
    return (
        f'<div style="white-space: pre-wrap">'
        f'<b style="color: {colour}">{_text(level)}</b>{where}: {_text(message)}</div>'
    )


def _table(resources: list[ResourceResult], kind: Kind) -> str:
    rows = [_row(resource, kind) for resource in resources]
    return _columns(["state", "resource", "where", "what happened", "took"], rows)


def _row(resource: ResourceResult, kind: Kind) -> str:
    colour = _COLOURS[resource.state]
    reference = words.cut(resource.reference, words.MAX_TITLE)
    told = "<br>".join(map(_told, words.happened(resource, kind)))
    where = words.short_place(resource.line, resource.file)
    return (
        f'<tr><td style="{CELL}; color: {colour}; white-space: nowrap">'
        f'<span aria-hidden="true">{words.MARKS[resource.state]}</span> '
        f"{words.state_name(resource, kind)}</td>"
        f'<th scope="row" style="{CELL}; font-weight: normal; {CODE}">'
        f"{_text(reference)}</th>"
        f'<td style="{CELL}; color: {FAINT}">{_text(where)}</td>'
        f'<td style="{CELL}; white-space: pre-wrap">'
        f"{told}{_diff(resource)}</td>"
        f'<td style="{CELL}; color: {FAINT}; text-align: right; white-space: nowrap">'
        f"{words.took(resource)}</td></tr>"
    )


def _told(text: str) -> str:
    # What a program says in several lines may point at a place in the line above.
    shown = _text(text)
    return f'<span style="{CODE}">{shown}</span>' if "\n" in text else shown


def _diff(resource: ResourceResult) -> str:
    lines = words.diff_lines(resource.diff)
    return _folded_diff(lines) if lines else ""


def _verdict(result: CellResult) -> str:
    line = _text(words.verdict_line(result))
    if result.verdict is None:
        return f'<div role="status">{line}</div>'
    passed = result.verdict.passed
    colour, mark = (GOOD, "✓") if passed else (BAD, "✗")
    return (
        f'<div role="status" style="color: {colour}; font-weight: bold">'
        f'<span aria-hidden="true">{mark}</span> {line}</div>'
    )
