"""Read what a worker answered, which may be anything: ask for a shape, get that shape.

The node's administrator can make the worker say what they like.
"""

import difflib
from collections.abc import Iterable
from typing import Any

DEEPEST = 40


def text(value: Any) -> str:
    """Return a string; nothing for nothing, and for what is no single value."""
    if value is None or isinstance(value, dict | list):
        return ""
    return _sendable(str(value))


def number(value: Any) -> int | None:
    """Return a whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def mapping(value: Any) -> dict[str, Any]:
    """Return a dict with strings as keys; empty if it is none."""
    if not isinstance(value, dict):
        return {}
    return {_sendable(str(key)): item for key, item in value.items()}


def structure(value: Any, depth: int = DEEPEST) -> Any:
    """Return what JSON can hold, but not deeper than it is safe to walk."""
    if isinstance(value, dict | list) and depth == 0:
        return "…"
    if isinstance(value, dict):
        return {key: structure(item, depth - 1) for key, item in mapping(value).items()}
    if isinstance(value, list):
        return [structure(item, depth - 1) for item in value]
    return _sendable(value) if isinstance(value, str) else value


def items(value: Any) -> list[Any]:
    """Return a list; empty if it is none."""
    return value if isinstance(value, list) else []


def records(value: Any) -> list[dict[str, Any]]:
    """Return the dicts of a list."""
    return [mapping(item) for item in items(value) if isinstance(item, dict)]


def words(value: Any) -> list[str]:
    """Return the items of a list as strings."""
    return [text(item) for item in items(value)]


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the names that are most like a word, the most likely first."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), names, n=count, cutoff=0.6)
    return [names[name] for name in close]


def or_list(names: Iterable[str]) -> str:
    """Return names as people say them: "a", "a or b", "a, b or c"."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} or {last}" if first else last


def _sendable(value: str) -> str:
    """Return a string without the halves of characters, which no output can hold."""
    return value.encode("utf-8", "replace").decode("utf-8")
