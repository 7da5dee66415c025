"""Find the resources that a manifest declares, without Puppet.

A tokenizer and a search for `type { title: attribute => value }`, not a parser: it sees
what is written, not what is evaluated. That is enough to warn about checks while
building a course on a machine without Puppet; the checker itself judges evaluated
catalogs. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+|\#[^\n]*|/\*.*?\*/)
    | (?P<heredoc>@\(\s*"?(?P<end>[^":/)]+?)"?\s*(?::[^)/]*)?(?:/[^)]*)?\)
        (?P<rest>[^\n]*)\n(?P<text>.*?)^\s*\|?\s*-?\s*(?P=end)[^\S\n]*$)
    | (?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    | (?P<word>(?:::)?[a-zA-Z_]\w*(?:::\w+)*)
    | (?P<variable>\$(?:::)?\w+(?:::\w+)*)
    | (?P<arrow>[=+]>)
    | (?P<chain>->|~>|<-|<~)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

_RELATING = frozenset({"require", "before", "notify", "subscribe"})
_INCLUDING = frozenset({"include", "contain"})
_OPENING, _CLOSING = "{[(", "}])"


@dataclass(frozen=True)
class Token:
    """Hold one token: its kind and its text, strings without their quotes."""

    kind: str
    text: str


@dataclass(frozen=True)
class Declared:
    """Hold one declared resource; values are the text of their tokens, unevaluated."""

    type: str
    title: str
    attributes: dict[str, str]


def tokens(manifest: str) -> tuple[Token, ...]:
    """Split a manifest into tokens, without comments and white space."""
    found: list[Token] = []
    for match in _TOKEN.finditer(manifest):
        kind = match.lastgroup or "other"
        if match["skip"] is not None:
            continue
        if match["heredoc"] is not None:
            found.append(Token("string", match["text"]))
            found.extend(tokens(match["rest"]))
        elif match["string"] is not None:
            found.append(Token("string", match["string"][1:-1]))
        else:
            found.append(Token(kind, match[0]))
    return tuple(found)


def resources(manifest: str) -> tuple[Declared, ...]:
    """Return the resources that a manifest declares, in their order."""
    stream = tokens(manifest)
    return tuple(
        resource
        for index in range(len(stream) - 1)
        if _starts_resource(stream, index)
        for resource in _bodies(stream[index].text, _block(stream, index + 1))
    )


def relates(manifest: str) -> bool:
    """Tell whether a relationship, or a class to include, is written anywhere."""
    stream = tokens(manifest)
    return any(
        token.kind == "chain"
        or (token.kind == "word" and token.text in _RELATING | _INCLUDING)
        for token in stream
    )


def sets(manifest: str, attribute: str) -> bool:
    """Tell whether an attribute of this name is set anywhere, defaults included."""
    stream = tokens(manifest)
    return any(
        name.kind in {"word", "string"}
        and name.text == attribute
        and arrow.kind == "arrow"
        for name, arrow in pairwise(stream)
    )


def _starts_resource(stream: Sequence[Token], index: int) -> bool:
    name, brace = stream[index], stream[index + 1]
    return (
        name.kind == "word"
        and not name.text.lstrip(":")[:1].isupper()
        and brace == Token("other", "{")
    )


def _block(stream: Sequence[Token], opening: int) -> list[Token]:
    """Return the tokens between an opening brace and the one that closes it."""
    depth = 0
    for index in range(opening, len(stream)):
        depth += _step(stream[index])
        if depth == 0:
            return list(stream[opening + 1 : index])
    return list(stream[opening + 1 :])


def _step(token: Token) -> int:
    if token.kind != "other":
        return 0
    return (token.text in _OPENING) - (token.text in _CLOSING)


def _bodies(kind: str, block: list[Token]) -> Iterator[Declared]:
    """Read `title: attributes` bodies; a block without a title is no resource."""
    for body in _split(block, ";"):
        parts = list(_split(body, ":", most=1))
        if len(parts) < 2 or not parts[0]:
            continue
        title = "".join(token.text for token in parts[0])
        attributes: dict[str, str] = {}
        for pair in _split(parts[1], ","):
            if len(pair) > 2 and pair[1].kind == "arrow":
                attributes[pair[0].text] = "".join(token.text for token in pair[2:])
        yield Declared(kind, title, attributes)


def _split(stream: Sequence[Token], mark: str, most: int = -1) -> Iterator[list[Token]]:
    """Split at a mark outside of brackets, at most `most` times if that is positive."""
    depth = 0
    part: list[Token] = []
    for token in stream:
        depth += _step(token)
        if depth == 0 and token == Token("other", mark) and most != 0:
            most -= 1
            yield part
            part = []
        else:
            part.append(token)
    yield part
