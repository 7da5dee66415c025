"""Find a fact by what people write, and write it as manifests do."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from puppet_kernel.questions.plain import nearest

Path = tuple[str | int, ...]

_PREFIX = re.compile(r"\A\$?(?:::)?(?:facts(?=[.\[])[.]?)?")
_PART = re.compile(
    r"""\[?\s*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")\s*\]?"""
    r"|(?P<bare>[^.\[\]\s]+)"
)
_MOST = 12
_MOST_NODES = 5_000


def parts(key: str) -> list[str]:
    """Return the names in `os.family`, `$facts['os']['family']`, `$osfamily`…"""
    rest = key.strip()
    rest = rest[_PREFIX.match(rest).end() :]  # type: ignore[union-attr]
    return [
        found["single"] or found["double"] or found["bare"] or ""
        for found in _PART.finditer(rest)
    ]


def find(facts: dict[str, Any], names: list[str]) -> tuple[Path, Any] | None:
    """Return a fact's path and value, or None if there is no such fact.

    A name may itself contain dots: the longest that exists is taken.
    """
    return _find(facts, names, ())


def _find(value: Any, names: list[str], path: Path) -> tuple[Path, Any] | None:
    if not names:
        return path, value
    if isinstance(value, list):
        index = names[0]
        if index.isdecimal() and int(index) < len(value):
            return _find(value[int(index)], names[1:], (*path, int(index)))
        return None
    if isinstance(value, dict):
        for count in range(len(names), 0, -1):
            name = ".".join(names[:count])
            if name in value:
                found = _find(value[name], names[count:], (*path, name))
                if found is not None:
                    return found
    return None


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield all single values below a value; empty structures are single."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield everything below a value that has a name, outer before inner."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from nodes(item, (*path, name))


def beginning_with(facts: dict[str, Any], names: list[str]) -> list[tuple[Path, Any]]:
    """Return the facts whose path begins as somebody wrote it, the outermost only."""
    begin = ".".join(names).lower()
    found: list[tuple[Path, Any]] = []
    for path, value in islice(nodes(facts), _MOST_NODES):
        outer = found[-1][0] if found else None
        inside = outer is not None and path[: len(outer)] == outer
        if not inside and dotted(path).lower().startswith(begin):
            found.append((path, value))
    return found


def near(facts: dict[str, Any], names: list[str]) -> list[tuple[Path, Any]]:
    """Return the facts that may have been meant: of that last name, or one like it."""
    every = list(islice(nodes(facts), _MOST_NODES))
    last = names[-1].lower() if names else ""
    same = [(p, v) for p, v in every if str(p[-1]).lower() == last]
    if same:
        return same[:_MOST]
    by_path = {dotted(path).lower(): (path, value) for path, value in every}
    close = nearest(".".join(names), by_path, 3)
    if not close:
        alike = nearest(last, {str(path[-1]) for path, _ in every}, 2)
        close = [dotted(p).lower() for p, _ in every if str(p[-1]) in alike]
    return [by_path[name] for name in close][:_MOST]


def expression(path: Path) -> str:
    """Return how a manifest reads a fact: $facts['os']['family']."""
    inner = "".join(
        f"[{name}]" if isinstance(name, int) else f"[{literal(name)}]" for name in path
    )
    return f"$facts{inner}"


def dotted(path: Path) -> str:
    """Return a path as data and this magic write it: os.family."""
    return ".".join(
        f"'{name}'" if isinstance(name, str) and "." in name else str(name)
        for name in path
    )


def literal(value: Any) -> str:
    """Return a value as Puppet code."""
    match value:
        case None:
            return "undef"
        case bool():
            return "true" if value else "false"
        case str() if any(sign in value for sign in "\n\t\r"):
            told = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
            told = told.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
            return f'"{told}"'
        case str():
            told = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{told}'"
        case dict():
            inner = ", ".join(f"{literal(k)} => {literal(v)}" for k, v in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list():
            return f"[{', '.join(map(literal, value))}]"
    return str(value)


def type_name(value: Any) -> str:
    """Return the name of a value's type in Puppet."""
    match value:
        case None:
            return "Undef"
        case bool():
            return "Boolean"
        case int():
            return "Integer"
        case float():
            return "Float"
        case str():
            return "String"
        case dict():
            return "Hash"
    return "Array"
