"""Notice brackets that are not closed, or closed once too often."""

from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.tokens import Kind, Token, open_brackets

_PARTNER = {"(": ")", "[": "]", "{": "}"}
_OPENED = {closing: opening for opening, closing in _PARTNER.items()}
# With these a statement begins, and neither an attribute nor a value.
_STATEMENTS = frozenset(
    "if unless case class define node include contain require realize notice warning "
    "fail".split()
)


def never_closed(found: tuple[Token, ...]) -> Advice | None:
    """Return which brackets are still open at the cell's end."""
    left = open_brackets(found)
    if not left:
        return None
    marks = tuple(Mark.of(token, "never closed") for token in left)
    if len(left) > 1:
        lines = ", ".join(str(token.line) for token in left)
        return Advice(f"{len(left)} brackets are never closed: in lines {lines}", marks)
    opened = left[0]
    lost = _by_indentation(found)
    if lost and opened.text == "{":
        return Advice(
            f"a }} is missing: by the indentation the {{ in line {lost.line} is not "
            f"closed, and so the one in line {opened.line} is still open at the end",
            (Mark.of(lost, "not closed, by the indentation"), Mark.of(opened)),
        )
    hint = (
        f"the {opened.text} in line {opened.line} is never closed; "
        f"put {_PARTNER[opened.text]} where its part ends"
    )
    return Advice(hint, marks)


def _by_indentation(found: tuple[Token, ...]) -> Token | None:
    """Return the first brace that is closed by one of another indentation."""
    first: dict[int, Token] = {}
    for token in found:
        first.setdefault(token.line, token)
    stack: list[Token] = []
    for token in found:
        if token.kind is not Kind.SIGN or token.text not in "{}":
            continue
        if token.text == "{":
            stack.append(token)
        elif stack:
            opened = stack.pop()
            begins = first[token.line] is token
            if begins and first[opened.line].column != token.column:
                return opened
    return None


def too_early(found: tuple[Token, ...], index: int, _scene: Scene) -> Advice | None:
    """Notice a statement that begins before the resource above it has ended."""
    begun = _begins_statement(found, index)
    left = open_brackets(found[:index])
    if begun is None or not left:
        return None
    opened = left[-1]
    if opened.text == "{" and not _in_body(found, begun):
        return None
    if of_case(found, opened):
        return None
    before = found[begun - 1]
    if found[begun].line <= before.line or before.text == "=>":
        return None
    # What is indented more than the line of the bracket may belong into it.
    first = next(token for token in found if token.line == opened.line)
    if found[begun].column > first.column:
        return None
    if opened.text == "{":
        opened = _by_indentation(found[:begun]) or opened
    same = [t for t in found if t.line == opened.line and t.text == opened.text]
    which, label = f"the {opened.text} in line {opened.line}", "this is still open"
    if len(same) > 1:
        which = f"a {opened.text} in line {opened.line}"
        label = "this, or one inside of it, is still open"
    hint = (
        f"{which} is not closed when line {found[begun].line} begins something new; "
        f"put {_PARTNER[opened.text]} above it"
    )
    return Advice(
        hint,
        (
            Mark.of(opened, label),
            Mark.of(found[begun], "Puppet is still inside it here"),
        ),
    )


def _begins_statement(found: tuple[Token, ...], index: int) -> int | None:
    """Return the index at which a new statement begins, at or before a token."""
    token = found[index]
    before = found[index - 1] if index else None
    if before is not None and before.kind is Kind.NAME and before.text in _STATEMENTS:
        return index - 1
    if token.text == "{" and before is not None and before.kind is Kind.NAME:
        return index - 1
    behind = found[index + 1].text if index + 1 < len(found) else ""
    if token.kind is Kind.NAME and behind == "{":
        return index
    if token.text == "(" and index and found[index - 1].kind is Kind.NAME:
        return index - 1
    if token.kind is Kind.NAME and behind == "(":
        return index
    if token.kind is Kind.VARIABLE and behind == "=":
        return index
    if token.kind is Kind.NAME and token.text in _STATEMENTS and behind != "=>":
        return index
    return None


def of_case(found: tuple[Token, ...], opened: Token) -> bool:
    """Tell whether a brace holds the options of a case statement."""
    for token in reversed(found[: found.index(opened)]):
        if token.kind is Kind.SIGN and token.text in {"{", "}", ";"}:
            return False
        if token.kind is Kind.NAME and token.text == "case":
            return True
    return False


def _in_body(found: tuple[Token, ...], index: int) -> bool:
    """Tell whether a token stands among a resource's attributes."""
    depth = 0
    for place in range(index - 1, -1, -1):
        token = found[place]
        if token.kind is not Kind.SIGN:
            continue
        depth += {"}": 1, ")": 1, "]": 1, "{": -1, "(": -1, "[": -1}.get(token.text, 0)
        if depth < 0:
            break
        if not depth and token.text == ":":
            return True
    return False


def one_too_many(found: tuple[Token, ...], index: int, _scene: Scene) -> Advice | None:
    """Notice a closing bracket without an opening one, or with another one."""
    token = found[index]
    left = open_brackets(found[:index])
    if token.kind is not Kind.SIGN or token.text not in _OPENED:
        if token.text == "{" and left and left[-1].text == "(":
            return _not_closed(left[-1], token)
        return None
    if not left:
        hint = (
            f"no {_OPENED[token.text]} is open for this {token.text}; take it out, or "
            f"put its {_OPENED[token.text]} where that is missing"
        )
        return Advice(hint, (Mark.of(token, "nothing is open here"),))
    if left[-1].text != _OPENED[token.text]:
        return _not_closed(left[-1], token)
    return None


def _not_closed(opened: Token, token: Token) -> Advice:
    partner = _PARTNER[opened.text]
    other = "" if token.text == "{" else f", or a {_OPENED[token.text]} further up"
    hint = (
        f"the {opened.text} in line {opened.line} is still open at this {token.text}: "
        f"a {partner} is missing before it{other}"
    )
    return Advice(hint, (Mark.of(opened, "this is still open"), Mark.of(token)))
