"""Show blocks as plain text."""

from collections.abc import Iterable

from puppet_kernel.display import words
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
)

_INDENT = " " * 4
_WIDEST = 48
# Lines of what is folded that are shown where nothing can be unfolded.
_UNFOLDED = 40


def to_text(blocks: Iterable[Block]) -> str:
    """Return blocks as lines of text, without a newline at the end."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    match block:
        case Text(text):
            return words.cut(text, words.MAX_TEXT).split("\n")
        case Table():
            return _table(block)
        case Code(text) | Markdown(text) | Diagram(_, text):
            return words.cut_lines(text).rstrip("\n").split("\n")
        case Diff(text):
            return [_INDENT + line for line in words.diff_lines(text)]
        case Folded(summary, blocks):
            inner = [line for inside in blocks for line in _lines(inside)]
            left = len(inner) - _UNFOLDED
            # Text cannot be unfolded: whoever wants all of it asks for a part.
            more = [f"… [{left} more lines]"] if left > 0 else []
            shown = inner[:_UNFOLDED] + more
            return [summary, *(_INDENT + line for line in shown)]


def _table(table: Table) -> list[str]:
    rows = [[_cell(cell) for cell in row] for row in table.rows[: words.MAX_ROWS]]
    widths = [
        min(_WIDEST, max([len(name), *(len(row[index]) for row in rows)]))
        for index, name in enumerate(table.columns)
    ]
    lines = [table.caption] if table.caption else []
    lines.append(_row(table.columns, widths))
    lines.append(_row(["─" * width for width in widths], widths))
    lines += [_row(row, widths) for row in rows]
    left = len(table.rows) - len(rows)
    return [*lines, f"… and {left} more"] if left > 0 else lines


def _row(cells: Iterable[str], widths: list[int]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _cell(cell: str | Span) -> str:
    text = cell.text if isinstance(cell, Span) else cell
    return words.cut(" ".join(text.split("\n")), words.MAX_TEXT)
