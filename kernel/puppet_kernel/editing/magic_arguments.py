"""Collect what could stand on a magic's line."""

from collections.abc import Callable, Iterable, Iterator

from puppet_kernel.answers import Memory
from puppet_kernel.editing import references
from puppet_kernel.editing import vocabulary as words
from puppet_kernel.editing.knowledge import Knowledge
from puppet_kernel.editing.magic_lines import MagicPlace
from puppet_kernel.editing.matching import Choice
from puppet_kernel.machines import MACHINES
from puppet_kernel.magics import MAGICS


class MagicArguments:
    """Know what each magic takes. `word` is the part of the argument to complete."""

    def __init__(self, knowledge: Knowledge, memory: Memory, place: MagicPlace) -> None:
        self._known = knowledge
        self._memory = memory
        self._place = place
        self._argument = place.argument or ""
        self.word = self._word()

    def all(self) -> Iterable[Choice]:
        """Return everything that fits."""
        if self._place.argument is None:
            return self._magics()
        makers: dict[str, Callable[[], Iterable[Choice]]] = {
            "as": self._fact_sets,
            "catalog": self._references,
            "describe": self._describable,
            "facts": self._facts,
            "file": self._paths,
            "help": self._magics,
            "hiera": self._levels,
            "lint": self._paths,
            "lookup": self._keys,
            "resource": self._resources,
        }
        magic = self._place.magic
        return makers[magic.name]() if magic and magic.name in makers else ()

    def _word(self) -> str:
        if self._place.argument is None:
            return self._place.written
        name = self._place.written.lstrip("%")
        if name == "facts":
            return self._argument.rpartition(".")[2]
        if name == "resource" and " " in self._argument:
            return self._argument.partition(" ")[2].lstrip()
        return self._argument

    def _magics(self) -> Iterator[Choice]:
        for magic in MAGICS.values():
            if self._place.argument is not None:
                yield Choice(magic.name, magic.name, "magic", magic.summary)
            elif self._place.first or magic.sign == "%":
                signature = f"{magic.usage}: {magic.summary}"
                yield Choice(magic.written, magic.written, "magic", signature)

    def _describable(self) -> Iterator[Choice]:
        names = self._known.names()
        yield from self._types()
        for kind, known in (
            ("defined type", names.defines),
            ("class", names.classes),
            ("function", names.functions),
            ("data type", names.aliases),
        ):
            for name, home in known.items():
                yield Choice(name, name, kind, home)

    def _types(self) -> Iterator[Choice]:
        types = self._known.names().types
        for name in (*words.COMMON_TYPES, *types):
            if name in types:
                yield Choice(name, name, "resource type", types[name])

    def _resources(self) -> Iterator[Choice]:
        type_, space, _ = self._argument.partition(" ")
        if not space:
            yield from self._types()
            return
        for kind, title, place in references.known((), self._memory.declared):
            if kind.lower() == type_.lower():
                yield Choice(title, title, "title", place)

    def _references(self) -> Iterator[Choice]:
        for reference in reversed(self._memory.declared):
            yield Choice(reference, reference, "reference")

    def _facts(self) -> Iterator[Choice]:
        path = tuple(self._argument.split(".")[:-1])
        for key, kind, text in self._known.fact(path).keys:
            if "." not in key:
                yield Choice(key, key, kind, text)

    def _fact_sets(self) -> Iterator[Choice]:
        for name in MACHINES:
            yield Choice(name, name, "machine")
        if "/" in self._argument:
            yield from self._paths()

    def _paths(self) -> Iterator[Choice]:
        for path in self._known.paths(self._argument):
            yield Choice(path, path, "folder" if path.endswith("/") else "file")

    def _levels(self) -> Iterator[Choice]:
        for level in self._known.levels():
            yield Choice(level, level, "level of Hiera")

    def _keys(self) -> Iterator[Choice]:
        """Yield the keys that parameters of classes are looked up by."""
        owner, separator, _ = self._argument.rpartition("::")
        if separator:
            class_ = self._known.definition(owner)
            for attribute in class_.attributes if class_ else ():
                key = f"{owner}::{attribute.name}"
                yield Choice(key, key, "parameter", attribute.type)
        for name in self._known.names().classes:
            yield Choice(f"{name}::", f"{name}::", "class")
