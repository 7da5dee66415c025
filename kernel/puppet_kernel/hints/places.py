"""Find the places in a cell that a message is about."""

from collections.abc import Iterator
from itertools import pairwise

from puppet_kernel.hints.tokens import Kind, Token

_SCOPES = frozenset({"class", "define", "function", "node"})


def attribute(
    found: tuple[Token, ...], name: str, line: int | None
) -> tuple[Token, Token | None] | None:
    """Return an attribute and its value, at or below a line; None if it is not there.

    Only where the name stands once in the resource that begins on that line.
    """
    if line is None:
        return None
    for token, value in attributes_of(found, line):
        if token.inner == name:
            return token, value
    return None


def attributes_of(
    found: tuple[Token, ...], line: int
) -> Iterator[tuple[Token, Token | None]]:
    """Yield the attributes, with their values' first tokens, of what begins on a line.

    Where several resources begin on a line, those of all of them.
    """
    start = next((i for i, t in enumerate(found) if t.line >= line), len(found))
    depth = 0
    for index in range(start, len(found)):
        token = found[index]
        if depth <= 0 and token.line > line and token.text not in {"{", "=>"}:
            begun = depth < 0 or any(t.text == "{" for t in found[start:index])
            if begun:
                return
        depth += {"{": 1, "}": -1}.get(token.text, 0) if _sign(token) else 0
        behind = found[index + 1] if index + 1 < len(found) else None
        if behind is not None and behind.text == "=>":
            yield token, found[index + 2] if index + 2 < len(found) else None


def assignments(found: tuple[Token, ...], name: str) -> list[Token]:
    """Return where a variable gets a value, in order."""
    return [
        token
        for token, behind in pairwise(found)
        if token.kind is Kind.VARIABLE
        and token.text == f"${name}"
        and behind.text == "="
    ]


def scope_at(found: tuple[Token, ...], offset: int) -> tuple[int, ...]:
    """Return where the scopes begin that enclose a place, the outermost first.

    Classes, defined types, functions, nodes and lambdas have scopes of their own.
    """
    stack: list[int | None] = []
    for index, token in enumerate(found):
        if token.start >= offset:
            break
        if not _sign(token):
            continue
        if token.text == "{":
            stack.append(token.start if _opens_scope(found, index) else None)
        elif token.text == "}" and stack:
            stack.pop()
    return tuple(start for start in stack if start is not None)


def _opens_scope(found: tuple[Token, ...], index: int) -> bool:
    if not index or found[index - 1].text == "|":
        return bool(index)
    depth = 0
    for token in reversed(found[:index]):
        depth += {")": 1, "(": -1}.get(token.text, 0) if _sign(token) else 0
        if not depth and (token.text in {"{", "}", ";"} and _sign(token)):
            return False
        if not depth and token.kind is Kind.NAME and token.text in _SCOPES:
            return token is not found[index - 1]
    return False


def first_word(found: tuple[Token, ...], line: int | None, text: str) -> Token | None:
    """Return the first token with this text on a line, or on any if it has none."""
    same = [token for token in found if token.text == text]
    return next((t for t in same if t.line == line), same[0] if same else None)


def _sign(token: Token) -> bool:
    return token.kind is Kind.SIGN
