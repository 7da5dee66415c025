"""Know what the node's Puppet knows: types, classes, functions, facts.

All of it comes from the worker, in parts and on demand, and is kept until the files
that it was made from are others. What comes from a node is data of strangers: every
shape is checked here, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from puppet_kernel.worker import Worker

# Somebody waits with the finger on the key.
ANSWER_TIMEOUT = 8.0
MAX_ITEMS = 20_000
MAX_TEXT = 20_000

T = TypeVar("T")


@dataclass(frozen=True)
class Attribute:
    """Describe what a resource may say of itself.

    `kind` is property, parameter or metaparameter; `type` a data type, for those of
    classes and defines. `values` are written as one writes them. `required` means
    that there is no default.
    """

    name: str
    kind: str
    doc: str = ""
    type: str = ""
    values: tuple[str, ...] = ()
    default: str = ""
    required: bool = False
    namevar: bool = False
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """Describe a type, a class, a define, a function or an alias of a data type."""

    kind: str
    name: str
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()
    signatures: tuple[str, ...] = ()
    home: str = ""
    file: str = ""
    line: int = 0
    text: str = ""


@dataclass(frozen=True)
class Names:
    """Hold all names, each with the module that it comes from (none: Puppet's own)."""

    types: dict[str, str]
    classes: dict[str, str]
    defines: dict[str, str]
    aliases: dict[str, str]
    functions: dict[str, str]


@dataclass(frozen=True)
class Fact:
    """Hold one level of the facts: a value's text, and its keys with kind and text."""

    found: bool
    kind: str
    value: str
    keys: tuple[tuple[str, str, str], ...]


class Knowledge:
    """Ask the worker, and remember what it said while that is true.

    Files are looked for from the folder `cwd`, as `user` (None: whoever the worker is).
    Raises WorkerDied and WorkerTimeout.
    """

    def __init__(
        self, worker: Worker, cwd: str | None = None, user: str | None = None
    ) -> None:
        self._worker = worker
        self._cwd = cwd
        self._user = user
        self._fingerprint = ""
        self._parts: dict[tuple[str, str], Any] = {}
        self._checked = False

    def look_again(self) -> None:
        """Have the next question find out first whether the files are the same."""
        self._checked = False

    def names(self) -> Names:
        """Return the names of everything that a manifest may name."""
        return self._part("names", "", _names)

    def type(self, name: str) -> Described | None:
        """Return a resource type or a define; None if there is none."""
        return self._part("type", name, _described)

    def definition(self, name: str) -> Described | None:
        """Return a class, a define or an alias of a module; None if there is none."""
        return self._part("class", name, _described)

    def function(self, name: str) -> Described | None:
        """Return a function with its documentation; None if there is none."""
        return self._part("function", name, _described)

    def functions(self) -> dict[str, Described]:
        """Return all functions, without their documentation."""
        return self._part("functions", "", _functions)

    def providers(self, type_: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return a type's providers: those that work on the node, and the others."""
        return self._part("providers", type_, _providers)

    def fact(self, path: tuple[str, ...]) -> Fact:
        """Return what is below a path of keys in the facts, as they are now."""
        return _fact(self._ask("index_facts", path=list(path)))

    def paths(self, prefix: str) -> list[str]:
        """Return the node's files whose path begins so; folders end with a slash."""
        asked = {"prefix": prefix, "cwd": self._cwd, "user": self._user}
        return _texts(self._ask("index_paths", **asked))

    def levels(self) -> list[str]:
        """Return the names of Hiera's levels."""
        # No level has this name, so the answer is which there are.
        return _texts(_dict(self._ask("hiera", level="")).get("known"))

    def _part(self, part: str, name: str, read: Callable[[Any], T]) -> T:
        key = (part, name)
        if key in self._parts and not self._checked:
            self._index("check", "")  # forgets all parts if a file is another one
        if key not in self._parts:
            self._parts[key] = read(self._index(part, name))
        return self._parts[key]  # type: ignore[no-any-return]

    def _index(self, part: str, name: str) -> Any:
        answer = _dict(self._ask("index", part=part, name=name))
        fingerprint = _text(answer.get("fingerprint"))
        if not fingerprint or fingerprint != self._fingerprint:
            self._parts.clear()
        self._fingerprint = fingerprint
        self._checked = True
        return answer.get("data")

    def _ask(self, op: str, **params: Any) -> Any:
        events = self._worker.request(op, timeout=ANSWER_TIMEOUT, **params)
        return next((e.get("data") for e in events if e.get("ev") == "answer"), None)


def _dict(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _list(data: Any) -> list[Any]:
    return data[:MAX_ITEMS] if isinstance(data, list) else []


def _text(data: Any) -> str:
    return data[:MAX_TEXT] if isinstance(data, str) else ""


def _texts(data: Any) -> list[str]:
    return [text for item in _list(data) if (text := _text(item))]


def _homes(data: Any) -> dict[str, str]:
    pairs = (item for item in _list(data) if isinstance(item, list) and len(item) == 2)
    return {name: _text(home) for name, home in pairs if _text(name)}


def _names(data: Any) -> Names:
    told = _dict(data)
    return Names(
        *(_homes(told.get(key)) for key in ("types", "classes", "defines")),
        *(_homes(told.get(key)) for key in ("aliases", "functions")),
    )


def _described(data: Any) -> Described | None:
    told = _dict(data)
    name = _text(told.get("name"))
    if not name:
        return None
    listed = _list(told.get("attributes")) + _list(told.get("parameters"))
    attributes = (_attribute(_dict(item)) for item in listed)
    line = told.get("line")
    return Described(
        kind=_text(told.get("kind")) or "function",
        name=name,
        doc=_text(told.get("doc")),
        attributes=tuple(a for a in attributes if a.name),
        signatures=tuple(_texts(told.get("signatures"))),
        home=_text(told.get("home")),
        file=_text(told.get("file")),
        line=line if isinstance(line, int) else 0,
        text=_text(told.get("text")),
    )


def _attribute(told: dict[str, Any]) -> Attribute:
    return Attribute(
        name=_text(told.get("name")),
        kind=_text(told.get("kind")) or "parameter",
        doc=_text(told.get("doc")),
        type=_text(told.get("type")),
        values=tuple(_texts(told.get("values"))),
        default=_text(told.get("default")),
        required=told.get("required") is True,
        namevar=told.get("namevar") is True,
        features=tuple(_texts(told.get("features"))),
    )


def _functions(data: Any) -> dict[str, Described]:
    known = (_described(item) for item in _list(data))
    return {function.name: function for function in known if function is not None}


def _providers(data: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = _dict(data)
    return tuple(_texts(told.get("suitable"))), tuple(_texts(told.get("others")))


def _fact(data: Any) -> Fact:
    told = _dict(data)
    keys = (
        (str(item[0])[:MAX_TEXT], _text(item[1]), _text(item[2]))
        for item in _list(told.get("keys"))
        if isinstance(item, list) and len(item) == 3 and isinstance(item[0], str | int)
    )
    return Fact(
        found=told.get("found") is True,
        kind=_text(told.get("kind")),
        value=_text(told.get("value")),
        keys=tuple(keys),
    )
