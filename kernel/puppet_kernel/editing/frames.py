"""Hold what encloses a place in Puppet code, and what the code declares."""

from dataclasses import dataclass, field
from enum import Enum

from puppet_kernel.editing.tokens import Kind, Token

ARROWS = frozenset({"->", "~>", "<-", "<~"})


class Role(Enum):
    """Name what a pair of brackets (or the whole cell) is."""

    BLOCK = "block"  # statements: the cell, a class, an if, a lambda
    CASE = "case"  # the options of a case
    BODY = "body"  # of a resource, a default, an override
    HASH = "hash"
    SELECTOR = "selector"
    PARAMETERS = "parameters"
    LAMBDA = "lambda"  # |$its, $parameters|
    CALL = "call"
    PAREN = "paren"
    ARRAY = "array"
    INDEX = "index"
    SEARCH = "search"  # <| … |>
    TEXT = "text"  # "…"
    INTERPOLATION = "interpolation"  # ${…}


CLOSERS = {
    Role.BLOCK: "}",
    Role.CASE: "}",
    Role.BODY: "}",
    Role.HASH: "}",
    Role.SELECTOR: "}",
    Role.INTERPOLATION: "}",
    Role.PARAMETERS: ")",
    Role.CALL: ")",
    Role.PAREN: ")",
    Role.ARRAY: "]",
    Role.INDEX: "]",
    Role.LAMBDA: "|",
    Role.SEARCH: "|>",
    Role.TEXT: '"',
}


@dataclass(frozen=True)
class Parameter:
    """Hold one parameter of a definition as it is written."""

    name: str
    type: str = ""
    required: bool = True


@dataclass(frozen=True)
class Definition:
    """Hold a class, a define or a function that the cell defines."""

    kind: str
    name: str
    parameters: tuple[Parameter, ...] = ()


@dataclass
class Frame:
    """Be what is open at one place; `items` is what stands there so far.

    `items` begins anew with every statement (of a block), attribute (of a body) or
    element (of anything that commas divide).
    """

    role: Role
    opener: Token | None = None
    items: list["Item"] = field(default_factory=list)
    # The resource type of a body or a search; the function of a call; the type that
    # an index is on.
    subject: str = ""
    # Of a body: whether the title is over; which attributes are given, which is now.
    in_attributes: bool = False
    has_titles: bool = False
    given: list[str] = field(default_factory=list)
    attribute: str = ""
    # Of an index or a chained call on a variable: its name, and the keys so far (None:
    # a key that only a run could tell).
    root: str = ""
    path: tuple[str | None, ...] = ()
    # Of a scope: the variables set in it. `parameters` waits for its block to open.
    scope: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    definition: Definition | None = None
    # Literal strings that stand directly in it.
    literals: list[str] = field(default_factory=list)
    plain: bool = True  # of a text: nothing in it but literal text

    @property
    def last(self) -> "Item | None":
        """Return the newest item."""
        return self.items[-1] if self.items else None

    @property
    def head(self) -> str:
        """Return the name that the statement begins with, or nothing."""
        for item in self.items:
            if not item.token.is_("@", "@@", *ARROWS):
                return item.token.text if item.token.kind is Kind.NAME else ""
        return ""


@dataclass(frozen=True)
class Item:
    """Be one token of a frame, or a whole bracketed part by its closing token."""

    token: Token
    closed: Frame | None = None

    @property
    def literal(self) -> str | None:
        """Return the text of a string without interpolation."""
        if self.closed is not None and self.closed.role is Role.TEXT:
            return "".join(self.closed.literals) if self.closed.plain else None
        if self.token.kind is Kind.STRING and self.token.closed:
            return unquote(self.token.text)
        if self.token.kind in {Kind.NAME, Kind.NUMBER}:
            return self.token.text
        return None

    @property
    def ends_value(self) -> bool:
        """Tell whether a value may end with it."""
        if self.token.kind in {Kind.OPERATOR, Kind.QUOTE}:
            return self.closed is not None and self.closed.role is not Role.LAMBDA
        return True


def unquote(text: str) -> str:
    """Return what a single-quoted string means."""
    return text[1:-1].replace("\\'", "'").replace("\\\\", "\\")
