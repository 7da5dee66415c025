"""Write down what is known of one thing, in Markdown."""

import re
from collections.abc import Iterable

from puppet_kernel.editing import references
from puppet_kernel.editing import vocabulary as words
from puppet_kernel.editing.knowledge import Attribute, Described, Fact
from puppet_kernel.magics import Magic
from puppet_kernel.questions.comments import read, sentence

_KINDS = {
    "type": "resource type",
    "define": "defined type",
    "class": "class",
    "function": "function",
    "alias": "data type",
}
_BRIEF_ATTRIBUTES = 12
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")


def described(told: Described, ordered: Iterable[Attribute], full: bool) -> str:
    """Return a page on a type, a define, a class or an alias."""
    comment = read(told.doc)
    text = comment.text or comment.summary
    parts = [f"**{told.name}** ({_KINDS.get(told.kind, told.kind)})"]
    if told.text:
        parts.append(_code(f"type {told.name} = {told.text}"))
    if comment.summary and comment.text:
        parts.append(comment.summary)
    parts.append(text if full else _first(text))
    own = [a for a in ordered if full or a.kind != "metaparameter"]
    parts.append(_attributes(own, comment.parameters, full))
    parts.extend(_place(told))
    return _joined(parts)


def attribute(owner: Described, told: Attribute) -> str:
    """Return a page on one attribute of a type, or parameter of a class."""
    comment = read(owner.doc) if owner.kind != "type" else None
    doc = told.doc or (comment.parameters.get(told.name, "") if comment else "")
    type_ = f" `{told.type}`" if told.type else ""
    kind = "" if told.kind == "metaparameter" else f" of {owner.name}"
    namevar = ", the title if it is left out" if told.namevar else ""
    parts = [f"**{told.name}**{type_} ({told.kind}{kind}{namevar})", doc]
    if told.values and "Valid values are" not in told.doc:
        parts.append("Values: " + ", ".join(f"`{value}`" for value in told.values))
    if told.default:
        parts.append(f"Default: `{told.default}`")
    elif told.required:
        parts.append("It has no default: it must be given.")
    if told.features and "Requires features" not in told.doc:
        needed = ", ".join(f"`{feature}`" for feature in told.features)
        parts.append(f"Only with a provider that has: {needed}")
    return _joined(parts)


def function(told: Described, full: bool) -> str:
    """Return a page on a function."""
    comment = read(told.doc)
    signatures = told.signatures
    if told.attributes and not signatures:
        given = (f"{a.type or 'Any'} ${a.name}" for a in told.attributes)
        signatures = (f"{told.name}({', '.join(given)})",)
    parts = [f"**{told.name}** (function)"]
    if signatures:
        parts.append(_code("\n".join(signatures)))
    parts.append(comment.summary)
    parts.append(comment.text if full else _first(comment.text))
    listed = (f"- `{name}`: {text}" for name, text in comment.parameters.items())
    parts.append("\n".join(listed))
    if comment.returns:
        parts.append(f"Returns {comment.returns}")
    if full:
        parts.extend(f"{t}\n\n{_code(code)}" for t, code in comment.examples)
    parts.extend(_place(told))
    return _joined(parts)


def fact(path: tuple[str, ...], told: Fact) -> str:
    """Return a page on the current value of a fact."""
    written = "".join(f"[{references.quoted(key)}]" for key in path)
    kind = f", {told.kind}" if told.kind else ""
    head = f"**$facts{written}** (fact{kind})"
    if not path:
        keys = ", ".join(f"`{key}`" for key, _, _ in told.keys)
        return _joined([head, words.VARIABLES["$facts"], keys])
    if not told.found:
        return _joined([head, "This node has no such fact."])
    return _joined([head, _code(told.value, "json")])


def reference(kind: str, title: str, place: str, state: str) -> str:
    """Return a page on one resource that is referred to."""
    where = place or "No cell has declared it so far."
    last = f"In the last run: {state}" if state else ""
    return _joined([f"**{kind}[{title}]** (resource)", where, last])


def word(name: str, kind: str, meaning: str) -> str:
    """Return a page on a word of the language."""
    return _joined([f"**{name}** ({kind})", meaning])


def magic(told: Magic) -> str:
    """Return a page on a magic."""
    return _joined([f"**{told.written}** (magic)", told.summary, _code(told.usage, "")])


def plain(markdown: str) -> str:
    """Return a page for those who cannot show Markdown."""
    text = re.sub(r"(?m)^`{3,}\w*\n?", "", markdown)
    text = re.sub(r"(?m)^(\|[-: |]+\|)\n", "", text)
    text = _LINK.sub(r"\1", text).replace("**", "")
    return re.sub(r"\n{3,}", "\n\n", text)


def _attributes(listed: list[Attribute], comments: dict[str, str], full: bool) -> str:
    shown = listed if full else listed[:_BRIEF_ATTRIBUTES]
    lines = []
    for told in shown:
        type_ = f" `{told.type}`" if told.type else ""
        required = ", required" if told.required else ""
        default = f" (default `{told.default}`)" if told.default else ""
        text = sentence(told.doc or comments.get(told.name, ""))
        lines.append(f"- `{told.name}`{type_}{required}{default}: {text}".rstrip(": "))
    more = len(listed) - len(shown)
    if more:
        lines.append(f"- … and {more} more")
    return "\n".join(lines)


def _place(told: Described) -> Iterable[str]:
    line = f", line {told.line}" if told.line else ""
    if told.file and (told.home or told.kind != "function"):
        yield f"From {told.file}{line}"
    elif told.home:
        yield f"From {told.home}"


def _first(text: str) -> str:
    """Return the first paragraph."""
    return text.strip().split("\n\n")[0]


def _code(text: str, language: str = "puppet") -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())
