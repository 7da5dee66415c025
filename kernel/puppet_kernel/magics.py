"""List the magics: the first lines that make a cell more than a manifest."""

import difflib
from dataclasses import dataclass
from enum import Enum

from puppet_kernel.results import Kind


class Argument(Enum):
    """Say whether something stands behind the magic on its line."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Magic:
    """Describe one magic.

    `usage` is its line as one would write it, with the argument's name in capitals,
    in brackets if it may be left out. `blank` tells that it has a meaning without
    anything below it.
    """

    name: str
    kind: Kind
    usage: str
    summary: str
    blank: bool = False

    @property
    def sign(self) -> str:
        """Return "%%" for a magic that rules its cell, "%" for one line."""
        return "%%" if self.usage.startswith("%%") else "%"

    @property
    def written(self) -> str:
        """Return the magic as it is typed."""
        return self.sign + self.name

    @property
    def argument(self) -> Argument:
        """Return whether it takes an argument."""
        rest = self.usage.removeprefix(self.written).strip()
        if not rest:
            return Argument.NONE
        return Argument.OPTIONAL if rest.startswith("[") else Argument.REQUIRED


_ALL = (
    Magic("noop", Kind.NOOP, "%%noop", "show what would change, and change nothing"),
    Magic(
        "expect",
        Kind.EXPECT,
        "%%expect [NAME]",
        "check that everything is as the manifest says, and say what is not",
        blank=True,
    ),
    Magic(
        "idempotent",
        Kind.IDEMPOTENT,
        "%%idempotent [NAME]",
        "apply twice; the second time must change nothing",
        blank=True,
    ),
    Magic(
        "drift",
        Kind.DRIFT,
        "%%drift [NAME]",
        "break what the manifest says, apply all plain cells, expect it repaired",
        blank=True,
    ),
    Magic(
        "compiled",
        Kind.COMPILED,
        "%%compiled [NAME]",
        "check what the catalog of all plain cells holds; nothing is applied",
        blank=True,
    ),
    Magic(
        "as",
        Kind.ANSWER,
        "%%as FACTS",
        "compile for another machine and show the catalog; nothing is applied",
    ),
    Magic(
        "file",
        Kind.ANSWER,
        "%%file PATH [mode=MODE]",
        "write a file: a module's manifest, a template, data",
        blank=True,
    ),
    Magic("hiera", Kind.ANSWER, "%%hiera LEVEL", "write a level's data", blank=True),
    Magic("sh", Kind.SHELL, "%%sh", "run a shell script as yourself"),
    Magic("catalog", Kind.ANSWER, "%catalog [REFERENCE]", "show the last catalog"),
    Magic(
        "graph",
        Kind.ANSWER,
        "%graph",
        "draw what comes before what in the last catalog",
    ),
    Magic(
        "resource",
        Kind.ANSWER,
        "%resource TYPE [TITLE]",
        "show how resources are now, as Puppet code",
    ),
    Magic("facts", Kind.ANSWER, "%facts [KEY]", "show what is known of this machine"),
    Magic(
        "lookup",
        Kind.ANSWER,
        "%lookup KEY [merge=STRATEGY] [as FACTS]",
        "explain where a value comes from",
    ),
    Magic(
        "describe",
        Kind.ANSWER,
        "%describe TYPE [ATTRIBUTE]",
        "show the documentation of a type, a class or a function",
    ),
    Magic("lint", Kind.ANSWER, "%lint [PATH]", "show what puppet-lint would improve"),
    Magic("env", Kind.ANSWER, "%env", "show the Puppet, its folders and its modules"),
    Magic(
        "trace", Kind.ANSWER, "%trace", "show where in Ruby the last error was raised"
    ),
    Magic("help", Kind.ANSWER, "%help [MAGIC]", "show what a cell may begin with"),
)

MAGICS = {magic.name: magic for magic in _ALL}


def nearest(sign: str, name: str) -> str:
    """Return advice on an unknown magic: the nearest one, or all there are."""
    known = MAGICS.get(name.lower())
    close = difflib.get_close_matches(name.lower(), MAGICS, n=1, cutoff=0.5)
    if known is None and close:
        known = MAGICS[close[0]]
    if known is not None:
        return f"did you mean {known.written}?"
    same = [magic.written for magic in _ALL if magic.sign == sign]
    return f"there are {', '.join(same)}"
