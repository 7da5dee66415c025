"""Show a result as HTML, readable in light and dark, with and without colour.

Styles stand on the elements themselves: a notebook page drops style sheets from
outputs that it does not trust. Colours are Jupyter's own variables, which follow
the theme, with a fallback that is legible on white and on black. Whatever comes
from a cell or a node is escaped.
"""

import html
import re

from puppet_kernel import words
from puppet_kernel.results import CellResult, Kind, ResourceResult, State

_COLOURS = {
    State.UNCHANGED: "var(--jp-ui-font-color2, #767676)",
    State.CHANGED: "var(--jp-info-color0, #1976d2)",
    State.PENDING: "var(--jp-warn-color0, #b26a00)",
    # Its second shade: the first is too dark on the dark theme's table rows.
    State.FAILED: "var(--jp-error-color1, #d32f2f)",
    State.SKIPPED: "var(--jp-warn-color0, #b26a00)",
}
_PASSED = "var(--jp-success-color0, #2e8540)"
_FAILED = _COLOURS[State.FAILED]
_ADDED = _PASSED
_REMOVED = _FAILED
_FAINT = "var(--jp-ui-font-color2, #767676)"
_BORDER = "1px solid var(--jp-border-color2, #9e9e9e)"
_CODE = "font-family: var(--jp-code-font-family, monospace)"
_CELL = "text-align: left; vertical-align: top; padding: 2px 12px 2px 0"
# A page without a doctype gives tables a colour and size of their own.
_INHERIT = "color: inherit; font-size: inherit"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def to_html(result: CellResult) -> str:
    """Return the result as one HTML element."""
    shown, hidden = words.rows(result)
    parts = [_note(*note) for note in words.notes(result)]
    if shown:
        parts.append(_table(shown, result.kind))
    if hidden:
        parts.append(_div(hidden, _FAINT))
    parts.append(_verdict(result))
    return f'<div class="puppet-result">{"".join(parts)}</div>'


def _text(value: str) -> str:
    return html.escape(_CONTROL.sub("�", value), quote=True)


def _div(text: str, colour: str) -> str:
    return f'<div style="color: {colour}">{_text(text)}</div>'


def _note(level: str, place: str, message: str) -> str:
    colour = _COLOURS[State.PENDING] if level == "warning" else _COLOURS[State.CHANGED]
    where = f' <span style="color: {_FAINT}">({_text(place)})</span>' if place else ""
    return (
        f'<div style="white-space: pre-wrap">'
        f'<b style="color: {colour}">{_text(level)}</b>{where}: {_text(message)}</div>'
    )


def _table(resources: list[ResourceResult], kind: Kind) -> str:
    heads = "".join(
        f'<th scope="col" style="{_CELL}">{name}</th>'
        for name in ("state", "resource", "where", "what happened")
    )
    body = "".join(_row(resource, kind) for resource in resources)
    return (
        f'<table style="border-collapse: collapse; margin: 4px 0; {_INHERIT}">'
        f'<thead><tr style="border-bottom: {_BORDER}">{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _row(resource: ResourceResult, kind: Kind) -> str:
    colour = _COLOURS[resource.state]
    reference = words.cut(resource.reference, words.MAX_TITLE)
    told = "<br>".join(_text(line) for line in words.happened(resource, kind))
    where = words.place(resource.line, resource.file)
    return (
        f'<tr><td style="{_CELL}; color: {colour}; white-space: nowrap">'
        f'<span aria-hidden="true">{words.MARKS[resource.state]}</span> '
        f"{words.state_name(resource, kind)}</td>"
        f'<th scope="row" style="{_CELL}; font-weight: normal; {_CODE}">'
        f"{_text(reference)}</th>"
        f'<td style="{_CELL}; color: {_FAINT}">{_text(where)}</td>'
        f'<td style="{_CELL}; white-space: pre-wrap">'
        f"{told}{_diff(resource)}</td></tr>"
    )


def _diff(resource: ResourceResult) -> str:
    lines = words.diff_lines(resource.diff)
    if not lines:
        return ""
    body = "\n".join(map(_diff_line, lines))
    return (
        f"<details><summary>diff</summary>"
        f'<pre style="margin: 0; {_CODE}">{body}</pre></details>'
    )


def _diff_line(line: str) -> str:
    if line.startswith(("---", "+++", "@@")):
        return f'<span style="color: {_FAINT}">{_text(line)}</span>'
    if line.startswith("+"):
        return f'<span style="color: {_ADDED}">{_text(line)}</span>'
    if line.startswith("-"):
        return f'<span style="color: {_REMOVED}">{_text(line)}</span>'
    return _text(line)


def _verdict(result: CellResult) -> str:
    line = _text(words.verdict_line(result))
    if result.verdict is None:
        return f'<div role="status">{line}</div>'
    passed = result.verdict.passed
    colour, mark = (_PASSED, "✓") if passed else (_FAILED, "✗")
    return (
        f'<div role="status" style="color: {colour}; font-weight: bold">'
        f'<span aria-hidden="true">{mark}</span> {line}</div>'
    )
