"""Say what to do about values that do not fit."""

import posixpath
import re
from re import Match

from puppet_kernel.hints import foreign, places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.names import did_you_mean, listed, nearest
from puppet_kernel.hints.tokens import Kind, index_at
from puppet_kernel.results import Problem

_SAME = {
    "started": "running",
    "start": "running",
    "up": "running",
    "enabled": "running",
    "active": "running",
    "true": "running",
    "stop": "stopped",
    "down": "stopped",
    "disabled": "stopped",
    "installed": "present",
    "created": "present",
    "exists": "present",
    "removed": "absent",
    "deleted": "absent",
    "uninstalled": "absent",
    "folder": "directory",
    "dir": "directory",
    "symlink": "link",
}
_DATA_TYPES = (
    "Any Array Boolean Callable Collection Data Enum Float Hash Integer Numeric "
    "Optional Pattern Regexp Resource Scalar Sensitive String Struct Timespan "
    "Timestamp Tuple Type Undef Variant"
).split()
_BUILT_IN = frozenset("cd export source set ulimit umask if for while".split())
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def invalid_value(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the valid value that was meant."""
    name, value = found["name"], found["value"]
    valid = [word.strip(" .") for word in found["valid"].split(",")]
    place = places.attribute(scene.tokens, name, problem.line)
    marks = (Mark.of(place[1]),) if place and place[1] else ()
    meant = [_SAME[value]] if _SAME.get(value) in valid else nearest(value, valid)
    if len(meant) == 1:
        return Advice(f"write {name} => {meant[0]}", marks)
    return Advice(f"{name} takes one of {listed(valid)}", marks)


def path(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a path has to look."""
    given = found["path"]
    marks = _string_mark(scene, given, problem.line)
    if re.match(r"[A-Za-z]:", given) or "\\" in given:
        return Advice(
            "this is a path of Windows; the paths of this machine begin with / and "
            "have no \\",
            marks,
        )
    if given.startswith("~"):
        return Advice(
            "Puppet does not know ~; write the home folder's full path", marks
        )
    inside = "/" in given and not given.startswith(".")
    full = posixpath.join("/" if inside else "/srv", given)
    return Advice(f"a path begins with /, such as '{full}'", marks)


def mode(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a file's mode is written."""
    place = places.attribute(scene.tokens, "mode", problem.line)
    value = place[1] if place else None
    marks = (Mark.of(value),) if value else ()
    if value is not None and value.kind is Kind.NUMBER:
        if re.fullmatch(r"[0-7]{3,4}", value.text):
            digits = value.text if len(value.text) == 4 else f"0{value.text}"
            return Advice(f"a mode is text and needs quotes: mode => '{digits}'", marks)
    return Advice(
        "a mode is text: four digits such as '0644', or letters such as 'u=rw,go=r'",
        marks,
    )


def unqualified(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a command is found."""
    command = found["command"]
    marks = _string_mark(scene, found["title"], problem.line)
    if command in _BUILT_IN:
        return Advice(
            f"{command} belongs to the shell; add provider => shell, or name a command "
            "with its full path",
            marks,
        )
    return Advice(
        f"write where {command} is, such as '/usr/bin/{command} …' (which {command} in "
        "a %%sh cell tells), or add path => ['/usr/bin', '/bin']",
        marks,
    )


def not_a_number(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how strings are put together, if that was meant."""
    other = foreign.advise(problem, scene)
    if other:
        return other
    tokens = scene.tokens
    line = [t for t in tokens if t.line == problem.line]
    plus = next((t for t in line if t.text == "+"), None)
    if plus is None:
        return None
    return Advice(
        '+ adds numbers; text is put together within double quotes: "…${name}…"',
        (Mark.of(plus),),
    )


def not_comparable(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how text becomes a number."""
    if {found["left"], found["right"]} & {"String"} and {
        found["left"],
        found["right"],
    } & {"Integer", "Float", "Numeric"}:
        return Advice(
            "one side is text, the other a number; leave out the quotes of the number, "
            "or make one of the text: Integer($port)",
            _operator_mark(problem, scene),
        )
    return None


def _operator_mark(problem: Problem, scene: Scene) -> tuple[Mark, ...]:
    index = index_at(scene.tokens, problem.line, problem.column)
    return (Mark.of(scene.tokens[index]),) if index < len(scene.tokens) else ()


def undef_operand(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what an undefined value to the left of an operator means."""
    if found["operator"] != "[]":
        return None
    return Advice(
        "what stands before [ ] has no value here; look at it with "
        "notice(…), and mind the spelling of its keys",
    )


def parameter_type(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a parameter's value is to be changed."""
    name, wanted, got = found["name"], found["wanted"], found["got"]
    place = places.attribute(scene.tokens, name, problem.line)
    value = place[1] if place else None
    if value is None:
        return None
    marks = (Mark.of(value),)
    if "String" in got and value.is_string and _NUMBER.fullmatch(value.inner):
        if re.match(r"(?:an? )?(?:Integer|Float|Numeric)\b", wanted):
            return Advice(
                f"quotes make text of a number; write {name} => {value.inner}", marks
            )
    if wanted.startswith("a Boolean") and value.inner in {"true", "false"}:
        return Advice(f"leave the quotes out: {name} => {value.inner}", marks)
    if wanted.startswith("a String") and value.kind is Kind.NUMBER:
        return Advice(f"put it in quotes: {name} => '{value.text}'", marks)
    if wanted.startswith("an Array"):
        return Advice(f"put it in a list: {name} => [{value.text}, …]", marks)
    return Advice(f"give {name} {wanted}", marks)


def missing_parameter(
    found: Match[str], problem: Problem, scene: Scene
) -> Advice | None:
    """Return how a parameter gets its value."""
    kind, title, name = found["type"], found["title"], found["name"]
    if kind == "Class":
        owner = title.lower()
        return Advice(
            f"this class needs a value for {name}: write class {{ '{owner}': "
            f"{name} => … }} instead of include, or put {owner}::{name} into "
            "Hiera's data"
        )
    return Advice(f"add {name} => … to its attributes")


def no_default(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a selector covers the rest."""
    return Advice(
        f"nothing in the braces is for {found['value']}; add default => … as the last",
    )


def _string_mark(scene: Scene, text: str, line: int | None) -> tuple[Mark, ...]:
    same = [t for t in scene.tokens if t.is_string and t.inner == text]
    best = next((t for t in same if t.line == line), same[0] if same else None)
    return (Mark.of(best),) if best else ()


def data_type(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the data type that was meant."""
    near = nearest(found["name"], _DATA_TYPES)
    token = places.first_word(scene.tokens, problem.line, found["name"])
    return (
        Advice(did_you_mean(near), (Mark.of(token),) if token else ()) if near else None
    )
