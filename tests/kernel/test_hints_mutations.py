"""Manifests that are right, each broken in one place: a hint names that place.

Puppet's own parser says what it says; a hint may be silent, but never wrong.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.cells import parse
from puppet_kernel.hints.tokens import Kind, Token, open_brackets, tokens
from puppet_kernel.problems import problem
from puppet_kernel.results import Problem
from puppet_kernel.session import Session

CORPUS = Path(__file__).parent / "corpus"
MANIFESTS = sorted(CORPUS.glob("language/*.pp")) + sorted(CORPUS.glob("types/*.pp"))
FIXED = re.compile(r"write\n {4}(.*)\Z", re.DOTALL)


class Parser:
    """Ask Puppet's parser, as the kernel does while somebody types."""

    def __init__(self, session: Session) -> None:
        self._worker = session.worker

    def problem(self, code: str) -> Problem | None:
        event = self._worker.request("validate", code=code)[0]
        if event.get("ok"):
            return None
        return problem({**event, "level": "err"}, parse(code))


@pytest.fixture
def parser(session: Session) -> Parser:
    return Parser(session)


def manifests(parser: Parser) -> Iterator[str]:
    for path in MANIFESTS:
        code = path.read_text()
        if not code.startswith("%") and parser.problem(code) is None:
            yield code


def broken(
    code: str, parser: Parser, text: str, instead: str = ""
) -> Iterator[tuple[Token, Problem]]:
    """Yield what Puppet says when one token after the other is taken away."""
    for token in tokens(code):
        if token.kind is Kind.SIGN and token.text == text:
            told = parser.problem(code[: token.start] + instead + code[token.end :])
            if told is not None:
                yield token, told


def original(code: str, token: Token) -> str:
    return code.split("\n")[token.line - 1].strip()


def labelled(problem: Problem, label: str) -> list[tuple[int, int]]:
    return [
        (line.number, pointer.column)
        for line in problem.lines
        for pointer in line.pointers
        if label in pointer.label
    ]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("text", "instead", "word"),
    [
        (",", "", "a comma is missing"),
        (":", "", "a colon is missing"),
        ("=>", "", "=> is missing"),
        ("=>", "=", "joined by =>"),
        ("=>", ":", "joined by =>"),
        ("=>", "->", "joined by =>"),
    ],
)
def test_a_missing_sign_is_found(
    parser: Parser, text: str, instead: str, word: str
) -> None:
    found = silent = 0
    for code in manifests(parser):
        for token, told in broken(code, parser, text, instead):
            if not told.hint:
                silent += 1
                continue
            found += 1
            shown = told.hint + "".join(
                pointer.label for line in told.lines for pointer in line.pointers
            )
            assert word in shown, (code, token, told)
            fixed = FIXED.search(told.hint)
            assert fixed, told
            assert _squeezed(fixed[1]) == _squeezed(original(code, token)), told
    assert found > 100
    assert found > silent


@pytest.mark.parametrize("text", [")", "]", "}"])
def test_a_missing_closing_bracket_is_found(parser: Parser, text: str) -> None:
    found = 0
    for code in manifests(parser):
        for token, told in broken(code, parser, text):
            if not told.hint:
                continue
            opened = open_brackets(
                tuple(t for t in tokens(code) if t.start < token.start)
            )[-1]
            lines = {
                line.number
                for line in told.lines
                for pointer in line.pointers
                if "open" in pointer.label or "closed" in pointer.label
            }
            assert opened.line in lines or told.hint.endswith("further up"), told
            found += 1
    assert found > 50


def test_a_missing_quote_is_found(parser: Parser) -> None:
    found = silent = 0
    for code in manifests(parser):
        for token in tokens(code):
            if not token.is_string or token.text.startswith("@") or "\n" in token.text:
                continue
            told = parser.problem(code[: token.end - 1] + code[token.end :])
            if told is None or not told.hint:
                silent += 1
                continue
            found += 1
            assert token.text[0] in told.hint, told
            lines = {line.number for line in told.lines if line.pointers}
            assert token.line in lines, told
    assert found > 300
    assert found > 10 * silent
