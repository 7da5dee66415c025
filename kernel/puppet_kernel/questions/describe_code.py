"""Describe what is written in Puppet: classes, defined types, functions, aliases."""

import re
from collections.abc import Iterator
from typing import Any

from puppet_kernel.document import Block, Code, Markdown, Span, Table, Text, Tone
from puppet_kernel.errors import Unanswered
from puppet_kernel.questions import comments, plain
from puppet_kernel.questions.comments import Comment
from puppet_kernel.results import Problem

_KINDS = {
    "class": "a class",
    "define": "a defined type",
    "function": "a function",
    "alias": "an alias of a data type",
}


def blocks(data: dict[str, Any], attribute: str) -> Iterator[Block]:
    """Yield what is written about a definition, or about one of its parameters.

    Raises Unanswered for a parameter that it has not.
    """
    name = plain.text(data.get("name"))
    kind = plain.text(data.get("kind"))
    comment = comments.read(plain.text(data.get("doc")))
    parameters = plain.records(data.get("parameters"))
    if attribute:
        yield from _one(name, attribute, parameters, comment)
        return
    yield Markdown(_introduction(name, kind, comment))
    if kind == "alias":
        yield Code(f"type {name} = {plain.text(data.get('text'))}")
    elif kind == "function":
        signatures = map(_signature, plain.words(data.get("signatures")))
        yield Code("\n".join(signatures) or _called(name, data))
        yield from _explained(comment)
    else:
        yield from _parameters(parameters, comment)
        yield Text("To use it:")
        yield Code(_use(name, kind, parameters))
    yield from _examples(comment)
    yield from _place(data)


def _introduction(name: str, kind: str, comment: Comment) -> str:
    told = "\n\n".join(filter(None, (comment.summary, comment.text)))
    told = told or "_Nothing is written about it in a comment above._"
    return f"### {name}: {_KINDS.get(kind, kind)}\n\n{told}"


def _called(name: str, data: dict[str, Any]) -> str:
    given = ", ".join(map(_declared, plain.records(data.get("parameters"))))
    returns = plain.text(data.get("returns"))
    return f"{name}({given})" + (f" >> {returns}" if returns else "")


def _signature(told: str) -> str:
    """Return a signature without the block that Puppet's own functions refuse."""
    return re.sub(r"(?:, )?\[?&\$unsupported_block\]?", "", told)


def _declared(parameter: dict[str, Any]) -> str:
    kind = plain.text(parameter.get("type")) or "Any"
    default = plain.text(parameter.get("default"))
    told = f"{kind} ${plain.text(parameter.get('name'))}"
    return f"{told} = {default}" if default else told


def _parameters(parameters: list[dict[str, Any]], comment: Comment) -> Iterator[Block]:
    if not parameters:
        yield Text("It takes no parameters.")
        return
    rows = tuple(_row(parameter, comment) for parameter in parameters)
    yield Table(("parameter", "type", "default", "meaning"), rows)


def _row(parameter: dict[str, Any], comment: Comment) -> tuple[str | Span, ...]:
    name = plain.text(parameter.get("name"))
    required = parameter.get("required") is True
    default = Span(plain.text(parameter.get("default")), code=True)
    return (
        Span(name, code=True),
        Span(plain.text(parameter.get("type")) or "Any", code=True),
        Span("required", Tone.WARNING) if required else default,
        " ".join(comment.parameters.get(name, "").split()),
    )


def _one(
    name: str, attribute: str, parameters: list[dict[str, Any]], comment: Comment
) -> Iterator[Block]:
    names = [plain.text(parameter.get("name")) for parameter in parameters]
    if attribute not in names:
        near = plain.nearest(attribute, names)
        meant = f"; did you mean {plain.or_list(near)}?" if near else ""
        message = f"{name} has no parameter {attribute}{meant}"
        raise Unanswered(Problem("error", message))
    chosen = [parameters[names.index(attribute)]]
    yield from _parameters(chosen, comment)


def _explained(comment: Comment) -> Iterator[Block]:
    rows = tuple(
        (Span(name, code=True), " ".join(text.split()))
        for name, text in comment.parameters.items()
        if text
    )
    if rows:
        yield Table(("argument", "meaning"), rows)
    if comment.returns:
        yield Text(f"Returns: {comment.returns}")


def _use(name: str, kind: str, parameters: list[dict[str, Any]]) -> str:
    needed = [each for each in parameters if each.get("required") is True]
    if kind == "class" and not needed:
        return f"include {name}"
    head = f"class {{ '{name}':" if kind == "class" else f"{name} {{ 'a title':"
    width = max((len(plain.text(each.get("name"))) for each in needed), default=0)
    lines = [
        f"  {plain.text(each.get('name')):<{width}} => …,"
        f"  # {plain.text(each.get('type')) or 'Any'}"
        for each in needed
    ]
    return "\n".join([head, *lines, "}"]) if lines else f"{head} }}"


def _examples(comment: Comment) -> Iterator[Block]:
    for title, code in comment.examples:
        yield Text(f"Example: {title}" if title else "Example:")
        yield Markdown(code) if "```" in code else Code(code)


def _place(data: dict[str, Any]) -> Iterator[Block]:
    file, line = plain.text(data.get("file")), plain.number(data.get("line"))
    if file:
        yield Text(f"{file}{f' line {line}' if line else ''}", Tone.FAINT)
