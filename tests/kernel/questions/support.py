"""What the tests of magics ask for again and again."""

from collections.abc import Iterable, Iterator

from puppet_kernel.display import to_html, to_text
from puppet_kernel.display.blocks_html import to_html as blocks_to_html
from puppet_kernel.document import Block, Folded, Table
from puppet_kernel.results import CellResult
from puppet_kernel.session import Session


def ask(session: Session, *lines: str) -> CellResult:
    """Run a cell that must succeed."""
    result = session.run_cell("\n".join(lines))
    assert result.ok, [error.message for error in result.errors]
    return result


def text(session: Session, *lines: str) -> str:
    """Return a cell's answer as text; its HTML must be made without an error."""
    result = ask(session, *lines)
    assert blocks_to_html(result.blocks)
    return to_text(result)


def refusal(session: Session, line: str) -> str:
    """Return the error that a cell ends with."""
    result = session.run_cell(line)
    assert not result.ok
    assert to_html(result)
    return result.errors[0].message


def tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """Yield all tables, folded ones too."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Folded):
            yield from tables(block.blocks)


def rows(result: CellResult) -> dict[str, list[str]]:
    """Return the rows of all tables by the text of their first cell."""
    return {
        cells[0]: cells[1:]
        for table in tables(result.blocks)
        for cells in ([str(getattr(c, "text", c)) for c in row] for row in table.rows)
    }
