"""Split a cell at the cursor: the word that is being typed, and what encloses it."""

import re
from dataclasses import dataclass

from puppet_kernel.editing.frames import Role
from puppet_kernel.editing.tokens import Kind, Token, tokens
from puppet_kernel.editing.walk import Walk

_WORD_REST = re.compile(r"\w*(?:::\w+)*")
_STRING_REST = re.compile(r"[^'\"\n\\\])},;]*(?=['\"])")


@dataclass
class Cursor:
    """Hold one place in one cell.

    `code[start:end]` is the word around it, `word` its part before the cursor. `quote`
    is the quote that is open here. `last` is the last token before the cursor, comments
    included, `variable` tells that the word is one. `walk` knows what encloses it.
    """

    code: str
    at: int
    word: str
    quote: str
    start: int
    end: int
    last: Token | None
    variable: bool
    walk: Walk
    before: list[Token]

    def everything(self) -> Walk:
        """Return a walk through the whole code but for the word at the cursor."""
        before, rest = list(self.before), self.end
        if self.quote and self.code[rest : rest + 1] == self.quote:
            rest += 1
            if self.quote == '"' and before and before[-1].kind is Kind.QUOTE:
                before.pop()
        elif any(frame.role is Role.TEXT for frame in self.walk.stack):
            # The rest of a text is no code: go on with the next line.
            newline = self.code.find("\n", rest)
            rest = len(self.code) if newline < 0 else newline
        return Walk(self.code).take(before).take(tokens(self.code, rest))

    @property
    def after(self) -> str:
        """Return the code behind the word."""
        return self.code[self.end :]

    @property
    def mute(self) -> bool:
        """Tell whether this is no place for a word: a comment, a number."""
        last = self.last
        if last is None or last.end != self.at:
            return False
        if last.kind in {Kind.COMMENT, Kind.REGEX}:
            return last.kind is Kind.REGEX or not last.closed
        return last.kind in {Kind.NUMBER, Kind.HEREDOC} or (
            last.place == "heredoc" and last.kind is not Kind.VARIABLE
        )


def cursor(code: str, at: int, body: int = 0) -> Cursor:
    """Return what is at an offset; `body` is where the Puppet code begins."""
    before = tokens(code[:at], body)
    last = before[-1] if before else None
    word, quote = _take_word(before, at)
    start = at - len(word)
    found = (_STRING_REST if quote else _WORD_REST).match(code, at)
    walk = Walk(code[:at]).take(before)
    if last is None or last.end <= at:
        begun = [t for t in before if t.kind is not Kind.COMMENT]
        end = begun[-1].end if begun else body
        walk.begin(Token(Kind.STRING, word, start, at, "\n" in code[end:start]))
    return Cursor(
        code=code,
        at=at,
        word=word,
        quote=quote,
        start=start,
        end=found.end() if found else at,
        last=last,
        variable=last is not None and last.end == at and last.kind is Kind.VARIABLE,
        walk=walk,
        before=before,
    )


def _take_word(before: list[Token], at: int) -> tuple[str, str]:
    """Take the word under way off the tokens; return it and the quote it is in."""
    last = before[-1] if before else None
    if last is None or last.end != at:
        return "", ""
    if last.kind in {Kind.NAME, Kind.TYPE, Kind.VARIABLE}:
        return before.pop().text, ""
    if last.kind is Kind.STRING and not last.closed and not last.place:
        before.pop()
        # The text of a single-quoted string, or the last piece in double quotes.
        double = _in_double(before)
        text = last.text if double else last.text[1:]
        return ("" if "\n" in text else text), ('"' if double else "'")
    return "", ('"' if _in_double(before) else "")


def _in_double(before: list[Token]) -> bool:
    """Tell whether the tokens end within double quotes, and not in "${…}"."""
    depth: list[str] = []
    for token in before:
        if token.kind is Kind.QUOTE:
            if depth and depth[-1] == '"':
                depth.pop()
            else:
                depth.append('"')
        elif token.kind is Kind.OPERATOR:
            if token.text in {"${", "{"}:
                depth.append(token.text)
            elif token.text == "}" and depth and depth[-1] != '"':
                depth.pop()
    return bool(depth) and depth[-1] == '"'
