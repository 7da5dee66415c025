"""Collect what could complete the word at a place in Puppet code."""

from collections.abc import Callable, Iterable, Iterator

from puppet_kernel.editing import quoting, references
from puppet_kernel.editing import vocabulary as words
from puppet_kernel.editing.attributes import Attributes
from puppet_kernel.editing.context import Context, Want
from puppet_kernel.editing.knowledge import Described, Knowledge
from puppet_kernel.editing.matching import Choice

_SHORT = 80


class Candidates:
    """Know what fits where; ask the node only for what the place needs.

    `elsewhere` are the references that other cells have declared, newest last.
    """

    def __init__(
        self, knowledge: Knowledge, context: Context, elsewhere: Iterable[str]
    ) -> None:
        self._known = knowledge
        self._context = context
        self._elsewhere = elsewhere
        self._attributes = Attributes(knowledge, context.walk.definitions)

    def all(self) -> Iterator[Choice]:
        """Yield everything that fits, the likeliest first."""
        makers: dict[Want, Callable[[], Iterable[Choice]]] = {
            Want.STATEMENT: self._statements,
            Want.ATTRIBUTE: self._attribute_names,
            Want.VALUE: self._values,
            Want.EXPRESSION: self._expressions,
            Want.CHAINED: self._chained,
            Want.VARIABLE: self._variables,
            Want.KEY: self._keys,
            Want.TITLE: self._titles,
            Want.REFERENCE: lambda: references.whole(self._resources()),
            Want.CLASS: self._classes,
            Want.DATA_TYPE: self._data_types,
        }
        for word in self._context.keywords:
            yield Choice(
                word, word, "keyword", (words.KEYWORDS | words.SEARCHED).get(word, "")
            )
        if self._context.want in makers:
            yield from makers[self._context.want]()

    def _statements(self) -> Iterator[Choice]:
        if self._context.chained:
            yield from references.whole(self._resources())
        if self._context.word[:1].isupper():
            yield from self._type_names()
            return
        yield from self._types()
        names = self._known.names().functions
        for name in (*words.COMMON_FUNCTIONS, *names):
            if name in names:
                yield Choice(name, name, "function", self._home(names[name]))
        for name, meaning in words.STATEMENTS.items():
            yield Choice(name, name, "keyword", meaning)

    def _types(self) -> Iterator[Choice]:
        names = self._known.names()
        for name in (*words.COMMON_TYPES, *names.types):
            if name in names.types:
                yield Choice(name, name, "resource type", self._home(names.types[name]))
        yield Choice("class", "class", "keyword", words.STATEMENTS["class"])
        for definition in self._context.walk.definitions:
            if definition.kind == "define":
                yield Choice(
                    *(definition.name, definition.name, "defined type", "this cell's")
                )
        for name, home in names.defines.items():
            yield Choice(name, name, "defined type", self._home(home))

    def _type_names(self) -> Iterator[Choice]:
        """Yield types as references and defaults write them."""
        for choice in self._types():
            if choice.kind != "keyword":
                text = references.capitalized(choice.name)
                yield Choice(text, text, choice.kind, choice.signature)
        yield Choice("Class", "Class", "resource type", "a reference to a class")

    def _home(self, module: str) -> str:
        return f"from {module}" if module else "built in"

    def _attribute_names(self) -> Iterator[Choice]:
        context = self._context
        ending = "" if context.arrow else " => "
        for attribute in self._attributes.of(context.type):
            if attribute.name in context.given:
                continue
            kind = f"{attribute.kind}, required" * attribute.required
            signature = attribute.type or " | ".join(attribute.values)
            yield Choice(
                attribute.name + ending,
                attribute.name,
                kind or attribute.kind,
                _short(signature or attribute.doc),
            )

    def _values(self) -> Iterator[Choice]:
        context = self._context
        for text in self._attributes.values(context.type, context.attribute):
            yield Choice(quoting.value(context, text), text.strip("'"), "value")
        if context.quote:
            return
        if context.attribute in words.RELATIONS:
            yield from references.whole(self._resources())
        if context.word:
            yield from self._expressions()
        else:
            yield from self._own_variables()

    def _expressions(self) -> Iterator[Choice]:
        if self._context.word[:1].isupper():
            yield from self._type_names()
            yield from self._data_types()
            return
        for name, meaning in words.CONSTANTS.items():
            if name != "default":
                yield Choice(name, name, "constant", meaning)
        if not self._context.word:
            yield from self._own_variables()
        yield from self._functions(())

    def _chained(self) -> Iterator[Choice]:
        return self._functions(words.COMMON_CHAINED)

    def _functions(self, first: Iterable[str]) -> Iterator[Choice]:
        for definition in self._context.walk.definitions:
            if definition.kind == "function":
                given = (f"{p.type} ${p.name}".strip() for p in definition.parameters)
                signature = f"{definition.name}({', '.join(given)})"
                yield Choice(definition.name, definition.name, "function", signature)
        known = self._known.functions()
        for name in (*first, *known):
            if name in known:
                yield _function(known[name])

    def _own_variables(self) -> Iterator[Choice]:
        context = self._context
        for name, note in context.walk.variables().items():
            yield self._variable(name, note)
        for name, note in words.VARIABLES.items():
            yield self._variable(name, note)
        if any(frame.definition for frame in context.walk.stack):
            for name, note in words.INNER_VARIABLES.items():
                yield self._variable(name, note)

    def _variables(self) -> Iterator[Choice]:
        yield from self._own_variables()
        word = self._context.word.lstrip("$")
        owner, separator, _ = word.removeprefix("::").rpartition("::")
        if word.startswith("::") and not owner:
            for key, _kind, text in self._known.fact(()).keys:
                yield self._variable(f"$::{key}", text)
        elif separator:
            lead = "$::" if word.startswith("::") else "$"
            for attribute in self._attributes.own(f"class {owner}"):
                name = f"{lead}{owner}::{attribute.name}"
                yield self._variable(name, attribute.type)
        elif self._context.bare and word:
            yield from self._functions(())

    def _variable(self, name: str, note: str) -> Choice:
        text = name.lstrip("$") if self._context.bare else name
        return Choice(text, text, "variable", _short(note))

    def _keys(self) -> Iterator[Choice]:
        context = self._context
        for key, kind, text in self._level():
            if context.dotted:
                if "." not in key:
                    yield Choice(key, key, kind, text)
            elif key.isdecimal() and not context.quote:
                yield Choice(key, key, kind, text)
            else:
                yield Choice(quoting.element(context, key), key, kind, text)

    def _level(self) -> Iterable[tuple[str, str, str]]:
        context = self._context
        if context.root == "facts":
            keys = self._known.fact(context.path).keys
            return [(key, kind, _short(text)) for key, kind, text in keys]
        known = words.TRUSTED if context.root == "trusted" else words.SERVER_FACTS
        return [(k, "key", v) for k, v in known.items()] if not context.path else []

    def _titles(self) -> Iterator[Choice]:
        wanted = references.capitalized(self._context.type)
        for kind, title, place in self._resources():
            if kind == wanted:
                text = quoting.element(self._context, title)
                yield Choice(text, title, "title", place)

    def _classes(self) -> Iterator[Choice]:
        context = self._context
        own = [d.name for d in context.walk.definitions if d.kind == "class"]
        found = dict.fromkeys(own, "this cell's")
        if context.type == "reference":
            here = (title for kind, title in context.walk.declared if kind == "class")
            found = dict.fromkeys(here, "declared in this cell") | found
        for name, home in self._known.names().classes.items():
            found.setdefault(name, self._home(home))
        writing = {"class": quoting.title, "reference": quoting.element}.get(
            context.type, quoting.value
        )
        for name, note in found.items():
            yield Choice(writing(context, name), name, "class", note)

    def _data_types(self) -> Iterator[Choice]:
        for name, meaning in words.DATA_TYPES.items():
            yield Choice(name, name, "data type", meaning)
        for name, home in self._known.names().aliases.items():
            yield Choice(name, name, "data type", self._home(home))

    def _resources(self) -> list[tuple[str, str, str]]:
        here = self._context.everything().declared
        return references.known(here, self._elsewhere)


def _function(function: Described) -> Choice:
    signature = " or ".join(function.signatures) or f"{function.name}(…)"
    return Choice(function.name, function.name, "function", _short(signature, 200))


def _short(text: str, most: int = _SHORT) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
