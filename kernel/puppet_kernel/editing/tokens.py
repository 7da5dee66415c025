"""Cut Puppet code into tokens, also code that nobody has finished typing.

Knows strings with interpolation, heredocs, regular expressions and comments, and
never fails: what it does not understand is a token of one character.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:::)?(?:\w+(?:::\w+)*(?:::)?)?")
_NAME = re.compile(r"(?:::)?[A-Za-z_]\w*(?:::\w+)*(?:::)?")
_NUMBER = re.compile(r"\d\w*(?:\.\d+(?:[eE][-+]?\d+)?)?")
_SINGLE = re.compile(r"'(?:\\.|[^'\\])*(?:'|\Z|\\\Z)", re.DOTALL)
_DOUBLE_TEXT = re.compile(r'(?:\\.|[^"\\$]|\$(?![{\w:])|\\\Z)+', re.DOTALL)
_HEREDOC_TEXT = re.compile(r"(?:\\.|[^\\$]|\$(?![{\w:])|\\\Z)+", re.DOTALL)
_REGEX = re.compile(r"/(?:\\[^\n]|[^/\\\n])+/")
_HEREDOC = re.compile(r'@\(\s*("?)([^")\n/:]+)\1[^)\n]*\)')
_OPERATOR = re.compile(
    r"<<\||\|>>|<\||\|>|[-~]>|<[-~]|=>|\+>|==|!=|=~|!~|<=|>=|<<|>>|\+=|-=|@@"
    r"|[-+*/%<>=!?:;,.|@{}()\[\]&\\]"
)
# After these a "/" divides; anywhere else it begins a regular expression.
_ENDS_VALUE = frozenset({")", "]", "}"})


class Kind(Enum):
    """Name what a token is."""

    NAME = "name"  # file, nginx::config, ensure, if
    TYPE = "type"  # File, Stdlib::Port
    VARIABLE = "variable"
    NUMBER = "number"
    STRING = "string"  # a single-quoted one, or a piece of text in double quotes
    QUOTE = "quote"  # a double quote that opens or closes
    REGEX = "regex"
    HEREDOC = "heredoc"  # @(END): its opening
    COMMENT = "comment"
    OPERATOR = "operator"


class Token(NamedTuple):
    """Hold one token: its text is `code[start:end]`.

    `closed` is false for what the end of the code has cut: a string, a comment, a
    heredoc's text. `fresh` tells that a line begins between it and the one before.
    `place` is "heredoc" for text of a heredoc and its ends.
    """

    kind: Kind
    text: str
    start: int
    end: int
    fresh: bool = False
    closed: bool = True
    place: str = ""

    def is_(self, *texts: str) -> bool:
        """Tell whether it is one of these operators or names."""
        return self.kind in {Kind.OPERATOR, Kind.NAME} and self.text in texts


@dataclass
class _Mode:
    """Be inside of text with interpolation; `depth` counts braces of "${…}"."""

    limit: int
    heredoc: bool
    depth: int = 0
    inside: bool = False  # in "${…}"


def tokens(code: str, start: int = 0) -> list[Token]:
    """Return all tokens from an offset on; comments are among them."""
    return _Lexer(code, start).run()


def open_heredoc(code: str) -> bool:
    """Tell whether a heredoc's text has no end."""
    openings = (token for token in tokens(code) if token.kind is Kind.HEREDOC)
    for token in openings:
        found = _HEREDOC.match(token.text)
        if found and not _ending(found[2].strip()).search(code, token.end):
            return True
    return False


def _ending(tag: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*\|?[ \t]*-?[ \t]*{re.escape(tag)}[ \t]*$", re.M)


class _Lexer:
    def __init__(self, code: str, start: int) -> None:
        self.code = code
        self.at = start
        self.found: list[Token] = []
        self.modes: list[_Mode] = []
        # Heredocs whose text begins on the next line: its tag, whether it is quoted.
        self.waiting: list[tuple[str, bool]] = []
        self.fresh = True

    def run(self) -> list[Token]:
        while self.at < len(self.code):
            mode = self.modes[-1] if self.modes else None
            if mode is not None and not mode.inside:
                self._text(mode)
            elif mode is not None and mode.heredoc and self.at >= mode.limit:
                mode.inside = False  # an interpolation that was not closed
            else:
                self._code(mode)
        return self.found

    def _add(
        self, kind: Kind, end: int, *, closed: bool = True, place: str = ""
    ) -> None:
        text = self.code[self.at : end]
        token = Token(kind, text, self.at, end, self.fresh, closed, place)
        self.found.append(token)
        self.fresh = False
        self.at = end

    def _text(self, mode: _Mode) -> None:
        """Take one piece of text with interpolation."""
        code, at = self.code, self.at
        place = "heredoc" if mode.heredoc else ""
        if mode.heredoc and at >= mode.limit:
            self.modes.pop()
            return
        if not mode.heredoc and code[at] == '"':
            self._add(Kind.QUOTE, at + 1)
            self.modes.pop()
            return
        if code.startswith("${", at):
            mode.inside, mode.depth = True, 0
            self._add(Kind.OPERATOR, at + 2)
            return
        variable = _VARIABLE.match(code, at) if code[at] == "$" else None
        if variable and len(variable[0]) > 1:
            end = variable.end()
            if variable[0].endswith("::") and variable[0] != "$::":
                end -= 2  # "$a::" in a text is $a and two colons
            self._add(Kind.VARIABLE, min(end, mode.limit), place=place)
            return
        pattern = _HEREDOC_TEXT if mode.heredoc else _DOUBLE_TEXT
        piece = pattern.match(code, at, mode.limit)
        end = piece.end() if piece else at + 1
        self._add(Kind.STRING, end, closed=end < len(code), place=place)

    def _code(self, mode: _Mode | None) -> None:
        code, at = self.code, self.at
        space = _SPACE.match(code, at)
        if space:
            self._space(space)
            return
        comment = _COMMENT.match(code, at) if code[at] in "#/" else None
        if comment:
            block = comment[0].startswith("/*")
            end = comment.end()
            open_ = (
                block and (len(comment[0]) < 4 or not comment[0].endswith("*/"))
            ) or (not block and end == len(code))
            self._add(Kind.COMMENT, end, closed=not open_)
            return
        self._token(mode)

    def _space(self, space: re.Match[str]) -> None:
        newline = self.code.find("\n", space.start(), space.end())
        if newline >= 0:
            self.fresh = True
            if self.waiting:
                self.at = newline + 1
                self._heredoc_body()
                return
        self.at = space.end()

    def _heredoc_body(self) -> None:
        tag, quoted = self.waiting.pop(0)
        end = _ending(tag).search(self.code, self.at)
        limit = end.start() if end else len(self.code)
        if quoted and limit > self.at:
            self.modes.append(_Mode(limit, heredoc=True))
        elif limit > self.at or end is None:
            self._add(Kind.STRING, limit, closed=end is not None, place="heredoc")
        if end:
            self._skip_ending(limit, end.end(), quoted)

    def _skip_ending(self, limit: int, end: int, quoted: bool) -> None:
        if not quoted or limit == self.at:
            self.at = end
            return
        # The text is cut to pieces first; its last line is then no code.
        while self.modes and self.at < limit:
            mode = self.modes[-1]
            if mode.inside:
                self._code(mode)
            else:
                self._text(mode)
        while self.modes and self.modes[-1].heredoc and self.modes[-1].limit == limit:
            self.modes.pop()
        self.at = max(self.at, end)
        self.fresh = True

    def _token(self, mode: _Mode | None) -> None:
        code, at = self.code, self.at
        first = code[at]
        if first == "$":
            found = _VARIABLE.match(code, at)
            self._add(Kind.VARIABLE, found.end() if found else at + 1)
        elif first == "'":
            found = _SINGLE.match(code, at)
            end = found.end() if found else at + 1
            closed = end - at >= 2 and code[end - 1] == "'" and found is not None
            self._add(Kind.STRING, end, closed=closed and not _escaped(code, at, end))
        elif first == '"':
            self._add(Kind.QUOTE, at + 1)
            self.modes.append(_Mode(len(code), heredoc=False))
        elif first == "@" and (heredoc := _HEREDOC.match(code, at)):
            self.waiting.append((heredoc[2].strip(), bool(heredoc[1])))
            self._add(Kind.HEREDOC, heredoc.end())
        elif first == "/" and self._regex_fits() and (found := _REGEX.match(code, at)):
            self._add(Kind.REGEX, found.end())
        elif found := _NAME.match(code, at):
            last = found[0].strip(":").rpartition("::")[2]
            kind = Kind.TYPE if last[:1].isupper() else Kind.NAME
            self._add(kind, found.end())
        elif found := _NUMBER.match(code, at):
            self._add(Kind.NUMBER, found.end())
        else:
            found = _OPERATOR.match(code, at)
            self._operator(mode, found.end() if found else at + 1)

    def _operator(self, mode: _Mode | None, end: int) -> None:
        text = self.code[self.at : end]
        self._add(Kind.OPERATOR, end)
        if mode is None or not mode.inside:
            return
        if text == "{":
            mode.depth += 1
        elif text == "}":
            if mode.depth == 0:
                mode.inside = False
            mode.depth -= 1

    def _regex_fits(self) -> bool:
        for token in reversed(self.found):
            if token.kind is Kind.COMMENT:
                continue
            if token.kind is Kind.OPERATOR:
                return token.text not in _ENDS_VALUE
            return token.kind is Kind.NAME and token.text in {"and", "or", "in", "node"}
        return True


def _escaped(code: str, start: int, end: int) -> bool:
    """Tell whether the last quote of a single-quoted string is escaped."""
    slashes = 0
    at = end - 2
    while at > start and code[at] == "\\":
        slashes += 1
        at -= 1
    return slashes % 2 == 1
