"""Find the attributes of a type, a class or a define, in the order of their use."""

import re
from collections.abc import Iterable, Sequence

from puppet_kernel.editing import references
from puppet_kernel.editing import vocabulary as words
from puppet_kernel.editing.frames import Definition, Parameter
from puppet_kernel.editing.knowledge import Attribute, Described, Knowledge

_ENUM = re.compile(r"\bEnum\[([^\]]*)\]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_BARE = re.compile(r"[a-z]\w*")
# What is tried first, whatever the order in which a type lists its values.
_FIRST_VALUES = (
    *("installed", "present", "running", "file", "directory", "true"),
    *("latest", "link", "absent", "stopped", "false"),
)


class Attributes:
    """Look in the cell's own definitions first, then ask the node.

    A subject is the name of a type or a define, or "class NAME".
    """

    def __init__(self, knowledge: Knowledge, own: Sequence[Definition]) -> None:
        self._known = knowledge
        self._own = own

    def of(self, subject: str) -> list[Attribute]:
        """Return all attributes, metaparameters last; the commonest first in each."""
        found = self.own(subject)
        if not found:
            return []
        if not any(attribute.kind == "metaparameter" for attribute in found):
            found = [*found, *self._metaparameters()]
        common = words.COMMON_ATTRIBUTES.get(subject, ("ensure",))
        rank = {name: index for index, name in enumerate(common)}
        rank |= {n: 100 + i for i, n in enumerate(words.COMMON_METAPARAMETERS)}
        kinds = {"property": 0, "parameter": 1, "metaparameter": 2}

        def order(attribute: Attribute) -> tuple[int, int, int]:
            meta = attribute.kind == "metaparameter"
            place = rank.get(attribute.name, 50 if not meta else 200)
            late = attribute.namevar and attribute.name not in rank
            first = 0 if attribute.required else place
            return first, int(late), kinds.get(attribute.kind, 1)

        return sorted(found, key=order)

    def own(self, subject: str) -> list[Attribute]:
        """Return what the type, class or define itself takes."""
        described = self.subject(subject)
        return list(described.attributes) if described else []

    def subject(self, subject: str) -> Described | None:
        """Return the description of a type, a define, or a class."""
        class_, _, name = subject.rpartition(" ")
        for definition in self._own:
            kind = "class" if class_ else "define"
            if definition.kind == kind and definition.name == name:
                return Described(
                    kind=kind,
                    name=name,
                    attributes=tuple(map(_attribute, definition.parameters)),
                    home="this cell",
                )
        if subject == "class" or not name:
            return None
        if class_:
            found = self._known.definition(name)
            return found if found is not None and found.kind == "class" else None
        return self._known.type(name)

    def find(self, subject: str, name: str) -> Attribute | None:
        """Return one attribute, or None."""
        return next((a for a in self.of(subject) if a.name == name), None)

    def values(self, subject: str, name: str) -> list[str]:
        """Return the values of an attribute as they are written, quoted if need be."""
        attribute = self.find(subject, name)
        if attribute is None:
            return []
        if name == "provider" and not attribute.type:
            suitable, others = self._known.providers(subject)
            return [*suitable, *others]
        ranks = {value: index for index, value in enumerate(_FIRST_VALUES)}
        values = sorted(attribute.values, key=lambda v: ranks.get(v.strip("'"), 99))
        return [_written(value) for value in values]

    def _metaparameters(self) -> Iterable[Attribute]:
        known = self._known.type("notify")
        listed = known.attributes if known else ()
        return (a for a in listed if a.kind == "metaparameter")


def _attribute(parameter: Parameter) -> Attribute:
    values = [
        v for enum in _ENUM.findall(parameter.type) for v in _QUOTED.findall(enum)
    ]
    values += ["true", "false"] if "Boolean" in parameter.type else []
    return Attribute(
        name=parameter.name,
        kind="parameter",
        type=parameter.type,
        values=tuple(value.replace('"', "'") for value in values),
        required=parameter.required,
    )


def _written(value: str) -> str:
    """Return a value as code: a bare word if that will do and nobody quoted it."""
    if value.startswith("'") or _BARE.fullmatch(value):
        return value
    return references.quoted(value)
