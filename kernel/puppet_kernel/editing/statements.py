"""Tell where a statement begins, and what a brace opens, by what stands before."""

from puppet_kernel.editing.frames import Frame, Item, Role
from puppet_kernel.editing.tokens import Kind, Token

DEFINERS = frozenset({"class", "define", "function", "node", "plan", "site"})
CONDITIONS = frozenset({"if", "elsif", "unless"})


def new_statement(frame: Frame, last: Item, token: Token) -> bool:
    """Tell whether a token after a value begins a statement of its own."""
    if last.closed is not None and last.closed.role in {
        Role.BLOCK,
        Role.BODY,
        Role.CASE,
    }:
        return True
    if last.closed is None and last.token.text in DEFINERS:
        return False
    if token.fresh:
        return True
    if frame.head in CONDITIONS or frame.head == "case":
        return False
    return last.closed is not None or last.token.kind not in {Kind.NAME, Kind.TYPE}


def opened_by_brace(frame: Frame) -> tuple[Role, str]:
    """Return what a brace opens after the frame's items, and of which type."""
    last, head = frame.last, frame.head
    if last is None:
        return Role.HASH, ""
    token = last.token
    if token.is_(":"):
        return (Role.BLOCK, "") if frame.role is Role.CASE else (Role.HASH, "")
    if token.is_("?"):
        return Role.SELECTOR, ""
    if not last.ends_value and not (last.closed and last.closed.role is Role.LAMBDA):
        return Role.HASH, ""
    if token.is_("else") or (last.closed and last.closed.role is Role.LAMBDA):
        return Role.BLOCK, ""
    if _lambda_returns(frame):
        return Role.BLOCK, ""
    if head in CONDITIONS or (head in DEFINERS and len(frame.items) > 1):
        return Role.BLOCK, ""
    if head == "case":
        return Role.CASE, ""
    return _body(last)


def _body(last: Item) -> tuple[Role, str]:
    token = last.token
    if last.closed is not None:
        if last.closed.role in {Role.INDEX, Role.SEARCH} and last.closed.subject:
            return Role.BODY, last.closed.subject.lower()
        return Role.HASH, ""
    if token.kind in {Kind.NAME, Kind.TYPE}:
        return Role.BODY, token.text.lower().removeprefix("::")
    return Role.HASH, ""


def has_titles(frame: Frame) -> bool:
    """Tell whether a body that opens here begins with titles."""
    last = frame.last
    return last is not None and last.closed is None and last.token.kind is Kind.NAME


def _lambda_returns(frame: Frame) -> bool:
    """Tell whether a lambda's "|…| >> Type" stands right before."""
    seen = False
    for item in frame.items:
        if item.closed is not None and item.closed.role is Role.LAMBDA:
            seen = True
    return seen and any(item.token.is_(">>") for item in frame.items)
