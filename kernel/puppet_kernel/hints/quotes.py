"""Notice a quote without a partner: it turns code into text, and text into code."""

import re
from itertools import pairwise

from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.tokens import Kind, Token, tokens
from puppet_kernel.results import Problem

_STICKS = {Kind.NAME, Kind.TYPE, Kind.NUMBER, Kind.VARIABLE}
_APOSTROPHE = re.compile(r"\w(')\w")
_OPENS = re.compile(r"(?:^|[=>{(\[,:]|\bin)\s*\Z")
_CLOSES = re.compile(r"\s*(?:[,:;)\]}]|$)")


def broken_string(problem: Problem, scene: Scene) -> Token | None:
    """Return the first string that cannot be what was meant, up to the problem's line.

    It ends in the midst of a word, or nowhere, or in a line whose quotes are complete
    without it.
    """
    found = scene.tokens
    behind: dict[int, Token] = {a.start: b for a, b in pairwise(found)}
    for token in found:
        if problem.line and token.line > problem.line:
            return None
        if not token.is_string or token.text.startswith("@"):
            continue
        after = behind.get(token.start)
        sticks = after is not None and after.start == token.end
        if sticks and after is not None and after.kind in _STICKS:
            return token
        last = token.line + token.text.count("\n")
        if not token.closed or (last > token.line and _complete(scene.line(last))):
            return token
    return None


def advise(token: Token, scene: Scene) -> Advice | None:
    """Return what is wrong with the quotes of the line in which a string begins."""
    quote, text = token.text[0], scene.line(token.line)
    places = [
        index
        for index, letter in enumerate(text)
        if letter == quote and text[index - 1 : index] != "\\"
    ]
    if len(places) % 2 == 0:
        return _ends_early(token) if token.closed and "\n" not in token.text else None
    apostrophe = _APOSTROPHE.search(text)
    if quote == "'" and apostrophe and len(places) > 1:
        mark = Mark(token.line, apostrophe.start(1) + 1, 1, "the string ends here")
        hint = "for an apostrophe write \\', or put double quotes around the text"
        return Advice(hint, (mark,))
    if len(places) == 1:
        return _alone(quote, text, token.line, places[0])
    marks = tuple(Mark(token.line, place + 1) for place in places)
    return Advice(
        f"line {token.line} has an odd number of {quote}: one is missing, or one too "
        f"many (within text write \\{quote})",
        marks,
    )


def _alone(quote: str, text: str, line: int, place: int) -> Advice:
    opens = bool(_OPENS.search(text[:place]))
    closes = bool(_CLOSES.match(text, place + 1))
    missing = "before or behind it"
    if opens and not closes:
        missing = "where its text ends"
    elif closes and not opens:
        missing = "where its text begins"
    hint = f"the {quote} in line {line} has no partner; put one {missing}"
    return Advice(hint, (Mark(line, place + 1, 1, "no partner"),))


def _ends_early(token: Token) -> Advice:
    quote = token.text[0]
    other = "double" if quote == "'" else "single"
    ends = Mark(
        token.line, token.column + len(token.text) - 1, 1, "the string ends here"
    )
    return Advice(
        f"within the string write \\{quote} for a {quote} that does not end it, or put "
        f"{other} quotes around it",
        (ends,),
    )


def interpolation(problem: Problem, scene: Scene) -> Advice | None:
    """Return which "${name" lacks its brace."""
    for token in scene.tokens:
        if problem.line and token.line > problem.line:
            return None
        advice = _interpolation(token)
        if advice:
            return advice
    return None


def suspicious(line: int, scene: Scene) -> bool:
    """Tell whether the quotes of a line are not in pairs, and no long string is why."""
    for token in scene.tokens:
        last = token.line + token.text.count("\n")
        if token.is_string and last > token.line and token.line <= line <= last:
            return False
    text = scene.line(line)
    comment = re.search(r"(?:^|\s)#", text)
    if comment and _complete(text[: comment.start()]):
        return False
    return not _complete(text)


def _interpolation(token: Token) -> Advice | None:
    """Notice "${name" without its brace."""
    start = token.text.rfind("${")
    inside = token.text[start:].split("\n", 1)[0]
    if token.kind is not Kind.DOUBLE or start < 0 or "}" in inside:
        return None
    if "\n" in token.text[:start]:
        return None
    mark = Mark(token.line, token.column + start, 2, "this is never closed")
    return Advice("close the ${ with }, within the string", (mark,))


def _complete(line: str) -> bool:
    """Tell whether the quotes of a line, taken alone, are in pairs."""
    # Within a string a # begins no comment.
    return all(token.closed for token in tokens(line.replace("#", " ")))
