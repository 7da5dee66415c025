"""Find out what the word at the cursor is, and what is known of it."""

from puppet_kernel.answers import Memory
from puppet_kernel.editing import pages, references
from puppet_kernel.editing import vocabulary as words
from puppet_kernel.editing.attributes import Attributes
from puppet_kernel.editing.context import Context, Want, context
from puppet_kernel.editing.frames import Role
from puppet_kernel.editing.knowledge import Knowledge
from puppet_kernel.editing.magic_lines import body_of, magic_at
from puppet_kernel.editing.tokens import Kind, Token, tokens
from puppet_kernel.magics import MAGICS

_WORDS = frozenset({Kind.NAME, Kind.TYPE, Kind.VARIABLE, Kind.STRING})


class Explainer:
    """Explain one place of one cell; `full` for all that there is to say."""

    def __init__(self, knowledge: Knowledge, memory: Memory, full: bool) -> None:
        self._known = knowledge
        self._memory = memory
        self._full = full

    def explain(self, code: str, cursor: int) -> str:
        """Return a page in Markdown; empty if nothing is known."""
        place = magic_at(code, cursor)
        if place is not None:
            magic = place.magic or MAGICS.get(_word_on(code, cursor).lstrip("%"))
            return pages.magic(magic) if magic else ""
        body = body_of(code)
        if body is None or cursor < body:
            return ""
        token = _token_at(tokens(code, body), cursor)
        at = cursor if token is None else _end_of_word(token)
        here = context(code, at, body)
        attributes = Attributes(self._known, here.walk.definitions)
        found = self._word(token, here, attributes, code) if token else ""
        return found or self._around(here, attributes)

    def _word(
        self, token: Token, here: Context, attributes: Attributes, code: str
    ) -> str:
        if token.kind is Kind.VARIABLE or here.want is Want.VARIABLE:
            return self._variable(token.text.lstrip("$"), here, code, token)
        text = here.word
        match here.want:
            case Want.KEY if here.root == "facts":
                path = (*here.path, text)
                return pages.fact(path, self._known.fact(path))
            case Want.KEY:
                known = words.TRUSTED if here.root == "trusted" else words.SERVER_FACTS
                return pages.word(text, f"key of ${here.root}", known.get(text, ""))
            case Want.ATTRIBUTE:
                return self._attribute(attributes, here.type, text)
            case Want.CLASS:
                return self._definition(attributes, f"class {text}")
            case Want.TITLE:
                return self._reference(references.capitalized(here.type), text, here)
        if token.kind is Kind.TYPE:
            return self._type_name(token, here, attributes, code)
        if token.kind is Kind.NAME:
            return self._name(token, here, attributes, code)
        return ""

    def _name(
        self, token: Token, here: Context, attributes: Attributes, code: str
    ) -> str:
        name, after = token.text.removeprefix("::"), code[token.end :].lstrip()
        called = after.startswith("(") or here.want is Want.CHAINED
        if here.want is Want.STATEMENT and not called:
            typed = "" if name == "class" else self._definition(attributes, name)
            if typed and (after.startswith("{") or name not in words.KEYWORDS):
                return typed
        if name in words.KEYWORDS and not called:
            return pages.word(name, "keyword", words.KEYWORDS[name])
        if here.want is Want.VALUE and not called:
            return self._attribute(attributes, here.type, here.attribute)
        known = self._known.function(name)
        if known is not None:
            return pages.function(known, self._full)
        return self._definition(attributes, name)

    def _type_name(
        self, token: Token, here: Context, attributes: Attributes, code: str
    ) -> str:
        if code[token.end : token.end + 1] == "[":
            title = _literal_after(code, token.end + 1)
            if title and token.text not in words.DATA_TYPES:
                return self._reference(token.text, title, here)
        if token.text in words.DATA_TYPES:
            return pages.word(token.text, "data type", words.DATA_TYPES[token.text])
        if "::" in token.text:
            alias = self._known.definition(token.text)
            if alias is not None and alias.kind == "alias":
                return pages.described(alias, (), self._full)
        return self._definition(attributes, token.text.lower())

    def _variable(self, name: str, here: Context, code: str, token: Token) -> str:
        plain = name.removeprefix("::")
        known = here.everything().variables() | here.walk.variables()
        for variable, note in known.items():
            if variable.lstrip("$") == name:
                return pages.word(f"${name}", "variable", note)
        if plain == "facts":
            return pages.fact((), self._known.fact(()))
        builtin = words.VARIABLES | words.INNER_VARIABLES
        if f"${plain}" in builtin:
            return pages.word(f"${name}", "variable", builtin[f"${plain}"])
        told = self._known.fact((plain,))
        if plain and told.found:
            return pages.fact((plain,), told)
        if here.bare and token.kind is Kind.NAME:
            function = self._known.function(name)
            return pages.function(function, self._full) if function else ""
        return ""

    def _definition(self, attributes: Attributes, subject: str) -> str:
        told = attributes.subject(subject)
        if told is None:
            return ""
        return pages.described(told, attributes.of(subject), self._full)

    def _attribute(self, attributes: Attributes, subject: str, name: str) -> str:
        owner, told = attributes.subject(subject), attributes.find(subject, name)
        return pages.attribute(owner, told) if owner and told else ""

    def _reference(self, kind: str, title: str, here: Context) -> str:
        known = references.known(here.everything().declared, self._memory.declared)
        place = next((p for k, t, p in known if (k, t) == (kind, title)), "")
        result = self._memory.result
        state = ""
        for resource in result.resources if result else ():
            if resource.reference == f"{kind}[{title}]":
                line = f", line {resource.line}" if resource.line else ""
                state, place = str(resource.state), place + line
        return pages.reference(kind, title, place.capitalize(), state)

    def _around(self, here: Context, attributes: Attributes) -> str:
        """Explain what encloses the cursor: the call, the resource, the definition."""
        for frame in reversed(here.walk.stack):
            if frame.role is Role.CALL:
                known = self._known.function(frame.subject)
                return pages.function(known, self._full) if known else ""
            if frame.role is Role.BODY:
                if frame.attribute:
                    return self._attribute(attributes, here.type, frame.attribute) or (
                        self._definition(attributes, frame.subject)
                    )
                return self._definition(attributes, here.type or frame.subject)
            if frame.role is Role.BLOCK:
                break
        return ""


def _token_at(found: list[Token], cursor: int) -> Token | None:
    """Return the word under the cursor, or else the one that ends at it."""
    touching = [t for t in found if t.start <= cursor <= t.end and t.kind in _WORDS]
    under = [t for t in touching if cursor < t.end]
    return next(iter(under or touching), None)


def _end_of_word(token: Token) -> int:
    """Return where the word ends: for a string, before its quote."""
    quoted = token.kind is Kind.STRING and token.text.endswith("'") and token.closed
    return token.end - 1 if quoted and len(token.text) > 1 else token.end


def _word_on(code: str, cursor: int) -> str:
    begin = max(code.rfind(sign, 0, cursor) for sign in " \n") + 1
    end = min(
        (i for sign in " \n" if (i := code.find(sign, cursor)) >= 0), default=None
    )
    return code[begin:end]


def _literal_after(code: str, at: int) -> str:
    quote = code[at : at + 1]
    if quote not in {"'", '"'}:
        return ""
    end = code.find(quote, at + 1)
    return code[at + 1 : end] if end > at else ""
