"""What is wrong with a camp.toml, in the words of whoever wrote it."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from puppetcamp.setting_values import shown

Tables = Mapping[str, frozenset[str]]
"""The keys that each table may hold."""


def of_toml(where: str, said: str) -> str:
    """Say a TOML parser's message with its place first."""
    match = re.fullmatch(r"(.*) \(at (.*)\)", said, re.DOTALL)
    fault, place = (match[1], match[2]) if match else (said, "unknown place")
    return (
        f"{where}, {place}: not TOML: {fault}; text stands in quotes, each key on a "
        'line of its own: length = "3h"'
    )


def of(error: ValidationError, where: str, tables: Tables) -> Iterator[str]:
    """Say each of pydantic's errors in the words of camp.toml."""
    for fault in error.errors(include_url=False):
        table, *rest = (str(part) for part in fault["loc"])
        place = f"{where}, [{table}]" + (f" {rest[0]}" if rest else "")
        match fault["type"]:
            case "missing" if not rest:
                yield f'{where}, [{table}]: is missing; add [camp] with name = "…"'
            case "missing":
                yield f'{place}: is missing; add {rest[0]} = "…" below [{table}]'
            case "extra_forbidden":
                yield _unknown(where, tables, fault)
            case "value_error":
                yield f"{place}: {fault['ctx']['error']}"
            case _:
                yield (
                    f"{place}: {shown(fault['input'])} is not a table; write a "
                    f"line [{table}] and the keys below it"
                )


def _unknown(where: str, tables: Tables, fault: ErrorDetails) -> str:
    """Name the nearest known key or table, and where a misplaced key belongs."""
    table, *rest = (str(part) for part in fault["loc"])
    if not rest and isinstance(fault["input"], dict):
        near = _nearest(table, tables)
        hint = f"did you mean [{near}]?" if near else f"known tables: {_list(tables)}"
        return f"{where}, [{table}]: unknown table; {hint}"
    key = rest[0] if rest else table
    place = f"{where}, [{table}] {key}" if rest else f"{where}, {key} above all tables"
    for home, keys in tables.items():
        if key in keys:
            return f"{place}: unknown key here; it belongs below [{home}]"
    own = tables.get(table, frozenset()) if rest else frozenset()
    if near := _nearest(key, own):
        return f"{place}: unknown key; did you mean {near}?"
    homes = {known: home for home, keys in tables.items() for known in keys}
    if near := _nearest(key, homes):
        return f"{place}: unknown key; did you mean {near} below [{homes[near]}]?"
    hint = f"known keys: {_list(own)}" if own else f"known tables: {_list(tables)}"
    return f"{place}: unknown key; {hint}"


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name.lower(), list(known), n=1)), None)


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
