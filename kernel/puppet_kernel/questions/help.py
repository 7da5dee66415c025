"""Answer `%help`: what a cell may begin with."""

from collections.abc import Iterator

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Code, Span, Table, Text, Tone
from puppet_kernel.magics import MAGICS, Magic, nearest
from puppet_kernel.questions.help_texts import HELP
from puppet_kernel.results import Problem

_KEYS = (
    ("Shift+Enter", "runs the cell"),
    ("Tab", "completes types, attributes, values, classes, functions, facts, magics"),
    ("Shift+Tab", "explains what the cursor stands on"),
    ("I, I", "outside of the text: interrupts, after the current resource"),
    ("I, I again", "kills everything that the cell has started"),
    ("0, 0", "outside of the text: restarts the kernel"),
)


def answer(cell: Cell, asking: Asking) -> Answer:
    """List all magics by purpose, or explain one."""
    if not cell.argument:
        return Answer(tuple(_overview()))
    name = cell.argument.strip().lstrip("%").lower()
    magic = MAGICS.get(name)
    if magic is None:
        sign = "%%" if cell.argument.strip().startswith("%%") else "%"
        message = f"there is no magic {cell.argument.strip()}; {nearest(sign, name)}"
        return Answer(errors=(Problem("error", message),))
    return Answer(tuple(_one(magic)))


def _overview() -> Iterator[Block]:
    yield Text("A cell without any of these is a manifest: running it applies it.")
    rules = [magic for magic in MAGICS.values() if magic.sign == "%%"]
    asks = [magic for magic in MAGICS.values() if magic.sign == "%"]
    yield _table(rules, "First lines: what becomes of the text below")
    yield _table(asks, "Lines that ask, alone, several in a cell, or below a manifest")
    keys = tuple((Span(key, code=True), told) for key, told in _KEYS)
    yield Table(("key", "what it does in JupyterLab"), keys, "Keys")
    yield Text("More about one of them, with cells to try: %help expect", Tone.FAINT)


def _table(magics: list[Magic], caption: str) -> Table:
    rows = tuple(
        (
            Span(magic.usage, code=True),
            magic.summary,
            Span(HELP[magic.name].short, Tone.FAINT, code=True),
        )
        for magic in magics
    )
    return Table(("magic", "what it does", "for example"), rows, caption)


def _one(magic: Magic) -> Iterator[Block]:
    told = HELP[magic.name]
    yield Text(f"{magic.usage}: {magic.summary}", strong=True)
    yield Text(told.text)
    for code, does in told.cells:
        yield Text(f"This cell {does}:")
        yield Code(code)
    if told.pitfalls:
        rows = tuple((Span(pitfall),) for pitfall in told.pitfalls)
        yield Table(("worth knowing",), rows)
