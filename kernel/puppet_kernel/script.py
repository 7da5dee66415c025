"""Make one manifest of a notebook.

Every cell compiles on its own, so a resource or a variable may come again in a later
cell. In one manifest it may not: the last one stays, and the cell with the earlier one
becomes a comment that says why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from puppet_kernel import cells
from puppet_kernel.errors import CellError
from puppet_kernel.magics import MAGICS
from puppet_kernel.results import Kind

Claim = tuple[str, str]

# What a cell ended with that Puppet could not read or compile.
NOT_COMPILED = frozenset({"SyntaxError", "PuppetError", "CellError"})
_UNCHECKED = (
    "Puppet was not there to look for what the cells declare twice: each cell compiles "
    "on its own, and perhaps not all of them do together."
)
_MAX_REASON = 300
_NAMES = {
    "variable": "${} is assigned again",
    "definition": "{} is defined again",
    "function": "the function {} is defined again",
    "type": "the type {} is defined again",
    "node": "the node {} is defined again",
    "default": "the default of {} is set again",
}


@dataclass(frozen=True)
class Source:
    """Hold a cell of a notebook.

    `kind` is Jupyter's: code, markdown or raw. `failed` is the name of the error that
    the cell ended with when it was last run, or empty. `to_fail` says that the notebook
    expects it to, and that nobody has mended it.
    """

    kind: str
    text: str
    failed: str = ""
    to_fail: bool = False


@dataclass(frozen=True)
class Declared:
    """Hold what a text declares.

    `claims` can be in a manifest only once; `uses` must not come before a claim of the
    same. `fault` says why the text is no manifest, and `line` where.
    """

    claims: frozenset[Claim] = frozenset()
    uses: frozenset[Claim] = frozenset()
    fault: str = ""
    line: int | None = None


Look = Callable[[Sequence[str]], list[Declared]]


@dataclass(frozen=True)
class _Part:
    """Hold what becomes of a cell: code, or a comment if it has a `reason`."""

    number: int
    source: Source
    reason: str = ""

    @property
    def is_code(self) -> bool:
        return self.source.kind == "code" and not self.reason

    @property
    def text(self) -> str:
        if self.is_code:
            return self.source.text.strip("\n")
        lines = [f"({self.reason})"] if self.reason else []
        return _comment("\n".join([*lines, self.source.text.strip("\n")]))


def to_script(sources: Sequence[Source], look: Look | None) -> str:
    """Return a notebook's cells as one manifest.

    `look` asks Puppet what texts declare; without it nothing is compared, and the
    script says so.
    """
    parts = [
        _part(number, source)
        for number, source in enumerate(sources, start=1)
        if source.text.strip()
    ]
    if look is None:
        return _joined(parts, _UNCHECKED)
    parts = _without_conflicts(parts, look)
    return _joined(_that_fit_together(parts, look))


def read_declared(answer: Any) -> list[Declared]:
    """Return what the worker says about texts."""
    texts = answer.get("texts") if isinstance(answer, dict) else None
    found = texts if isinstance(texts, list) else []
    return [_declared(item if isinstance(item, dict) else {}) for item in found]


def _declared(item: dict[str, Any]) -> Declared:
    if item.get("ok") is not True:
        line = item.get("line")
        fault = str(item.get("message") or "it cannot be read")
        return Declared(fault=fault, line=line if isinstance(line, int) else None)
    return Declared(_claims(item.get("claims")), _claims(item.get("uses")))


def _claims(pairs: Any) -> frozenset[Claim]:
    return frozenset(
        (str(pair[0]), str(pair[1]))
        for pair in (pairs if isinstance(pairs, list) else [])
        if isinstance(pair, list) and len(pair) == 2
    )


def _part(number: int, source: Source) -> _Part:
    """Return what a cell becomes by itself; only plain cells are code."""
    if source.kind != "code":
        return _Part(number, source)
    try:
        cell = cells.parse(source.text)
    except CellError as error:
        return _Part(number, source, f"cell {number} is no manifest: {error}")
    if cell.magic:
        told = MAGICS[cell.magic].summary
        return _Part(number, source, f"cell {number} is not applied: {told}")
    if source.to_fail:
        return _Part(number, source, f"cell {number} is meant to fail")
    if cell.kind is not Kind.EMPTY and source.failed in NOT_COMPILED:
        return _Part(number, source, f"cell {number} did not compile when it was run")
    if cell.below is not None:
        # What is asked below a manifest is no part of it.
        asked = source.text[len(cell.body) :]
        source = replace(source, text=cell.body + _comment(asked))
    return _Part(number, source)


def _without_conflicts(parts: list[_Part], look: Look) -> list[_Part]:
    """Turn the earlier of two cells that cannot be together into a comment."""
    code = [part for part in parts if part.is_code]
    declared = dict(
        zip(
            (part.number for part in code),
            look([part.source.text for part in code]),
            strict=True,
        )
    )
    claimed: dict[Claim, int] = {}
    kept: list[_Part] = []
    for part in reversed(parts):
        found = declared.get(part.number, Declared())
        kept.append(replace(part, reason=part.reason or _reason(part, found, claimed)))
        if part.is_code and not kept[-1].reason:
            claimed = dict.fromkeys(found.claims, part.number) | claimed
    return kept[::-1]


def _reason(part: _Part, found: Declared, claimed: dict[Claim, int]) -> str:
    if found.fault:
        return f"cell {part.number} is no manifest: {_one_line(found.fault)}"
    again = sorted((found.claims | found.uses) & claimed.keys())
    if not again:
        return ""
    kind, name = again[0]
    later = claimed[again[0]]
    if kind in _NAMES:
        told = _NAMES[kind].format(name)
    else:
        told = f"{_capital(kind)}[{name}] is declared again"
    more = f", and {len(again) - 1} more" if len(again) > 1 else ""
    return _one_line(f"cell {part.number} is left out: {told} in cell {later}{more}")


def _that_fit_together(parts: list[_Part], look: Look) -> list[_Part]:
    """Turn cells into comments until Puppet can read all of them as one text.

    What is fine at the end of a cell need not be in the middle of a manifest: a value
    that nothing uses, for instance.
    """
    for _ in parts:
        whole = look([_joined(parts)])[0]
        index = _at_line(parts, whole.line) if whole.fault else None
        if index is None:
            break
        part = parts[index]
        fault = _one_line(whole.fault)
        reason = f"cell {part.number} cannot stand before the others: {fault}"
        parts = [*parts[:index], replace(part, reason=reason), *parts[index + 1 :]]
    return parts


def _at_line(parts: list[_Part], line: int | None) -> int | None:
    """Return which part has a line of the script: the nearest code before it."""
    found = None
    first = 1
    for index, part in enumerate(parts):
        if line is not None and first > line:
            break
        if part.is_code and part.text.strip():
            found = index
        first += part.text.count("\n") + 2
    return found


def _joined(parts: list[_Part], remark: str = "") -> str:
    texts = [_comment(remark)] if remark else []
    texts += [part.text for part in parts]
    return "\n\n".join(texts).rstrip("\n") + "\n"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines()) or "#"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_MAX_REASON]


def _capital(kind: str) -> str:
    return "::".join(part.capitalize() for part in kind.split("::"))
