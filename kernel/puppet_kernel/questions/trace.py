"""Answer `%trace`: where in Ruby the last error was raised."""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Folded, Span, Table, Text, Tone
from puppet_kernel.results import CellResult, Problem

_FRAME = re.compile(
    r"(?P<file>.+?):(?P<line>\d+)(?::in [`'](?P<method>.*)')?\Z", re.DOTALL
)
_PUPPET = re.compile(r"/(?:puppet|facter|hiera|semantic_puppet)(?:-[\d.]+)?/")
_MODULE = re.compile(r"/(?:modules|environments|site|vendor_modules)/[\w-]+/")
_KERNEL = re.compile(r"/puppet_kernel/ruby/")
_MOST = 400
_LONGEST = 1_000


class _Owner(StrEnum):
    MODULE = "a module"
    PUPPET = "Puppet"
    RUBY = "Ruby"
    KERNEL = "the kernel"


def answer(cell: Cell, asking: Asking) -> Answer:
    """Show the frames of the last result that had errors."""
    failed = asking.memory.failed
    if failed is None:
        return Answer((Text("No cell has failed yet: there is nothing to trace."),))
    traced = [problem for problem in failed.errors if problem.backtrace]
    if not traced:
        return Answer(tuple(_without(failed)))
    blocks = [block for problem in traced for block in _trace(problem)]
    return Answer(tuple(blocks))


def _without(failed: CellResult) -> Iterator[Block]:
    for problem in failed.errors[:1]:
        yield Text(problem.message, Tone.BAD)
    yield Text(
        "Puppet tells no Ruby backtrace of the last error: it is about the manifest, "
        "or a command that failed, and not about code in Ruby."
    )


def _trace(problem: Problem) -> Iterator[Block]:
    yield Text(problem.message, Tone.BAD, strong=True)
    frames = [_owned(line[:_LONGEST]) for line in problem.backtrace[:_MOST]]
    own = [frame for owner, frame in frames if owner is _Owner.MODULE]
    if own:
        yield Table(("in", "file", "line"), tuple(map(_row, own)), "In modules")
    else:
        yield Text("No frame is a module's: this was raised in Puppet itself.")
    nearest = next((f for owner, f in frames if owner is _Owner.PUPPET), None)
    if nearest is not None and not own:
        yield Table(("in", "file", "line"), (_row(nearest),), "Nearest in Puppet")
    yield Folded(f"all {len(frames)} frames, the innermost first", tuple(_all(frames)))


def _all(frames: list[tuple[_Owner, str]]) -> Iterator[Block]:
    for owner, group in groupby(frames, key=lambda frame: frame[0]):
        rows = tuple(_row(line) for _, line in group)
        count = f"{len(rows)} frame{'' if len(rows) == 1 else 's'} of {owner.value}"
        yield Table(("in", "file", "line"), rows, count)


def _owned(line: str) -> tuple[_Owner, str]:
    if _KERNEL.search(line):
        return _Owner.KERNEL, line
    if _MODULE.search(line):
        return _Owner.MODULE, line
    return (_Owner.PUPPET if _PUPPET.search(line) else _Owner.RUBY), line


def _row(line: str) -> tuple[str | Span, ...]:
    found = _FRAME.match(line)
    if found is None:
        return ("", Span(line, code=True), "")
    method = found["method"] or "(the file itself)"
    return (Span(method, code=True), Span(found["file"], code=True), found["line"])
