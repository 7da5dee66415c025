"""Say what to do about statements that are not what they were meant to be."""

import re
from itertools import pairwise
from re import Match

from puppet_kernel.hints import foreign, places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.tokens import Kind, Token, index_at
from puppet_kernel.results import Problem


def string_key(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a reference is written."""
    tokens = scene.tokens
    for index, token in enumerate(tokens[:-2]):
        if token.line != problem.line or token.kind is not Kind.NAME:
            continue
        if tokens[index + 1].text == "[" and tokens[index + 2].is_string:
            right = "::".join(part.capitalize() for part in token.text.split("::"))
            title = tokens[index + 2].text
            return Advice(
                f"a reference to a resource begins with a capital: {right}[{title}]",
                (Mark.of(token),),
            )
    return None


def quoted_type(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return that a type has no quotes."""
    index = index_at(scene.tokens, problem.line, problem.column)
    token = scene.tokens[index] if index < len(scene.tokens) else None
    if token is None or not token.is_string:
        return None
    return Advice(
        f"a type stands without quotes: {token.inner} {{ …", (Mark.of(token),)
    )


def without_title(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return where a title belongs."""
    kind = found["type"]
    token = places.first_word(scene.tokens, problem.line, kind)
    marks = (Mark.of(token),) if token else ()
    return Advice(
        f"a title and a colon stand behind the brace: {kind} {{ 'TITLE':", marks
    )


def attribute_twice(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return both places of an attribute that is set twice."""
    name = found["name"]
    if not problem.line:
        return None
    twice = [
        token
        for token, _ in places.attributes_of(scene.tokens, problem.line)
        if token.inner == name
    ]
    marks = [Mark.of(t, "here again" if i else "set here") for i, t in enumerate(twice)]
    hint = f"keep one of the two lines with {name}"
    return Advice(hint, tuple(marks)) if len(twice) == 2 else None


def nothing_done(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what a value that nobody uses was meant to be."""
    text = scene.line(problem.line).strip()
    if text.startswith("//"):
        return Advice("a comment begins with #", _whole_line(problem, scene))
    other = foreign.advise(problem, scene)
    if other:
        return other
    line = [t for t in scene.tokens if t.line == problem.line]
    return _called_without(line, problem) or _not_a_resource(line) or _compared(line)


def _called_without(line: list[Token], problem: Problem) -> Advice | None:
    """Notice a function's argument without parentheses: $a = upcase $b."""
    for before, token in pairwise(line):
        if token.column == problem.column and before.kind is Kind.NAME:
            return Advice(
                "a function whose value is used takes its arguments in parentheses: "
                f"{before.text}({token.text})",
                (Mark(before.line, before.column, token.end - before.start),),
            )
    return None


def _not_a_resource(line: list[Token]) -> Advice | None:
    """Notice a resource without its braces: package 'tree'."""
    if len(line) == 2 and line[0].kind is Kind.NAME and line[1].is_string:
        both = Mark(line[0].line, line[0].column, line[1].end - line[0].start)
        fixed = f"{line[0].text} {{ {line[1].text}: }}"
        return Advice(f"a resource has braces; write\n    {fixed}", (both,))
    return None


def _compared(line: list[Token]) -> Advice | None:
    if len(line) > 2 and line[0].kind is Kind.VARIABLE and line[1].text == "==":
        return Advice(
            "== compares; a variable gets its value by =", (Mark.of(line[1]),)
        )
    return None


def _whole_line(problem: Problem, scene: Scene) -> tuple[Mark, ...]:
    text = scene.line(problem.line)
    if not problem.line:
        return ()
    start = len(text) - len(text.lstrip())
    return (Mark(problem.line, start + 1, max(1, len(text.strip()))),)


def definition_name(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how the name of a class or defined type has to look."""
    name = found["name"]
    right = re.sub(r"\W+", "_", name.replace("::", "\0")).replace("\0", "::").lower()
    token = places.first_word(scene.tokens, problem.line, name)
    marks = (Mark.of(token),) if token else ()
    if right == name or not re.fullmatch(r"[a-z]\w*(?:::[a-z]\w*)*", right):
        return Advice("a name has small letters, digits, _ and :: only", marks)
    told = "has _ instead of -" if "-" in name else "has small letters only"
    return Advice(f"a name {told}: {right}", marks)
