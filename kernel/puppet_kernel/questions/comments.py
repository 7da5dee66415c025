"""Read the comment above a definition: text, and the tags of Puppet Strings."""

import re
from dataclasses import dataclass, field

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_STRESS = re.compile(r"(?<![\w*])\*(\w[^*]*)\*(?![\w*])")
_MOST = 4_000
_TAG = re.compile(r"@(?P<tag>\w+)[ \t]*(?P<rest>.*)")


@dataclass
class Comment:
    """Hold a comment's parts; `parameters` maps names to texts."""

    text: str = ""
    summary: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    examples: list[tuple[str, str]] = field(default_factory=list)
    returns: str = ""


def read(comment: str) -> Comment:
    """Return the parts of a comment; of tags that are not for readers, nothing."""
    found = Comment()
    above, *tags = _sections(comment)
    found.text = "\n".join(above).strip()
    for first, *rest in tags:
        match = _TAG.match(first)
        assert match is not None  # noqa: S101 - a section begins with its tag
        told, below = match["rest"].strip(), _dedented(rest)
        match match["tag"]:
            case "summary":
                found.summary = _joined(told, below)
            case "param":
                name, text = _parameter(told)
                found.parameters[name] = _joined(text, below)
            case "return":
                found.returns = _joined(re.sub(r"\[[^\]]*\]\s*", "", told), below)
            case "example" if below:
                found.examples.append((told, below))
    return found


def sentence(text: str) -> str:
    """Return the first sentence of a Markdown text as plain text, in one line."""
    first = " ".join(text[:_MOST].strip().split("\n\n")[0].split())
    first = _LINK.sub(r"\1", first).replace("**", "")
    first = _STRESS.sub(r"\1", first)
    found = re.match(r".*?[^.\s(](?<!e\.g)(?<!i\.e)[.:](?=\s+[A-Z`*(]|$)", first)
    return (found[0] if found else first).rstrip(":")


def _sections(comment: str) -> list[list[str]]:
    """Return the text's lines, then each tag's: its own and the indented below it."""
    sections: list[list[str]] = [[]]
    current = sections[0]
    for line in comment.split("\n"):
        if _TAG.match(line):
            current = []
            sections.append(current)
        elif line.strip() and not line[0].isspace() and current is not sections[0]:
            current = sections[0]
            current.append("")
        current.append(line)
    return sections


def _parameter(told: str) -> tuple[str, str]:
    """Return name and text; the type may stand before the name or behind it."""
    told = re.sub(r"\A\[[^\]]*\]\s*", "", told)
    name, _, text = told.partition(" ")
    return name.lstrip("$"), re.sub(r"\A\[[^\]]*\]\s*", "", text.strip())


def _dedented(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return "\n".join(line[indent:].rstrip() for line in lines).strip("\n")


def _joined(first: str, rest: str) -> str:
    return f"{first}\n{rest}".strip()
