"""Say what to do about variables: unknown, used too early, set twice, misnamed."""

from re import Match

from puppet_kernel import legacy_facts
from puppet_kernel.hints import places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.names import did_you_mean, nearest
from puppet_kernel.hints.tokens import Kind, Token
from puppet_kernel.results import Problem

_OWN = frozenset({"name", "title", "facts", "trusted", "server_facts"})


def unknown(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what was meant, or where the value comes too late."""
    written = found["name"]
    name = written.removeprefix("::")
    here = _mark(problem, written, scene)
    assigned = places.assignments(scene.tokens, name)
    advice = _assigned_elsewhere(name, assigned, problem, scene, here)
    if advice:
        return advice
    own = {t.text[1:] for t in scene.tokens if _may_be_meant(t, problem, scene)}
    near = nearest(name, own) or nearest(name, scene.names)
    modern = legacy_facts.replacement(name)
    if modern and not nearest(name, own):
        keys = _keys(modern)
        hint = (
            f"Puppet 8 has no ${written} any more; this fact is now "
            f"$facts{keys}, in a string ${{facts{keys}}}"
        )
        return Advice(hint, here)
    if near:
        return Advice(did_you_mean([f"${other}" for other in near]), here)
    if not here:
        return None
    return Advice(
        f"nothing in this cell gives ${written} a value; each cell is compiled on its "
        "own, and knows no variables of the cells before it",
        here,
    )


def _keys(path: str) -> str:
    steps = (key if key.isdigit() else f"'{key}'" for key in path.split("."))
    return "".join(f"[{step}]" for step in steps)


def _mark(problem: Problem, name: str, scene: Scene) -> tuple[Mark, ...]:
    """Return a mark below a variable; none if it does not stand where Puppet says.

    (Puppet counts the lines of a template within a cell as those of the cell.)
    """
    if not problem.line or not problem.column:
        return ()
    # Puppet counts from the $ or, within a string, from the name behind it.
    text = scene.line(problem.line)[problem.column - 1 :]
    if not text.removeprefix("$").startswith(name):
        return ()
    length = len(name) + text.startswith("$")
    return (Mark(problem.line, problem.column, length),)


def _assigned_elsewhere(
    name: str,
    assigned: list[Token],
    problem: Problem,
    scene: Scene,
    here: tuple[Mark, ...],
) -> Advice | None:
    if not assigned or not here or not problem.line:
        return None
    found = scene.tokens
    used = scene.offset(problem.line, problem.column or 1)
    around = places.scope_at(found, used)
    scopes = [places.scope_at(found, token.start) for token in assigned]
    seen = [
        token
        for token, scope in zip(assigned, scopes, strict=True)
        if around[: len(scope)] == scope
    ]
    if not seen:
        hint = (
            f"the ${name} of line {assigned[0].line} is known only within the braces "
            "around it"
        )
        return Advice(hint, (*here, Mark.of(assigned[0], "its value is set here")))
    first = seen[0]
    if first.line == problem.line:
        hint = f"${name} has no value yet when this line asks for it"
        return Advice(hint, here)
    if first.start > used:
        hint = (
            f"${name} gets its value only in line {first.line}; Puppet reads a "
            f"manifest from top to bottom: move that line above line {problem.line}"
        )
        return Advice(hint, (*here, Mark.of(first, "its value comes here")))
    hint = (
        f"${name} gets a value in line {first.line}, but Puppet did not come through "
        "there; give it one in every case, such as $x = if … { 1 } else { 2 }"
    )
    return Advice(hint, (*here, Mark.of(first, "not reached")))


def _may_be_meant(token: Token, problem: Problem, scene: Scene) -> bool:
    """Tell whether a variable of the cell is known where the problem is."""
    if token.kind is not Kind.VARIABLE or not problem.line:
        return False
    behind = next((t for t in scene.tokens if t.start >= token.end), None)
    gets_value = behind is not None and behind.text in {"=", ",", ")", "|"}
    return gets_value and token.line <= problem.line


def reassigned(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return where the variable has got its value already."""
    name = found["name"]
    again: tuple[Mark, ...] = ()
    assigned = places.assignments(scene.tokens, name)
    at = [t for t in assigned if t.line == problem.line]
    if at:
        again = (Mark.of(at[-1], "this would be a second"),)
    if found["built_in"] and name in _OWN:
        marks = (Mark.of(at[-1]),) if at else again
        return Advice(f"${name} is Puppet's own; give yours another name", marks)
    first = [t for t in assigned if t.line < (problem.line or 0)]
    if first:
        mark = Mark.of(first[0], "it has its value from here")
        return Advice(
            "a variable gets a value once and keeps it; use a new name for the new "
            "value",
            (mark, *again),
        )
    given = "as a fact or as Puppet's own" if found["built_in"] else "perhaps as a fact"
    return Advice(
        f"${name} has a value already, {given}; give yours another name", again
    )


def bad_name(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how the name of a variable has to look."""
    name = found["name"]
    right = name[:1].lower() + name[1:]
    marks = _mark(problem, name, scene)
    if right == name:
        told = "a variable's name has small letters, digits and _ only"
    elif right in _OWN:
        told = f"a variable begins with a small letter; but ${right} is Puppet's own"
    else:
        told = f"a variable begins with a small letter: ${right}"
    return Advice(told, marks)


def not_assignable(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how a variable is written whose name Puppet took for something else."""
    tokens = scene.tokens
    line = [t for t in tokens if t.line == problem.line]
    sign = next((i for i, t in enumerate(line) if t.text == "="), None)
    if not sign:
        return None
    text = scene.line(problem.line)
    left = text[: line[sign].column - 1].strip()
    mark = (Mark(line[0].line, line[0].column, len(left)),)
    if found["what"] == "a Name" and sign == 1:
        name = line[0].text.replace("-", "_")
        fixed = f"${name} {text[line[sign].column - 1 :]}"
        return Advice(f"a variable begins with $; write\n    {fixed}", mark)
    if left.startswith("$") and "-" in left and " " not in left:
        fixed = f"{left.replace('-', '_')} {text[line[sign].column - 1 :]}"
        return Advice(
            f"names of variables have _ instead of -; write\n    {fixed}", mark
        )
    return None
