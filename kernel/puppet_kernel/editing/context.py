"""Tell what could stand at the cursor, from the code before and after it; pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from puppet_kernel.editing.cursor import Cursor, cursor
from puppet_kernel.editing.frames import ARROWS, Frame, Role
from puppet_kernel.editing.statements import CONDITIONS, DEFINERS
from puppet_kernel.editing.tokens import Kind, tokens
from puppet_kernel.editing.vocabulary import DATA_TYPES
from puppet_kernel.editing.walk import Walk

# Functions that take names of classes, also without parentheses.
CLASS_TAKERS = frozenset({"include", "require", "contain"})
DATA_HASHES = frozenset({"facts", "trusted", "server_facts"})
_ARROW = re.compile(r"\s*[=+]>")


class Want(StrEnum):
    """Name the kind of word that fits at the cursor."""

    STATEMENT = "statement"
    ATTRIBUTE = "attribute"
    VALUE = "value"  # of an attribute
    EXPRESSION = "expression"
    CHAINED = "chained"  # a function after a dot
    VARIABLE = "variable"
    KEY = "key"  # of $facts and the like
    TITLE = "title"  # in a reference: File['…']
    REFERENCE = "reference"  # a whole one
    CLASS = "class"
    DATA_TYPE = "data type"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Context:
    """Hold what the cursor asks for.

    `code[start:end]` is what a choice replaces; `word` the part of it before the
    cursor. `quote` is the quote that is open around it, `after` the code behind it.
    `type` and `attribute` are those of the resource at hand ("class NAME" for a
    class), `given` its other attributes. `root` and `path` are the variable and the
    keys that lead to a key; `dotted` tells that keys are written with dots. `bare` is
    for a variable without "$", `arrow` tells that "=>" follows or has no place,
    `chained` that the statement follows an arrow. `keywords` fit besides. `walk` is
    what encloses the cursor, `everything()` also knows what stands behind it.
    """

    want: Want
    word: str
    start: int
    end: int
    walk: Walk
    everything: Callable[[], Walk]
    after: str = ""
    quote: str = ""
    type: str = ""
    attribute: str = ""
    given: frozenset[str] = frozenset()
    root: str = ""
    path: tuple[str, ...] = ()
    dotted: bool = False
    bare: bool = False
    arrow: bool = False
    chained: bool = False
    keywords: tuple[str, ...] = ()


def context(code: str, at: int, body: int = 0) -> Context:
    """Return what fits at the cursor; `body` is where the Puppet code begins."""
    return _Reading(cursor(code, at, body)).context()


class _Reading:
    """Read one place of one cell."""

    def __init__(self, place: Cursor) -> None:
        self.place = place
        self.walk = place.walk
        # What fits if nothing else does: little within quotes.
        self.other = Want.NOTHING if place.quote else Want.EXPRESSION

    def context(self) -> Context:
        """Return what fits."""
        top = self.walk.top
        if self.place.mute:
            return self._make(Want.NOTHING)
        if self.place.variable:
            return self._make(Want.VARIABLE)
        if top.role is Role.TEXT:
            if not top.plain or top.literals:
                return self._make(Want.NOTHING)
            # A string that could as well stand in single quotes.
            self.walk.stack.pop()
        return self._placed(self.walk.top)

    def _placed(self, frame: Frame) -> Context:
        match frame.role:
            case Role.BLOCK:
                return self._in_block(frame)
            case Role.BODY:
                return self._in_body(frame)
            case Role.SEARCH:
                return self._in_search(frame)
            case Role.INDEX:
                return self._in_index(frame)
            case Role.CALL:
                return self._in_call(frame)
            case Role.PARAMETERS | Role.LAMBDA:
                return self._in_parameters(frame)
            case Role.INTERPOLATION if frame.last is None:
                return self._make(Want.VARIABLE, bare=True)
        return self._inherited(frame)

    def _in_block(self, frame: Frame) -> Context:
        last, head = frame.last, frame.head
        if last is None or last.token.text in ARROWS or last.token.is_("@", "@@"):
            chained = last is not None and last.token.text in ARROWS
            want = Want.NOTHING if self.place.quote else Want.STATEMENT
            return self._make(want, chained=chained)
        if head in CLASS_TAKERS or last.token.is_("inherits"):
            return self._make(Want.CLASS)
        if head == "realize" and not self.place.quote:
            return self._make(Want.REFERENCE)
        if head in DEFINERS and any(item.token.is_(">>") for item in frame.items):
            return self._make(Want.DATA_TYPE)
        if head in DEFINERS:
            inherits = head == "class" and len(frame.items) > 1
            words = {"node": ("default",), "class": ("inherits",) * inherits}
            return self._make(Want.NOTHING, keywords=words.get(head, ()))
        return self._expression(frame)

    def _expression(self, frame: Frame) -> Context:
        last = frame.last
        if last is not None and last.token.is_("."):
            return self._make(Want.CHAINED)
        if last is None or not last.ends_value or self.place.quote:
            return self._make(self.other)
        operator = last.token.is_("and", "or", "in", "if", "elsif", "unless", "case")
        called = last is frame.items[0] and last.token.kind is Kind.NAME
        if last.closed is None and (operator or (called and frame.role is Role.BLOCK)):
            return self._make(self.other)
        condition = frame.head in CONDITIONS or frame.role is Role.PAREN
        words = ("and", "or", "in") if condition else ()
        return self._make(Want.NOTHING, keywords=words)

    def _in_body(self, frame: Frame) -> Context:
        last = frame.last
        if not frame.in_attributes:
            if frame.subject == "class":
                return self._make(Want.CLASS, type="class")
            if last is not None:
                return self._expression(frame)
            return self._make(self.other, keywords=("default",))
        if last is None:
            return self._attribute(frame)
        if last.token.is_("=>", "+>"):
            return self._value(frame)
        return self._expression(frame)

    def _attribute(self, frame: Frame) -> Context:
        return self._make(
            Want.NOTHING if self.place.quote else Want.ATTRIBUTE,
            type=self._subject(frame),
            given=frozenset(frame.given) | given_behind(self.place.after),
            arrow=_ARROW.match(self.place.after) is not None,
        )

    def _value(self, frame: Frame) -> Context:
        return self._make(
            Want.VALUE, type=self._subject(frame), attribute=frame.attribute
        )

    def _subject(self, frame: Frame) -> str:
        """Return the type of a body; of a class's body, "class NAME"."""
        if frame.subject != "class" or not frame.has_titles:
            return frame.subject
        titles = [title for kind, title in self.walk.declared if kind == "class"]
        return f"class {titles[-1].removeprefix('::')}" if titles else "class"

    def _in_search(self, frame: Frame) -> Context:
        last = frame.last
        if last is None or last.token.is_("and", "or"):
            want = Want.NOTHING if self.place.quote else Want.ATTRIBUTE
            keywords = () if self.place.quote else ("title",)
            return self._make(want, type=frame.subject, arrow=True, keywords=keywords)
        if last.token.is_("==", "!=") and len(frame.items) > 1:
            name = frame.items[-2].token.text
            return self._make(Want.VALUE, type=frame.subject, attribute=name)
        return self._make(Want.NOTHING, keywords=("and", "or"))

    def _in_index(self, frame: Frame) -> Context:
        if frame.items:
            return self._expression(frame)
        if frame.subject in DATA_TYPES:
            quoted = bool(self.place.quote)
            return self._make(Want.NOTHING if quoted else Want.DATA_TYPE)
        if frame.subject == "Class":
            return self._make(Want.CLASS, type="reference")
        if frame.subject:
            return self._make(Want.TITLE, type=frame.subject.lower())
        root = frame.root.removeprefix("::")
        path = tuple(key for key in frame.path if key is not None)
        if root in DATA_HASHES and len(path) == len(frame.path):
            return self._make(Want.KEY, root=root, path=path)
        return self._make(self.other)

    def _in_call(self, frame: Frame) -> Context:
        if frame.subject in CLASS_TAKERS:
            return self._make(Want.CLASS)
        if frame.subject == "realize" and not self.place.quote:
            return self._make(Want.REFERENCE)
        root = frame.root.removeprefix("::")
        path = tuple(key for key in frame.path if key is not None)
        keys = frame.subject == "get" and root in DATA_HASHES and not frame.items
        if keys and self.place.quote and len(path) == len(frame.path):
            *above, word = self.place.word.split(".")
            self.place.word = word
            self.place.start = self.place.at - len(word)
            return self._make(Want.KEY, root=root, path=(*path, *above), dotted=True)
        return self._inherited(frame)

    def _in_parameters(self, frame: Frame) -> Context:
        if any(item.token.is_("=") for item in frame.items):
            return self._expression(frame)
        fits = frame.last is None and not self.place.quote
        return self._make(Want.DATA_TYPE if fits else Want.NOTHING)

    def _inherited(self, frame: Frame) -> Context:
        """Return what fits in brackets that stand in something's value."""
        if frame.last is not None and frame.last.token.is_("=>", "."):
            return self._expression(frame)
        if frame.last is not None and frame.role is not Role.CASE:
            return self._expression(frame)
        if frame.role in {Role.CASE, Role.SELECTOR}:
            return self._make(self.other, keywords=("default",))
        for outer in reversed(self.walk.stack[:-1]):
            if outer.role is Role.BODY and outer.attribute:
                return self._value(outer)
            if outer.subject in CLASS_TAKERS and outer.role is Role.CALL:
                return self._make(Want.CLASS)
            if outer.head in CLASS_TAKERS and outer.role is Role.BLOCK:
                return self._make(Want.CLASS)
            if outer.role not in {Role.ARRAY, Role.PAREN}:
                break
        return self._make(self.other)

    def _make(self, want: Want, **more: object) -> Context:
        place = self.place
        return Context(
            want,
            place.word,
            place.start,
            place.end,
            self.walk,
            place.everything,
            after=place.after,
            quote=place.quote,
            **more,  # type: ignore[arg-type]
        )


def given_behind(after: str) -> frozenset[str]:
    """Return the attributes that the body at hand gives behind the cursor."""
    names, depth = set(), 0
    rest = [token for token in tokens(after) if token.kind is not Kind.COMMENT]
    for token, following in pairwise(rest):
        if token.is_("{", "[", "("):
            depth += 1
        elif token.is_("}", "]", ")"):
            depth -= 1
        if depth < 0 or (depth == 0 and token.is_(";")):
            break
        if depth == 0 and following.is_("=>", "+>"):
            names.add(token.text)
    return frozenset(names)
