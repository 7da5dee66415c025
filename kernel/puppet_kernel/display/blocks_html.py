"""Show blocks as HTML; everything in them is escaped."""

from collections.abc import Iterable

from puppet_kernel.display import theme, words
from puppet_kernel.document import (
    Block,
    Code,
    Diagram,
    Diff,
    Folded,
    Markdown,
    Span,
    Table,
    Text,
    Tone,
)

# Characters that a narrow column keeps on one line.
_WHOLE = 16
_COLOURS = {
    Tone.PLAIN: "inherit",
    Tone.FAINT: theme.FAINT,
    Tone.GOOD: theme.GOOD,
    Tone.BAD: theme.BAD,
    Tone.WARNING: theme.WARNING,
    Tone.NEWS: theme.NEWS,
}


def to_html(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML, one element each."""
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Text(text, tone, strong):
            weight = "; font-weight: bold" if strong else ""
            return (
                f'<div style="color: {_COLOURS[tone]}; white-space: pre-wrap{weight}">'
                f"{theme.escape(words.cut(text, words.MAX_TEXT))}</div>"
            )
        case Table():
            return _table(block)
        case Code(text):
            return _pre(words.cut_lines(text))
        case Diff(text):
            return theme.diff(words.diff_lines(text))
        case Folded(summary, blocks):
            return (
                f"<details><summary>{theme.escape(summary)}</summary>"
                f'<div style="padding-left: 1em">{to_html(blocks)}</div></details>'
            )
        case Markdown(text) | Diagram(_, text):
            return _pre(words.cut_lines(text))


def _pre(text: str) -> str:
    style = f"margin: 4px 0; {theme.CODE}; color: inherit"
    return f'<pre style="{style}">{theme.escape(text)}</pre>'


def _table(table: Table) -> str:
    rows = [_row(row) for row in table.rows[: words.MAX_ROWS]]
    shown = theme.table(list(table.columns), rows, table.caption)
    left = len(table.rows) - len(rows)
    if left > 0:
        told = f"… and {left} more"
        shown += f'<div style="color: {theme.FAINT}">{told}</div>'
    return shown


def _row(row: tuple[str | Span, ...]) -> str:
    head, *rest = (_span(cell) for cell in row)
    cells = [
        f'<th scope="row" style="{_style(row[0])}; font-weight: normal">{head}</th>'
    ]
    cells += [
        f'<td style="{_style(cell)}">{text}</td>'
        for cell, text in zip(row[1:], rest, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _span(cell: str | Span) -> str:
    text = cell.text if isinstance(cell, Span) else cell
    return theme.escape(words.cut(text, words.MAX_TEXT))


def _style(cell: str | Span) -> str:
    text = cell.text if isinstance(cell, Span) else cell
    short = len(text) <= _WHOLE and "\n" not in text
    style = f"{theme.CELL}; white-space: {'nowrap' if short else 'pre-wrap'}"
    if isinstance(cell, Span):
        style += f"; color: {_COLOURS[cell.tone]}"
        if cell.code:
            style += f"; {theme.CODE}"
    return style
