"""Say what to do about names that Puppet does not know."""

from re import Match

from puppet_kernel.hints import foreign, places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.names import did_you_mean, listed, nearest
from puppet_kernel.results import Problem

_ALONE = "each cell is compiled on its own, and knows nothing of the cells before it"
_ELSEWHERE = {
    "print": "notice",
    "puts": "notice",
    "echo": "notice",
    "printf": "sprintf",
    "format": "sprintf",
    "len": "length",
    "str": "String",
    "int": "Integer",
    "require_relative": "include",
    "upper": "upcase",
    "lower": "downcase",
    "range": "Integer[1, 10].each",
}


def unknown_type(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the types that were meant."""
    name = found["name"]
    token = places.first_word(scene.tokens, problem.line, name)
    marks = (Mark.of(token),) if token else ()
    if name in scene.names:
        return Advice(
            f"a module has a file for {name}, but no type that Puppet could load from "
            "it",
            marks,
        )
    near = nearest(name, scene.names)
    if len(near) == 1 and token:
        fixed = scene.line(token.line).strip().replace(name, near[0], 1)
        return Advice(f"{did_you_mean(near)} Write\n    {fixed}", marks)
    if near:
        return Advice(did_you_mean(near), marks)
    return Advice(
        f"no type and no defined type has the name {name}; %describe shows the types "
        "that there are",
        marks,
    )


def unknown_attribute(
    found: Match[str], problem: Problem, scene: Scene
) -> Advice | None:
    """Return the attributes that were meant, or those that there are."""
    name, kind = found["name"], found["type"].lower()
    place = places.attribute(scene.tokens, name, problem.line)
    marks = (Mark.of(place[0]),) if place else ()
    near = nearest(name, scene.names)
    if len(near) == 1 and place:
        line = scene.line(place[0].line).strip()
        fixed = line.replace(name, near[0], 1)
        return Advice(f"{did_you_mean(near)} Write\n    {fixed}", marks)
    if near:
        return Advice(did_you_mean(near), marks)
    if "has no parameter" in problem.message:
        if not scene.names:
            return Advice(f"{found['owner']} has no parameters", marks)
        there = listed(scene.names)
        return Advice(f"the parameters of {found['owner']}: {there}", marks)
    return Advice(
        f"%describe {kind} shows the attributes of {kind}, and what each is for", marks
    )


def unknown_class(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the classes that were meant; else where Puppet looked."""
    name = found["name"].removeprefix("::")
    token = next((t for t in scene.tokens if t.inner.removeprefix("::") == name), None)
    marks = (Mark.of(token),) if token else ()
    others = (n for n in scene.names if n != "settings")
    near = [] if scene.existing else nearest(name, others)
    if near:
        return Advice(did_you_mean(near), marks)
    if scene.existing:
        return Advice(
            f"{scene.existing} is there, but Puppet found no class {name} in it: the "
            "name of its class, or its text, is not right",
            marks,
        )
    parts = name.split("::")
    module, rest = parts[0], parts[1:]
    file = "/".join([module, "manifests", *(rest or ["init"])]) + ".pp"
    told = [f"no class {name} in this cell"]
    if scene.folders:
        told[0] += f", and no file {file} in {' or '.join(scene.folders)}"
    told.append(f"{_ALONE}: a class for several cells belongs in a module")
    return Advice("; ".join(told), marks)


def unknown_function(
    found: Match[str], problem: Problem, scene: Scene
) -> Advice | None:
    """Return the functions that were meant."""
    name = found["name"]
    token = places.first_word(scene.tokens, problem.line, name)
    marks = (Mark.of(token),) if token else ()
    if name in scene.names:
        return Advice(
            f"a module has a file for {name}, but no function that Puppet could load "
            "from it",
            marks,
        )
    other = foreign.advise(problem, scene) if name not in _ELSEWHERE else None
    near = nearest(name, scene.names)
    if name in _ELSEWHERE and _ELSEWHERE[name].split("[")[0] not in near:
        return Advice(f"in Puppet this is {_ELSEWHERE[name]}", marks)
    if near:
        return Advice(did_you_mean(near), marks)
    return other or Advice(
        f"no function has the name {name}, neither Puppet's own nor a module's", marks
    )


def unknown_reference(
    found: Match[str], problem: Problem, scene: Scene
) -> Advice | None:
    """Return the declared resources that were meant, or how to declare this one."""
    reference = found["name"]
    kind, _, title = reference.partition("[")
    title = title.removesuffix("]")
    marks = _reference_marks(kind, title, scene)
    same = [n for n in scene.names if n.partition("[")[0] == kind]
    near = nearest(title, (n.partition("[")[2].removesuffix("]") for n in same))
    if near:
        return Advice(did_you_mean([f"{kind}['{name}']" for name in near]), marks)
    told = f"nothing in this cell declares {reference}"
    if kind == "Class":
        return Advice(f"{told}; include {title.lower()} in this cell", marks)
    others = [n for n in scene.names if n.partition("[")[2] == f"{title}]"]
    if others:
        return Advice(f"{told}; {did_you_mean(others[:1])}", marks)
    return Advice(f"{told}; declare it here too: {_ALONE}", marks)


def _reference_marks(kind: str, title: str, scene: Scene) -> tuple[Mark, ...]:
    found = scene.tokens
    for index, token in enumerate(found[:-2]):
        if token.text.removeprefix("::") == kind and found[index + 1].text == "[":
            if found[index + 2].inner == title:
                return (Mark.of(token),)
    return ()


def duplicate(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return both places of a resource that is declared twice."""
    kind, title = found["type"], found["title"]
    marks = []
    first = int(found["line"]) if found["line"] else None
    if first and not found["file"]:
        marks.append(_place(first, "first declared here", scene))
    if problem.line and not problem.file:
        column = problem.column or 0
        marks.append(
            Mark(problem.line, column, _width(scene, problem), "declared again here")
        )
    if kind == "Class":
        name = title.lower()
        hint = (
            f"a class is declared once; include {name} may be repeated, and "
            f"class {{ '{name}': … }} must come before it"
        )
        return Advice(hint, tuple(marks))
    return Advice(
        "a resource is declared once: move the attributes of both into one declaration"
        f", or give one another title than '{title}'",
        tuple(marks),
    )


def _place(line: int, label: str, scene: Scene) -> Mark:
    token = next((t for t in scene.tokens if t.line == line), None)
    return Mark.of(token, label) if token else Mark(line, 0)


def _width(scene: Scene, problem: Problem) -> int:
    for token in scene.tokens:
        if (token.line, token.column) == (problem.line, problem.column):
            return len(token.text.split("\n", 1)[0])
    return 1


def no_template(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the path that a template should have."""
    module, _, rest = found["name"].partition("/")
    if not rest or not scene.folders:
        return Advice("a template is named by its module and file: MODULE/FILE.epp")
    paths = [f"{folder}/{module}/templates/{rest}" for folder in scene.folders]
    token = next((t for t in scene.tokens if t.inner == found["name"]), None)
    marks = (Mark.of(token),) if token else ()
    return Advice(
        f"Puppet looked for {' and '.join(paths)}; %%file PATH writes such a file",
        marks,
    )
