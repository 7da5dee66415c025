"""Describe a resource type: its text, its attributes, its providers."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from puppet_kernel.document import Block, Folded, Markdown, Span, Table, Text, Tone
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import plain
from puppet_kernel.questions.comments import sentence
from puppet_kernel.results import Problem

_KINDS = {
    "property": "Properties: what Puppet looks at and keeps in step",
    "parameter": "Parameters: how Puppet goes about it",
    "metaparameter": "Metaparameters: what every type takes",
}
_APPENDED = re.compile(
    r"\s*(?:Valid values are |Values can match |Requires features ).*"
)
_MOST_VALUES = 12
_MOST_DOC = 4_000


def blocks(data: dict[str, Any], attribute: str) -> Iterator[Block]:
    """Yield what is written about a type, or about one of its attributes.

    Raises Unanswered for an attribute that the type has not.
    """
    name = plain.text(data.get("name"))
    attributes = {
        plain.text(known.get("name")): known
        for known in plain.records(data.get("attributes"))
    }
    _keep_one_namevar(attributes)
    if attribute:
        if attribute not in attributes:
            raise _unknown(name, attribute, attributes)
        yield from _attribute(name, attributes[attribute])
        return
    yield Markdown(f"### {name}: a resource type\n\n{plain.text(data.get('doc'))}")
    yield from _attributes(attributes.values())
    yield from _providers(data)
    example = next((a for a in ("mode", "ensure") if a in attributes), "require")
    yield Text(f"One of them in full: %describe {name} {example}", Tone.FAINT)
    if data.get("namesake") is True:
        yield Text(f"There is a function, too: %describe {name}()", Tone.FAINT)


def _keep_one_namevar(attributes: dict[str, dict[str, Any]]) -> None:
    """Of several attributes that name a resource together, the title is one's only."""
    names = [name for name, known in attributes.items() if known.get("namevar") is True]
    if len(names) > 1 and "name" in names:
        for name in names:
            attributes[name]["namevar"] = name == "name"


def _unknown(name: str, attribute: str, known: Iterable[str]) -> Unanswered:
    near = plain.nearest(attribute, known)
    meant = f"; did you mean {plain.or_list(near)}?" if near else ""
    message = f"{name} has no attribute {attribute}{meant}"
    return Unanswered(Problem("error", message, hint=f"%describe {name} lists them"))


def _attribute(name: str, known: dict[str, Any]) -> Iterator[Block]:
    title, kind = plain.text(known.get("name")), plain.text(known.get("kind"))
    text = f"### {title}: a {kind} of {name}\n\n{plain.text(known.get('doc')).strip()}"
    if known.get("namevar") is True:
        text += "\n\nWithout it, the resource's title is taken."
    default = plain.text(known.get("default"))
    if default:
        text += f"\n\nDefault: `{default}`"
    yield Markdown(text)


def _attributes(attributes: Iterable[dict[str, Any]]) -> Iterator[Block]:
    every = list(attributes)
    for kind, caption in _KINDS.items():
        known = [each for each in every if each.get("kind") == kind]
        if not known:
            continue
        known.sort(key=_order)
        table = Table(
            ("attribute", "allowed", "default", "meaning"), tuple(map(_row, known))
        )
        if kind == "metaparameter":
            yield Folded(caption, (table,))
        else:
            yield Table(table.columns, table.rows, caption)


def _order(known: dict[str, Any]) -> tuple[bool, bool, str]:
    """Put what names the resource first, then ensure, then the rest by name."""
    name = plain.text(known.get("name"))
    return known.get("namevar") is not True, name != "ensure", name


def _row(known: dict[str, Any]) -> tuple[str | Span, ...]:
    name = plain.text(known.get("name"))
    doc = plain.text(known.get("doc"))[:_MOST_DOC]
    meaning = sentence(_APPENDED.sub("", doc))
    if known.get("namevar") is True:
        meaning = f"{meaning} (Without it: the title.)"
    return (
        Span(name, code=True),
        Span(_allowed(known), code=True),
        Span(plain.text(known.get("default")), code=True),
        meaning,
    )


def _allowed(known: dict[str, Any]) -> str:
    values = plain.words(known.get("values"))
    values += [f"/{pattern}/" for pattern in plain.words(known.get("patterns"))]
    more = len(values) - _MOST_VALUES
    told = ", ".join(values[:_MOST_VALUES])
    return f"{told}, … {more} more" if more > 0 else told


def _providers(data: dict[str, Any]) -> Iterator[Block]:
    providers = plain.records(data.get("providers"))
    if not providers:
        return
    providers.sort(key=lambda known: (known.get("used") is not True, _here(known)[1]))
    columns = ("provider", "here", "about")
    usable = [known for known in providers if _here(known)[1] < 2]
    others = [known for known in providers if _here(known)[1] == 2]
    if usable:
        rows = tuple(map(_provider, usable))
        yield Table(columns, rows, "Providers: what does the work on this machine")
    if others:
        rows = tuple(map(_provider, others))
        inner = (Table(columns, rows),)
        many = "1 provider" if len(others) == 1 else f"{len(others)} providers"
        yield Folded(f"{many} for other machines", inner)
    yield from _features(data, usable or others)


def _here(known: dict[str, Any]) -> tuple[Span, int]:
    if known.get("used") is True:
        return Span("used", Tone.GOOD), 0
    if known.get("suitable") is True:
        return Span("works, if named"), 1
    return Span("not here", Tone.FAINT), 2


def _provider(known: dict[str, Any]) -> tuple[str | Span, ...]:
    name = Span(plain.text(known.get("name")), code=True)
    return name, _here(known)[0], sentence(plain.text(known.get("doc")))


def _features(data: dict[str, Any], providers: list[dict[str, Any]]) -> Iterator[Block]:
    features = plain.records(data.get("features"))
    rows = []
    for feature in features:
        name = plain.text(feature.get("name"))
        able = [
            plain.text(known.get("name"))
            for known in providers
            if name in plain.words(known.get("features"))
        ]
        text = sentence(plain.text(feature.get("doc")))
        rows.append((Span(name, code=True), ", ".join(able) or "none", text))
    if rows:
        table = Table(("feature", "of providers", "meaning"), tuple(rows))
        yield Folded("Features: what only some providers can do", (table,))
