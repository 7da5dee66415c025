"""Cut Puppet code into tokens, also code that Puppet cannot read.

Not a second parser: it says where words, strings and brackets are, so that a hint can
point at them. It takes any text and never raises.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_HEREDOC = re.compile(r"@\(\s*(?P<quote>\"?)(?P<tag>[^:/\r\n\")]+)\"?[^)\n]*\)")
_PATTERNS = re.compile(
    r"(?P<space>[\s\u00a0]+)"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<variable>\$(?:::)?\w+(?:::\w+)*)"
    r"|(?P<number>\d\w*(?:\.\d+)?)"
    r"|(?P<name>(?:::)?[a-z_](?:[\w-]*\w)?(?:::[a-z_]\w*)*)"
    r"|(?P<type>(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*)"
    r"|(?P<sign><<\||\|>>|<\||\|>|=>|\+>|==|!=|=~|!~|<=|>=|->|~>|<-|<~|<<|>>|\+=|-="
    r"|&&|\|\||@@|[-+*/%=<>!?:;,.|@~&(){}\[\]])",
    re.DOTALL,
)
# After these a slash divides; after anything else it begins a regular expression.
_ENDS_VALUE = frozenset({")", "]", "}", "|>", "|>>"})
# Looking ahead without an end would take ever longer in text made for that.
_LOOK_AHEAD = 300
_OPENING = {"(": ")", "[": "]", "{": "}"}


class Kind(StrEnum):
    """Name what a token is."""

    VARIABLE = "variable"
    NUMBER = "number"
    NAME = "name"  # a word in lower case: a type, an attribute, a bare value
    TYPE = "type"  # a word with a capital
    SIGN = "sign"
    SINGLE = "single"  # a string in single quotes, or a heredoc that is like one
    DOUBLE = "double"
    REGEX = "regex"
    ODD = "odd"  # a character that Puppet has no use for


@dataclass(frozen=True)
class Token:
    """Hold one token; `start` and `end` are offsets, `line` and `column` count from 1.

    `closed` is False for a string that nothing ends.
    """

    kind: Kind
    text: str
    start: int
    line: int
    column: int
    closed: bool = True

    @property
    def end(self) -> int:
        """Return the offset behind its last character."""
        return self.start + len(self.text)

    @property
    def is_string(self) -> bool:
        """Tell whether it is text in quotes."""
        return self.kind in {Kind.SINGLE, Kind.DOUBLE}

    @property
    def ends_value(self) -> bool:
        """Tell whether a value can end with it."""
        return self.kind is not Kind.ODD and (
            self.kind is not Kind.SIGN or self.text in _ENDS_VALUE
        )

    @property
    def inner(self) -> str:
        """Return a string without its quotes; other tokens as they are."""
        if not self.is_string or self.text.startswith("@"):
            return self.text
        return self.text[1:-1] if self.closed else self.text[1:]


@lru_cache(maxsize=16)
def tokens(code: str) -> tuple[Token, ...]:
    """Return the tokens of a text, without white space and comments."""
    found: list[Token] = []
    position, line, line_start = 0, 1, 0
    heredocs: list[str] = []
    while position < len(code):
        kind, end, closed = _next(code, position, found)
        text = code[position:end]
        if kind is not None:
            column = position - line_start + 1
            found.append(Token(kind, text, position, line, column, closed))
            heredoc = _HEREDOC.fullmatch(text)
            if heredoc:
                heredocs.append(heredoc["tag"].strip())
        newline = text.find("\n")
        if heredocs and newline >= 0:
            end = max(end, _after_heredocs(code, position + newline + 1, heredocs))
            text = code[position:end]
            heredocs = []
        line += text.count("\n")
        if "\n" in text:
            line_start = position + text.rfind("\n") + 1
        position = end
    return tuple(found)


def _next(
    code: str, position: int, found: list[Token]
) -> tuple[Kind | None, int, bool]:
    character = code[position]
    if character in "'\"":
        return _string(code, position)
    if code.startswith("/*", position):
        end = code.find("*/", position + 2)
        return None, (end + 2 if end >= 0 else len(code)), True
    heredoc = _HEREDOC.match(code, position) if character == "@" else None
    if heredoc:
        kind = Kind.DOUBLE if heredoc["quote"] else Kind.SINGLE
        return kind, heredoc.end(), True
    if character == "/" and not (found and found[-1].ends_value):
        regex = re.compile(r"/(?:\\.|[^/\\\n])*/").match(code, position)
        if regex:
            return Kind.REGEX, regex.end(), True
    match = _PATTERNS.match(code, position)
    if match is None:
        return Kind.ODD, position + 1, True
    name = match.lastgroup or ""
    return (None if name in {"space", "comment"} else Kind(name)), match.end(), True


def _string(code: str, position: int) -> tuple[Kind, int, bool]:
    quote, index = code[position], position + 1
    kind = Kind.DOUBLE if quote == '"' else Kind.SINGLE
    while index < len(code):
        if code[index] == "\\":
            index += 2
        elif code[index] == quote:
            return kind, index + 1, True
        elif quote == '"' and code.startswith("${", index):
            index = _interpolation(code, index + 2)
        else:
            index += 1
    return kind, len(code), False


def _interpolation(code: str, position: int) -> int:
    """Return the offset behind the brace that ends an interpolation."""
    index, depth = position, 1
    while index < min(len(code), position + _LOOK_AHEAD):
        if code[index] in "'\"":
            closing = _plain_end(code, index)
            if closing is None:
                return position
            index = closing
            continue
        depth += {"{": 1, "}": -1}.get(code[index], 0)
        index += 1
        if not depth:
            return index
    # Never closed: the string shall end at its own quote.
    return position


def _plain_end(code: str, position: int) -> int | None:
    end = re.compile(r"(['\"])(?:\\.|(?!\1)[^\\\n])*\1").match(
        code, position, position + _LOOK_AHEAD
    )
    return end.end() if end else None


def _after_heredocs(code: str, position: int, tags: list[str]) -> int:
    for tag in tags:
        end = re.compile(
            rf"^[ \t]*(?:\|[ \t]*)?(?:-[ \t]*)?{re.escape(tag)}[ \t]*$", re.MULTILINE
        ).search(code, position)
        if end is None:
            return len(code)
        position = end.end()
    return position


def open_brackets(found: tuple[Token, ...]) -> list[Token]:
    """Return the brackets that are open behind the last of some tokens."""
    stack: list[Token] = []
    for token in found:
        if token.kind is not Kind.SIGN:
            continue
        if token.text in _OPENING:
            stack.append(token)
        elif stack and token.text == _OPENING[stack[-1].text]:
            stack.pop()
    return stack


def index_at(found: tuple[Token, ...], line: int | None, column: int | None) -> int:
    """Return the index of the token at a place; the number of tokens if none is."""
    for index, token in enumerate(found):
        if token.line == line and column is not None:
            if token.column <= column < token.column + len(token.text):
                return index
        elif line is not None and token.line > line:
            break
    return len(found)
