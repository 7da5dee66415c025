"""Notice what is missing between two tokens: a comma, a colon, an arrow, quotes."""

import re

from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.brackets import of_case
from puppet_kernel.hints.tokens import Kind, Token, open_brackets

_PATH = re.compile(r"(?<=[\s{])/[\w.-]+(?:/[\w.-]+)*/?")


def missing(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Return what is missing before a token that does not fit, if that is certain."""
    for rule in (_path, _colon, _brace, _value, _key, _comma, _arrow, _quotes):
        advice = rule(found, index, scene)
        if advice:
            return advice
    return None


def corrected(scene: Scene, token: Token, text: str) -> str:
    """Return a line with `text` in place of what stands from a token on."""
    before = scene.line(token.line)[: token.column - 1].rstrip()
    return (before + text).strip()


def names_attribute(found: tuple[Token, ...], index: int) -> bool:
    """Tell whether the token before is a name where an attribute's belongs."""
    if index < 2 or found[index - 1].kind not in {Kind.NAME, Kind.SINGLE, Kind.DOUBLE}:
        return False
    left = open_brackets(found[:index])
    if not left or left[-1].text != "{" or found[index - 2].text not in ":,;{":
        return False
    if found[index - 2].text == "{":
        opened = found.index(left[-1])
        # A hash, and not the title of a resource.
        return opened > 0 and found[opened - 1].text in {"=", "=>", ",", "(", "["}
    return True


def _behind(found: tuple[Token, ...], index: int) -> str:
    return found[index + 1].text if index + 1 < len(found) else ""


def _comma(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    token = found[index]
    left = open_brackets(found[:index])
    if not index or not left or not _is_value(token):
        return None
    before = found[index - 1]
    if not before.ends_value or token.start == before.end:
        return None
    if _behind(found, index) in {"{", "="}:
        return None
    several = token.line == before.line or left[-1].line < before.line
    if left[-1].text == "(" and not several:
        return None
    if left[-1].text in "[(" and token.kind not in {Kind.NAME, Kind.TYPE}:
        certain = before.kind not in {Kind.NAME, Kind.TYPE}
    else:
        certain = left[-1].text in "{(" and _behind(found, index) == "=>"
        certain = certain and _has_arrow(found, index, left[-1])
    return _insert(before, ",", scene) if certain else None


def _is_value(token: Token) -> bool:
    return token.kind in {
        Kind.NAME,
        Kind.NUMBER,
        Kind.SINGLE,
        Kind.DOUBLE,
        Kind.VARIABLE,
        Kind.TYPE,
    }


def _has_arrow(found: tuple[Token, ...], index: int, opened: Token) -> bool:
    """Tell whether the value before a token belongs to an attribute of its bracket."""
    for token in reversed(found[:index]):
        if token.start <= opened.start or (
            token.text in ",:;" and _at(found, token, opened)
        ):
            return False
        if token.text == "=>" and _at(found, token, opened):
            return True
    return False


def _at(found: tuple[Token, ...], token: Token, opened: Token) -> bool:
    left = open_brackets(tuple(t for t in found if t.start < token.start))
    return token.kind is Kind.SIGN and bool(left) and left[-1] == opened


def _insert(before: Token, sign: str, scene: Scene) -> Advice:
    last = before.text.rsplit("\n", 1)[-1]
    line = before.line + before.text.count("\n")
    column = len(last) + (before.column if line == before.line else 1)
    text = scene.line(line)
    fixed = f"{text[: column - 1]}{sign}{text[column - 1 :]}".strip()
    name = {",": "comma", ":": "colon"}[sign]
    return Advice(
        f"put a {name} here; write\n    {fixed}",
        (Mark(line, column, 1, f"a {name} is missing here"),),
    )


def _colon(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice a title without its colon."""
    token = found[index]
    left = open_brackets(found[:index])
    if token.text == "{" and left and of_case(found, left[-1]):
        before = found[index - 1]
        return _insert(before, ":", scene) if before.ends_value else None
    if index < 3 or token.kind is not Kind.NAME or _behind(found, index) != "=>":
        return None
    title, brace, kind = found[index - 1], found[index - 2], found[index - 3]
    if brace.text == "{" and kind.kind is Kind.NAME and title.ends_value:
        return _insert(title, ":", scene)
    return None


def _brace(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice a resource without its opening brace."""
    token = found[index]
    if token.text != ":" or index < 2 or open_brackets(found[:index])[1:]:
        return None
    title, kind = found[index - 1], found[index - 2]
    starts = index == 2 or found[index - 3].line < kind.line
    if not (title.is_string and kind.kind is Kind.NAME and starts):
        return None
    rest = scene.line(title.line)[title.column - 1 :]
    return Advice(
        f"a {{ is missing before the title; write\n    {kind.text} {{ {rest.strip()}",
        (Mark.of(title),),
    )


def _key(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice a key without its opening bracket: $facts'os']."""
    token, before = found[index], found[index - 1] if index else None
    if before is None or before.end != token.start or _behind(found, index) != "]":
        return None
    if before.kind is not Kind.VARIABLE and before.text != "]":
        return None
    return Advice(
        "a key stands in brackets; write\n    "
        + corrected(scene, token, f"[{_rest(token, scene)}"),
        (Mark(token.line, token.column, 1, "a [ is missing here"),),
    )


def _rest(token: Token, scene: Scene) -> str:
    return scene.line(token.line)[token.column - 1 :]


def _value(found: tuple[Token, ...], index: int, _scene: Scene) -> Advice | None:
    """Notice an attribute without a value."""
    token = found[index]
    if index < 2 or token.text not in {",", "}", ";"} or found[index - 1].text != "=>":
        return None
    name, arrow = found[index - 2], found[index - 1]
    mark = Mark(arrow.line, arrow.column + 2, 1, "a value is missing here")
    return Advice(f"give {name.text} a value", (mark,))


def _arrow(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice an attribute and its value without the arrow between."""
    token = found[index]
    if not _is_value(token) or not names_attribute(found, index):
        return None
    before = found[index - 1]
    if before.kind is not Kind.NAME or before.line != token.line:
        return None
    rest = _rest(token, scene)
    return Advice(
        f"=> is missing between {before.text} and its value; write\n    "
        f"{corrected(scene, token, f' => {rest}')}",
        (Mark(token.line, token.column, 1, "=> is missing before this"),),
    )


def _quotes(found: tuple[Token, ...], index: int, _scene: Scene) -> Advice | None:
    """Notice a value of several words without quotes."""
    token = found[index]
    if index < 2 or token.kind is not Kind.NAME or _behind(found, index) == "=>":
        return None
    before = found[index - 1]
    if before.kind is not Kind.NAME or found[index - 2].text != "=>":
        return None
    words = [before]
    for other in found[index:]:
        if other.kind is not Kind.NAME or other.line != before.line:
            break
        words.append(other)
    text = " ".join(word.text for word in words)
    mark = Mark(before.line, before.column, words[-1].end - before.start)
    return Advice(f"text of several words needs quotes: '{text}'", (mark,))


def _path(found: tuple[Token, ...], index: int, scene: Scene) -> Advice | None:
    """Notice a path without quotes."""
    token = found[index]
    text = scene.line(token.line)
    for path in _PATH.finditer(text):
        inside = [
            t
            for t in found
            if t.is_string
            and t.start <= scene.offset(token.line, path.start() + 1) < t.end
        ]
        if path.start() < token.column <= path.end() + 1 and not inside:
            mark = Mark(token.line, path.start() + 1, len(path[0]))
            return Advice(f"a path needs quotes: '{path[0]}'", (mark,))
    return None
