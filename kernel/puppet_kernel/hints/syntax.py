"""Say what to do about code that Puppet cannot read.

Puppet names the first token that does not fit. What is missing stands before it.
"""

from itertools import pairwise
from re import Match

from puppet_kernel.hints import brackets, commas, foreign, quotes
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.tokens import Kind, Token, index_at, open_brackets
from puppet_kernel.results import Problem

_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_HEADS = {"if", "elsif", "unless", "case"}
_LOOPS = {"for", "foreach", "while"}
_RESERVED = frozenset(
    "and application attr case class component consumes default define else elsif "
    "environment false function if import in inherits node or private produces site "
    "true type undef unless".split()
)


def advise(said: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what a syntax error is about, if that is certain."""
    found = scene.tokens
    index = index_at(found, problem.line, problem.column)
    if index < len(found) and (said["token"] or "") not in found[index].text:
        return None  # the text of a template within the cell, and not the cell's
    broken = quotes.broken_string(problem, scene)
    advice = _odd_character(problem, scene, broken)
    advice = advice or foreign.advise(problem, scene)
    if advice:
        return advice
    if broken:
        return quotes.advise(broken, scene)  # all behind it is not what it seems
    if index < len(found):
        advice = _before(found, index, scene)
    elif problem.line is None:
        advice = brackets.never_closed(found) or _unfinished(found)
    if advice and any(quotes.suspicious(mark.line, scene) for mark in advice.marks):
        return None
    return advice


def _before(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Return what is missing or wrong before a token that does not fit."""
    for look in (
        _arrow,
        _condition,
        _other_words,
        brackets.too_early,
        brackets.one_too_many,
        commas.missing,
    ):
        advice = look(found, index, scene)
        if advice:
            return advice
    return None


def unclosed(_found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return which quote is missing."""
    advice = quotes.interpolation(problem, scene)
    token = quotes.broken_string(problem, scene)
    return advice or (quotes.advise(token, scene) if token else None)


def _odd_character(
    problem: Problem, scene: Scene, broken: Token | None
) -> Advice | None:
    odd = [t for t in scene.tokens if t.kind is Kind.ODD and t.text in _NAMES]
    if not odd:
        return None
    first = odd[0]
    if problem.line is not None and first.line > problem.line:
        return None
    if broken is not None and broken.start < first.start:
        return None
    marks = tuple(Mark.of(token) for token in odd if token.line == first.line)
    return Advice(_NAMES[first.text].format(sign=first.text), marks)


_NAMES = {
    **{
        odd: f"{{sign}} is a quote as word processors write it; Puppet wants {plain}"
        for odd, plain in _QUOTES.items()
    },
    **dict.fromkeys(_DASHES, "{sign} is a typographic dash; type -"),
    **dict.fromkeys(
        _INVISIBLE,
        "an invisible character stands here, perhaps pasted along; delete it",
    ),
}


def _unfinished(found: tuple[Token, ...]) -> Advice | None:
    if not found:
        return None
    last = found[-1]
    if last.text in _RESERVED and last.kind is Kind.NAME and len(found) > 1:
        if found[-2].text in {"=", "=>"}:
            return Advice(
                f"{last.text} is a word of the language; as a value it needs quotes: "
                f"'{last.text}'",
                (Mark.of(last),),
            )
    if last.kind is Kind.SIGN and last.text in {"=", "=>", ",", "+", "->", "~>"}:
        return Advice(
            f"something is missing behind the last {last.text}", (_after(last),)
        )
    return None


def _after(token: Token) -> Mark:
    return Mark(token.line, token.column + len(token.text), 1, "here")


def _condition(found: tuple[Token, ...], index: int, _scene: Scene) -> Advice | None:
    """Notice "=" for "==", and what other languages write for elsif, and, or."""
    token, before = found[index], found[index - 1] if index else None
    if token.text == "=" and _head(found, index) in _HEADS:
        return Advice(
            "= gives a variable its value; compare with ==", (Mark.of(token),)
        )
    if token.text == "if" and before is not None and before.text == "else":
        both = Mark(before.line, before.column, token.end - before.start)
        return Advice("else and if are one word here: elsif", (both,))
    if token.text in {"&&", "||", "&"}:
        word = "or" if token.text == "||" else "and"
        return Advice(f"write {word} instead of {token.text}", (Mark.of(token),))
    if token.text == "elsif" and before is not None and _unless(found, index):
        return Advice(
            "unless knows else, but not elsif; begin with if !… to have elsif",
            (Mark.of(token),),
        )
    return None


def _unless(found: tuple[Token, ...], index: int) -> bool:
    depth = 0
    for token in reversed(found[:index]):
        depth += {"}": 1, "{": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if not depth and token.kind is Kind.NAME and token.text in _HEADS | {"else"}:
            return token.text == "unless"
    return False


def _head(found: tuple[Token, ...], index: int) -> str:
    """Return the word that begins the statement in which a token stands."""
    for token in reversed(found[:index]):
        if token.text in {"{", "}", ";"}:
            return ""
        if token.kind is Kind.NAME and token.text in _HEADS:
            return token.text
    return ""


def _other_words(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice keywords of other languages in the line that does not fit."""
    token = found[index]
    for word, behind in pairwise(found[: index + 1]):
        variable = behind.kind is Kind.VARIABLE or behind.text == "("
        if word.text in _LOOPS and word.kind is Kind.NAME and variable:
            hint = f"Puppet has no {word.text}; go through a list with each:"
            return Advice(f"{hint}\n    ['a', 'b'].each |$x| {{ … }}", (Mark.of(word),))
    for before, word in pairwise(found[: index + 1]):
        if word.text in {"elif", "elseif"} and before.text == "}":
            return Advice(f"{word.text} is elsif here", (Mark.of(word),))
    if token.text == "-" and index > 1 and found[index - 2].text in {"class", "define"}:
        return Advice("a name has _ instead of -", (Mark.of(token),))
    if token.text == "{" and index and found[index - 1].text == "$":
        inside = scene.line(token.line)[token.column :].partition("}")[0]
        mark = Mark(token.line, token.column - 1, len(inside) + 3)
        hint = f"${{…}} belongs within double quotes; elsewhere write ${inside.strip()}"
        return Advice(hint, (mark,)) if inside else None
    follows = found[index + 1].text if index + 1 < len(found) else ""
    named = token.kind is Kind.NAME and follows in {",", "|", "="}
    if named and index and found[index - 1].text == "|":
        return Advice(
            f"a variable begins with $, here too: |${token.text}|", (Mark.of(token),)
        )
    return None


def _arrow(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice another sign where => belongs."""
    token, before = found[index], found[index - 1] if index else None
    if before is None:
        return None
    title = index + 2 < len(found) and found[index + 2].text == "=>"
    if token.text == ":" and title:
        return None  # the title of a further body, such as default
    if token.text in {"=", ":", "->", "-", "=="} and commas.names_attribute(
        found, index
    ):
        sign = _sign(token, found, index)
        mark = Mark(token.line, token.column, len(sign))
        fixed = commas.corrected(scene, token, f" => {_rest(scene, token, sign)}")
        return Advice(
            f"{before.text} and its value are joined by =>, not by {sign}; write"
            f"\n    {fixed}",
            (mark,),
        )
    if (
        token.text == "=>"
        and before.kind is Kind.VARIABLE
        and not open_brackets(found[:index])
    ):
        return Advice("a variable gets its value by =", (Mark.of(token),))
    return None


def _sign(token: Token, found: tuple[Token, ...], index: int) -> str:
    behind = found[index + 1] if index + 1 < len(found) else None
    if behind and behind.start == token.end and behind.text in {">", "="}:
        return token.text + behind.text
    return token.text


def _rest(scene: Scene, token: Token, sign: str) -> str:
    return scene.line(token.line)[token.column - 1 + len(sign) :].lstrip()
