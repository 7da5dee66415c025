"""Notice what is no Puppet at all: a shell's line, Python, YAML."""

import re

from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.results import Problem

_COMMANDS = frozenset(
    "ls ll cd pwd cat less head tail echo sudo su apt apt-get dpkg yum dnf systemctl "
    "journalctl grep sed awk find mkdir rmdir rm cp mv touch chmod chown ln ps top "
    "kill which whoami id man nano vi vim git curl wget tree puppet facter pip pip3 "
    "python python3 ruby bash sh export useradd groupadd usermod hostname df du date "
    "uname service".split()
)
# What stands behind the command word in shell and never in Puppet.
_ARGUMENT = re.compile(r"\s+(?:-{1,2}\w|/|\.{1,2}(?:/|\s|$)|~|[\w.-]+(?:\s|$)|['\"]\S)")
_PUPPET = re.compile(r"\s*(?:[{=(\[.]|=>|->|~>)")
_WORD = re.compile(r"\s*(?P<word>[a-z][a-z0-9-]*)(?P<rest>.*)\Z", re.DOTALL)
_SHELL = re.compile(
    r"\s*(?:if\s+\[\[?\s|for\s+\w+\s+in\b.*(?:;\s*do)?$|while\s+\[|fi\b|done\b|then\b"
    r"|#!/|\w+=\$\(|export\s+\w+=)"
)
_PYTHON = re.compile(
    r"\s*(?:def\s+\w+\(.*\).*:\s*$|class\s+\w+(?:\(\w*\))?:\s*$|from\s+\S+\s+import\s"
    r"|import\s+[a-z]\w*(?:\s*,|\s+as\b|\s*$)|for\s+\w+\s+in\s+.+:\s*$|while\s+.+:\s*$"
    r"|(?:if|elif)\s+[^{}]+:\s*$|else:\s*$|print\(.*\)\s*$)"
)
_YAML = re.compile(r"\s*(?:---\s*$|-\s+[\w'\"]|[\w-]+(?:::[\w-]+)*:(?:\s+[^\s{].*)?$)")
_LONGEST = 300
_SUBCOMMANDS = {"resource": "%resource", "describe": "%describe", "lookup": "%lookup"}


def advise(problem: Problem, scene: Scene) -> Advice | None:
    """Return advice if the line that Puppet cannot read belongs to something else.

    The line itself must look so; for YAML, all lines of the cell.
    """
    number = problem.line or _only_line(scene)
    text = scene.line(number)[:_LONGEST]
    if not number or _inside_brackets(scene, number):
        return None
    if _PYTHON.match(text):
        return Advice(_python(text), (_whole(number, text),))
    if _is_command(text) or _SHELL.match(text):
        return Advice(_shell(text), (_whole(number, text),))
    lines = [t[:_LONGEST] for t in scene.code[:20_000].split("\n") if t.strip()]
    if lines and all(
        _YAML.match(line) or line.lstrip().startswith("#") for line in lines
    ):
        hint = (
            "this looks like YAML, and a cell is a manifest; data for Hiera is written "
            "with %%hiera LEVEL on the first line, another file with %%file PATH"
        )
        return Advice(hint, (_whole(number, text),))
    return None


def is_command(text: str) -> bool:
    """Tell whether a text is one word that is a shell's command."""
    return text.strip() in _COMMANDS


def _is_command(text: str) -> bool:
    found = _WORD.match(text)
    if not found or found["word"] not in _COMMANDS:
        return False
    rest = found["rest"]
    if not rest.strip():
        return True
    return bool(_ARGUMENT.match(rest)) and not _PUPPET.match(rest)


def _shell(text: str) -> str:
    hint = "this looks like a shell's line; put %%sh on the first line of the cell"
    words = text.split()
    if words[:1] == ["puppet"] and len(words) > 1 and words[1] in _SUBCOMMANDS:
        magic = " ".join([_SUBCOMMANDS[words[1]], *words[2:]])
        return f"{hint}, or ask here: {magic}"
    return hint


def _python(text: str) -> str:
    if text.lstrip().startswith("print("):
        return "Puppet prints with notice: notice('hello')"
    return "this looks like Python; a cell is a manifest, in Puppet's language"


def _only_line(scene: Scene) -> int | None:
    numbers = [n for n, t in enumerate(scene.code.split("\n"), 1) if t.strip()]
    return numbers[0] if len(numbers) == 1 else None


def _inside_brackets(scene: Scene, number: int) -> bool:
    depth = 0
    for token in scene.tokens:
        if token.line >= number:
            break
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token.text, 0)
    return depth > 0


def _whole(number: int, text: str) -> Mark:
    column = len(text) - len(text.lstrip()) + 1
    return Mark(number, column, max(1, len(text.strip())))
