"""Follow the brackets of Puppet code and know what each of them is.

There is a parser in Puppet, but it refuses what is not finished, and nothing is
finished where somebody types.
"""

from dataclasses import dataclass, field

from puppet_kernel.editing.frames import (
    ARROWS,
    CLOSERS,
    Definition,
    Frame,
    Item,
    Parameter,
    Role,
)
from puppet_kernel.editing.statements import (
    CONDITIONS,
    DEFINERS,
    has_titles,
    new_statement,
    opened_by_brace,
)
from puppet_kernel.editing.tokens import Kind, Token

_OPERATOR_NAMES = frozenset({"and", "or", "in", "inherits"})
_BRACES = frozenset({"}"})
_COMMA_DIVIDES = frozenset(
    {Role.ARRAY, Role.CALL, Role.HASH, Role.INDEX, Role.LAMBDA, Role.PARAMETERS}
    | {Role.SELECTOR, Role.PAREN}
)


@dataclass
class Walk:
    """Hold what was open when the tokens ended, and all that they declared.

    `declared` has pairs of a resource type and a title; `definitions` what the cell
    itself defines.
    """

    code: str
    stack: list[Frame] = field(default_factory=lambda: [Frame(Role.BLOCK, scope=True)])
    declared: list[tuple[str, str]] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)

    @property
    def top(self) -> Frame:
        """Return the innermost frame."""
        return self.stack[-1]

    def variables(self) -> dict[str, str]:
        """Return the variables that are visible here, nearest first, with a note."""
        seen: dict[str, str] = {}
        for frame in reversed(self.stack):
            for name, note in reversed(frame.variables.items()):
                seen.setdefault(name, note)
        return seen

    def take(self, tokens: list[Token]) -> "Walk":
        """Go on through more tokens."""
        for token in tokens:
            if token.kind is not Kind.COMMENT:
                self._take(token)
        return self

    def _take(self, token: Token) -> None:
        if token.kind is Kind.QUOTE:
            self._quote(token)
        elif token.place == "heredoc":
            pass  # the text stands elsewhere than its "@(END)"
        elif token.kind is Kind.OPERATOR:
            self._operator(token)
        elif self.top.role is Role.TEXT:
            self._in_text(token)
        else:
            self._value(token)

    def _quote(self, token: Token) -> None:
        if self.top.role is Role.TEXT:
            self._close(token)
        else:
            self.begin(token)
            self._push(Frame(Role.TEXT, token))

    def _in_text(self, token: Token) -> None:
        if token.kind is Kind.STRING:
            self.top.literals.append(token.text)
        else:
            self.top.plain = False

    def _value(self, token: Token) -> None:
        self.begin(token)
        frame = self.top
        if token.kind is Kind.VARIABLE and frame.role in {
            Role.PARAMETERS,
            Role.LAMBDA,
        }:
            self._parameter(frame, token)
        frame.items.append(Item(token))

    def begin(self, token: Token) -> None:
        """Begin a new statement or attribute where no sign divides it from the last."""
        frame, last = self.top, self.top.last
        if last is None or not last.ends_value or token.text in _OPERATOR_NAMES:
            return
        if last.token.text in _OPERATOR_NAMES and last.closed is None:
            return
        if frame.role is Role.BLOCK:
            if new_statement(frame, last, token):
                frame.items.clear()
        elif frame.role is Role.BODY and frame.in_attributes and token.fresh:
            frame.items.clear()
            frame.attribute = ""

    def _operator(self, token: Token) -> None:
        text = token.text
        if text == "${":
            self._push(Frame(Role.INTERPOLATION, token))
        elif text == "{":
            self._open_brace(token)
        elif text == "(":
            self._open_paren(token)
        elif text == "[":
            self._open_bracket(token)
        elif text in {"<|", "<<|"}:
            last = self.top.last
            subject = last.token.text.lower() if last else ""
            self._push(Frame(Role.SEARCH, token, subject=subject))
        elif text == "|" and self.top.role is not Role.LAMBDA:
            self._push(Frame(Role.LAMBDA, token))
        elif text in {"}", ")", "]", "|", "|>", "|>>"}:
            self._close(token)
        else:
            self._sign(token)

    def _sign(self, token: Token) -> None:
        frame, text = self.top, token.text
        if text in {"=", "+="} and frame.last is not None:
            self._assigned(frame, frame.last)
        if frame.role is Role.BODY:
            self._sign_in_body(frame, token)
        elif text == "," and frame.role in _COMMA_DIVIDES:
            self._literal_element(frame)
            frame.items.clear()
        elif text in {";", *ARROWS} and frame.role is Role.BLOCK:
            frame.items[:] = [Item(token)] if text != ";" else []
        else:
            frame.items.append(Item(token))

    def _sign_in_body(self, frame: Frame, token: Token) -> None:
        text = token.text
        if text == ":" and not frame.in_attributes:
            self._declare(frame)
            frame.in_attributes = True
            frame.items.clear()
        elif text in {"=>", "+>"} and frame.in_attributes:
            last = frame.last
            frame.attribute = last.token.text if last else ""
            frame.given.append(frame.attribute)
            frame.items.append(Item(token))
        elif text == "," and frame.in_attributes:
            frame.items.clear()
            frame.attribute = ""
        elif text == ";":
            frame.items.clear()
            frame.given.clear()
            frame.attribute = ""
            frame.in_attributes = not frame.has_titles
        else:
            frame.items.append(Item(token))

    def _declare(self, frame: Frame) -> None:
        for item in frame.items:
            titles = [item.literal]
            if item.closed is not None and item.closed.role is Role.ARRAY:
                titles = list(item.closed.literals)
            for title in titles:
                if title and title != "default":
                    self.declared.append((frame.subject, title))

    def _assigned(self, frame: Frame, last: Item) -> None:
        names = []
        if last.token.kind is Kind.VARIABLE and frame.role not in {
            Role.PARAMETERS,
            Role.LAMBDA,
        }:
            names = [last.token.text]
        elif last.closed is not None and last.closed.role is Role.ARRAY:
            names = list(last.closed.variables)
        elif frame.parameters and last.token.kind is Kind.VARIABLE:
            known = frame.parameters[-1]
            frame.parameters[-1] = Parameter(known.name, known.type, required=False)
        scope = next(f for f in reversed(self.stack) if f.scope)
        for name in names:
            scope.variables.pop(name, None)
            scope.variables[name] = "set in this cell"

    def _parameter(self, frame: Frame, token: Token) -> None:
        if any(item.token.is_("=") for item in frame.items):
            return  # a default value that names another parameter
        begin = frame.items[0].token.start if frame.items else token.start
        kind = self.code[begin : token.start].strip().rstrip("*& ")
        frame.parameters.append(Parameter(token.text.lstrip("$"), kind))
        frame.variables[token.text] = kind or "parameter"

    def _open_brace(self, token: Token) -> None:
        frame = self.top
        role, subject = opened_by_brace(frame)
        opened = Frame(role, token, subject=subject)
        if role is Role.BODY:
            opened.has_titles = has_titles(frame)
            opened.in_attributes = not opened.has_titles
        if role is Role.BLOCK:
            self._open_scope(frame, opened)
        self._push(opened)

    def _open_scope(self, frame: Frame, opened: Frame) -> None:
        """Let a block know its parameters, and record what it defines."""
        for item in frame.items:
            if item.closed is not None and item.closed.role in {
                Role.PARAMETERS,
                Role.LAMBDA,
            }:
                opened.parameters = item.closed.parameters
                opened.variables = dict(item.closed.variables)
                opened.scope = True
        head = frame.head
        if head in DEFINERS:
            opened.scope = True
            names = [i.token.text for i in frame.items if i.token.kind is Kind.NAME]
            if head in {"class", "define", "function"} and len(names) > 1:
                opened.definition = Definition(
                    head, names[1].removeprefix("::"), tuple(opened.parameters)
                )
                self.definitions.append(opened.definition)

    def _open_paren(self, token: Token) -> None:
        frame, last = self.top, self.top.last
        role, opened = Role.PAREN, Frame(Role.PAREN, token)
        if last is not None and last.token.kind is Kind.NAME and last.closed is None:
            if frame.head in DEFINERS and len(frame.items) > 1:
                role = Role.PARAMETERS
            elif last.token.text not in CONDITIONS | _OPERATOR_NAMES | {"case"}:
                role = Role.CALL
                opened.subject = last.token.text
                if len(frame.items) > 2 and frame.items[-2].token.is_("."):
                    opened.root, opened.path = self._access(frame.items[-3])
        opened.role = role
        self._push(opened)

    def _open_bracket(self, token: Token) -> None:
        last = self.top.last
        opened = Frame(Role.ARRAY, token)
        touching = token.start > 0 and not self.code[token.start - 1].isspace()
        if last is not None and last.ends_value and touching:
            opened.role = Role.INDEX
            if last.token.kind is Kind.TYPE:
                opened.subject = last.token.text
            else:
                opened.root, opened.path = self._access(last)
        elif touching is False and last is not None and last.ends_value:
            self.begin(token)
        self._push(opened)

    def _access(self, item: Item) -> tuple[str, tuple[str | None, ...]]:
        """Return the variable that an item looks into, and the keys so far."""
        if item.closed is not None:
            inner = item.closed
            if inner.role is not Role.INDEX or not inner.root:
                return "", ()
            key = inner.items[0].literal if len(inner.items) == 1 else None
            return inner.root, (*inner.path, key)
        if item.token.kind is Kind.VARIABLE:
            return item.token.text.lstrip("$"), ()
        if item.token.kind is Kind.NAME and self.top.role is Role.INTERPOLATION:
            return item.token.text, ()
        return "", ()

    def _push(self, frame: Frame) -> None:
        self.stack.append(frame)

    def _literal_element(self, frame: Frame) -> None:
        if frame.role is not Role.ARRAY or len(frame.items) != 1:
            return
        item = frame.items[0]
        if item.literal is not None:
            frame.literals.append(item.literal)
        elif item.token.kind is Kind.VARIABLE:
            frame.variables[item.token.text] = ""

    def _close(self, token: Token) -> None:
        wanted = {"|>>": "|>"}.get(token.text, token.text)
        for index in range(len(self.stack) - 1, 0, -1):
            closer = CLOSERS[self.stack[index].role]
            if closer == wanted:
                break
            if closer in _BRACES and wanted not in _BRACES:
                return  # a stray one: nothing in these braces opened it
        else:
            return
        closed = self.stack[index]
        self._literal_element(closed)
        del self.stack[index:]
        frame = self.top
        if closed.role is Role.INTERPOLATION:
            frame.plain = False
        elif frame.role is Role.CASE and closed.role is Role.BLOCK:
            frame.items.clear()
        else:
            frame.items.append(Item(token, closed))
