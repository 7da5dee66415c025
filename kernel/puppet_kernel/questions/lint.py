"""Answer `%lint`: what puppet-lint would improve in a cell, a file or a folder."""

import difflib
from collections.abc import Iterator
from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell, is_blank
from puppet_kernel.document import Block, Diff, Span, Table, Text, Tone
from puppet_kernel.questions import plain
from puppet_kernel.questions.lint_reasons import reason
from puppet_kernel.results import Problem

_TONES = {"error": Tone.BAD, "warning": Tone.WARNING}
_SOURCE_WIDTH = 80
_MOST_LINES = 3_000
_CELL = "the last cell"


def answer(cell: Cell, asking: Asking) -> Answer:
    """Ask puppet-lint about the last manifest, or about what the argument names."""
    if cell.argument:
        data = asking.ask("lint", path=_path(cell.argument), cwd=asking.cwd)
    else:
        applied = asking.memory.applied
        if applied is None or is_blank(applied.body):
            message = "no cell with a manifest has been run yet"
            hint = "run one, or name a file or a folder: %lint manifests/init.pp"
            return Answer(errors=(Problem("error", f"{message}; {hint}"),))
        data = asking.ask("lint", code=applied.code, cwd=asking.cwd)
    return _shown(plain.mapping(data))


def _path(argument: str) -> str:
    quoted = len(argument) > 1 and argument[0] == argument[-1] and argument[0] in "'\""
    return argument[1:-1] if quoted else argument


def _shown(data: dict[str, Any]) -> Answer:
    if data.get("installed") is not True:
        return Answer(errors=(_missing(plain.text(data.get("gem"))),))
    sources = plain.records(data.get("sources"))
    told = [source for source in sources if plain.items(source.get("problems"))]
    blocks = [block for source in told for block in _source(source)]
    if told:
        blocks += _why(told)
    clean = len(sources) - len(told)
    if clean:
        blocks.append(_clean(clean, sources, plain.text(data.get("version"))))
    return Answer(tuple(blocks))


def _missing(gem: str) -> Problem:
    message = (
        "puppet-lint is not installed; on Debian and Ubuntu: apt install puppet-lint"
    )
    return Problem("error", f"{message}; elsewhere: {gem or 'gem'} install puppet-lint")


def _clean(count: int, sources: list[dict[str, Any]], version: str) -> Text:
    name = _name(sources[0])
    if len(sources) > 1:
        name = f"{count} of {len(sources)} files"
    return Text(f"✓ {name}: nothing to improve, says puppet-lint {version}", Tone.GOOD)


def _source(source: dict[str, Any]) -> Iterator[Block]:
    """Show the problems of one text, with their lines and what a repair makes of it."""
    name, code = _name(source), plain.text(source.get("code"))
    lines = code.split("\n")
    problems = plain.records(source.get("problems"))
    count = len(problems)
    told = f"{count} thing{'' if count == 1 else 's'} to improve in {name}"
    yield Table(
        ("line", "source", "what", "check"),
        tuple(_row(problem, lines) for problem in problems),
        told,
    )
    fixed = plain.text(source.get("fixed"))
    if fixed != code:
        yield Text("What puppet-lint --fix would make of it:")
        yield _difference(code, fixed, name)
    elif not any(problem.get("check") == "syntax" for problem in problems):
        yield Text("puppet-lint --fix cannot do this; it takes a person.", Tone.FAINT)


def _row(problem: dict[str, Any], lines: list[str]) -> tuple[str | Span, ...]:
    line = plain.number(problem.get("line")) or 0
    column = plain.number(problem.get("column"))
    where = f"{line}:{column}" if column else str(line)
    kind = plain.text(problem.get("kind"))
    source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    if len(source) > _SOURCE_WIDTH:
        source = f"{source[:_SOURCE_WIDTH]}…"
    return (
        where,
        Span(source, code=True),
        Span(
            f"{kind}: {plain.text(problem.get('message'))}",
            _TONES.get(kind, Tone.PLAIN),
        ),
        Span(plain.text(problem.get("check")), code=True),
    )


def _why(sources: list[dict[str, Any]]) -> Iterator[Block]:
    checks = dict.fromkeys(
        plain.text(problem.get("check"))
        for source in sources
        for problem in plain.records(source.get("problems"))
    )
    rows = [(Span(check, code=True), reason(check)) for check in checks]
    known = tuple((name, why) for name, why in rows if why)
    if known:
        yield Table(("check", "why it matters"), known)
    check = next((name for name in checks if name != "syntax"), "")
    if check:
        told = f"To keep a line as it is, end it with # lint:ignore:{check}"
        yield Text(told, Tone.FAINT)


def _difference(before: str, after: str, name: str) -> Block:
    if max(before.count("\n"), after.count("\n")) > _MOST_LINES:
        return Text("It is too long for a comparison.", Tone.FAINT)
    return Diff(diff(before, after, name))


def diff(before: str, after: str, name: str) -> str:
    """Return a unified diff of two texts."""
    lines = difflib.unified_diff(
        before.split("\n"),
        after.split("\n"),
        f"{name} (now)",
        f"{name} (improved)",
        lineterm="",
        n=2,
    )
    return "\n".join(lines)


def _name(source: dict[str, Any]) -> str:
    return plain.text(source.get("path")) or _CELL
