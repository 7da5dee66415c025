"""List what is known of Puppet's messages: a pattern, and who has advice on it.

In the order in which they are tried; the first advice counts. The messages are those of
Puppet 7 and 8, in the sources puppet/pops/issues.rb and puppet/pops/validation.
"""

import re
from re import Match

from puppet_kernel.hints import (
    applying,
    cycles,
    naming,
    statements,
    syntax,
    values,
    variables,
)
from puppet_kernel.hints.advice import Advice, Advising, Rule, Scene
from puppet_kernel.results import Problem


def _says(text: str) -> "_Fixed":
    return _Fixed(text)


class _Fixed:
    """Give the same advice whatever the details are."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, found: Match[str], problem: Problem, scene: Scene) -> Advice:
        named = {key: value or "" for key, value in found.groupdict().items()}
        return Advice(self._text.format(**named))


_COMPILING: tuple[tuple[str, Advising], ...] = (
    (r"\ASyntax error at (?:'(?P<token>[\w$.:=>{}()+-]*))?", syntax.advise),
    (r"\AUnclosed quote after ", syntax.unclosed),
    (r"Unknown resource type: '(?P<name>[^']+)'", naming.unknown_type),
    (
        r"no parameter named '(?P<name>[^']+)'.*? on (?P<type>[A-Z][\w:]*)\[",
        naming.unknown_attribute,
    ),
    (
        r"(?P<owner>(?P<type>[A-Z][\w:]*)\[[^\]]*\]): has no parameter named "
        r"'(?P<name>[^']+)'",
        naming.unknown_attribute,
    ),
    (
        r"Could not find (?:declared )?class (?P<name>(?:::)?\w+(?:::\w+)*)",
        naming.unknown_class,
    ),
    (r"Unknown function: '(?P<name>[^']+)'", naming.unknown_function),
    (r"Unknown variable: '(?P<name>[^']+)'", variables.unknown),
    (
        r"Could not find resource '(?P<name>[A-Z][^']*\[.*?\])' "
        r"(?:in parameter|for relationship)",
        naming.unknown_reference,
    ),
    (
        r"Duplicate declaration: (?P<type>[A-Z][\w:]*)\[(?P<title>[^\]]*)\] is already "
        r"declared(?: at \((?:(?P<file>[^()]*) )?line (?P<line>\d+)\))?",
        naming.duplicate,
    ),
    (
        r"Cannot reassign (?P<built_in>built in \(or already assigned\) )?variable "
        r"'\$(?P<name>[\w:]+)'",
        variables.reassigned,
    ),
    (r"Illegal variable name, The given name '(?P<name>[^']+)'", variables.bad_name),
    (r"Illegal attempt to assign to '(?P<what>.+)'\. Not", variables.not_assignable),
    (
        r"The name '(?P<name>[^']+)' is unacceptable as the name of",
        statements.definition_name,
    ),
    (r"Try(?:ing)? .*dependency cycle|Found \d+ dependency cycle", cycles.advise),
    (
        r"A substring operation does not accept a String as a character index",
        statements.string_key,
    ),
    (r"declaring a '(?P<type>\w+)' resource without a title", statements.without_title),
    (r"Illegal Resource Type expression", statements.quoted_type),
    (
        r"The value '(?!Sensitive ).* cannot be converted to Numeric",
        values.not_a_number,
    ),
    (
        r"The operator '[+-]=' is no longer supported",
        _says(
            "a variable keeps its value; give another to a new name, as in $y = $x + …"
        ),
    ),
    (
        r"Not a valid octal number (?P<number>0\d+)\Z",
        _says(
            "a number that begins with 0 is octal: leave the 0 out, or put '{number}' "
            "in quotes"
        ),
    ),
    (
        r"Classes, definitions, and nodes may only appear at toplevel",
        _says(
            "define it outside of these braces; inside of them, include or declare it"
        ),
    ),
    (
        r"stack level too deep",
        _says(
            "something comes back to itself without end: a function that calls itself?"
        ),
    ),
    (r"Resource type not found: (?P<name>[A-Z]\w*)", values.data_type),
    (
        r"has no effect\. A value was produced and then forgotten",
        statements.nothing_done,
    ),
    (
        r"Comparison of: (?P<left>\w+) \S+ (?P<right>\w+), is not possible",
        values.not_comparable,
    ),
    (
        r"Operator '(?P<operator>[^']+)' is not applicable to an Undef",
        values.undef_operand,
    ),
    (
        r"No matching entry for selector parameter with value (?P<value>.+)",
        values.no_default,
    ),
    (
        r"The attribute '(?P<name>[^']+)' has already been set",
        statements.attribute_twice,
    ),
    (
        r"parameter '(?P<name>\w+)' expects (?P<wanted>.+?)(?: value)?, "
        r"got (?P<got>.+)",
        values.parameter_type,
    ),
    (
        r"(?P<type>[A-Z][\w:]*)\[(?P<title>[^\]]*)\]: expects a value for parameter "
        r"'(?P<name>\w+)'",
        values.missing_parameter,
    ),
    (
        r"\A'(?P<name>[a-z][\w:]*)' (?:expects .*arguments?|parameter '|block expects)",
        _says("%describe {name} shows what it takes"),
    ),
    (
        r"Use of 'import' has been discontinued",
        _says("there is no import; a class in a module is found by include NAME"),
    ),
    (
        r"Function lookup\(\) did not find a value for the name '(?P<name>[^']+)'",
        _says(
            "no level of Hiera has {name}; %lookup {name} shows where Puppet looked, "
            "%%hiera LEVEL writes data"
        ),
    ),
    (r"Could not find template '(?P<name>[^']+)'", naming.no_template),
    (
        r"Could not find node statement with name",
        _says(
            "a cell is for this machine alone; take out node … {{ }} and keep what is "
            "in it"
        ),
    ),
)
_APPLYING: tuple[tuple[str, Advising], ...] = (
    (
        r"Parameter (?P<name>\w+) failed on [^\n]{1,200}?: Invalid value "
        r"\"?(?P<value>[^\"\n]{0,200}?)\"?\. Valid values are (?P<valid>[^.\n]+)",
        values.invalid_value,
    ),
    (r"File paths must be fully qualified, not '(?P<path>[^']+)'", values.path),
    (r"The file mode specification (?:must be a string|is invalid)", values.mode),
    (
        r"Exec\[(?P<title>.*)\] failed: '(?P<command>[^']+)' is not qualified and no "
        r"path",
        values.unqualified,
    ),
    (
        r"You cannot specify more than one of content, source, target",
        _says("keep one of them: content is text of your own, source another file"),
    ),
    (
        r"returned (?P<status>\d+) instead of one of \[",
        applying.exit_status,
    ),
    (r"Could not find command '(?P<command>[^']+)'", applying.no_command),
    (
        r"No such file or directory - A directory component in (?P<path>/.*?)"
        r"(?:\d{8}-\d+-\w+\.lock)? does not exist",
        applying.no_parent,
    ),
    (
        r"No such file or directory @ (?:dir_s_mkdir|rb_file_s_symlink) - "
        r"(?:\([^)]*, )?(?P<path>/[^)\n]+)",
        applying.no_parent,
    ),
    (
        r"Cannot create (?P<path>/\S+); parent directory \S+ does not exist",
        applying.no_parent,
    ),
    (
        r"(?:Could not find|useradd:|usermod:) (?P<kind>[Uu]ser|[Gg]roup)\(?s?\)? "
        r"'?(?P<name>[\w.-]+)'?(?: does not exist|\s*\Z)",
        applying.no_account,
    ),
    (r"apt-get .*returned \d+", applying.package),
    (
        r"Could not find (?:init script|the? ?service|unit)[^']*'(?P<name>[^']+)'",
        applying.service,
    ),
    (
        r"Could not retrieve information from environment \S+ source\(s\) "
        r"(?P<source>\S+)",
        applying.no_source,
    ),
    (r"UID (?P<number>\d+) is not unique", applying.uid_taken),
    (
        r"Permission denied|Operation not permitted|must be root|are you root",
        applying.denied,
    ),
)

_LONGEST = 4_000  # characters of a message

RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern, re.DOTALL), advise)
    for pattern, advise in _COMPILING + _APPLYING
)


def advise(problem: Problem, scene: Scene) -> Advice | None:
    """Return the first advice on a problem, or None."""
    for pattern, rule in RULES:
        found = pattern.search(problem.message, 0, _LONGEST)
        advice = rule(found, problem, scene) if found else None
        if advice:
            return advice
    return None
