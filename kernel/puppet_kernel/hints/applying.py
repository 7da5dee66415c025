"""Say what to do about resources that fail while they are applied."""

import posixpath
import re
from re import Match

from puppet_kernel.hints import places
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.names import nearest
from puppet_kernel.results import Problem

_LAST = 5
_LONGEST = 200
_APT = re.compile(r"^E: (?P<reason>.+)$", re.MULTILINE)
_ENSURE = ("present", "installed", "absent", "latest", "purged", "held", "disabled")


def exit_status(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what an exec's status means, and the end of what it printed."""
    status = found["status"]
    lines = [line[:_LONGEST] for line in scene.printed.strip().split("\n") if line]
    hint = (
        f"the command ran and ended with status {status}; try it in a %%sh cell. If "
        f"{status} is fine, say so: returns => [0, {status}]. To run it only when "
        "needed, add unless => or onlyif => with a command that tells"
    )
    if not lines:
        return Advice(hint)
    told = "\n".join(f"    {line}" for line in lines[-_LAST:])
    return Advice(f"{hint}\n  it printed last:\n{told}")


def no_command(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how to find a command."""
    name = posixpath.basename(found["command"])
    return Advice(
        f"there is no such program here; which {name} in a %%sh cell tells where it "
        "is. If a package brings it, declare the package first and require it"
    )


def no_parent(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return the folder that has to be declared."""
    folder = posixpath.dirname(found["path"])
    if not folder or folder == "/":
        return None
    return Advice(
        f"the folder {folder} does not exist, and Puppet makes no folders by itself; "
        f"declare it too\n    file {{ '{folder}': ensure => directory }}"
    )


def no_account(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return how an account comes to be."""
    kind, name = found["kind"].lower(), found["name"].rstrip(".")
    mark = _value_mark(scene, name)
    return Advice(
        f"this machine has no {kind} {name}; declare it too, then Puppet makes it first"
        f"\n    {kind} {{ '{name}': ensure => present }}",
        mark,
    )


def _value_mark(scene: Scene, text: str) -> tuple[Mark, ...]:
    same = [t for t in scene.tokens if t.inner == text]
    return (Mark.of(same[0]),) if len(same) == 1 else ()


def package(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return apt's reason, and what follows from it."""
    reasons = [reason["reason"] for reason in _APT.finditer(problem.message)]
    if not reasons:
        return None
    told = reasons[-1][:_LONGEST]
    wanted = re.search(r"install (?P<name>[\w.+-]+)=(?P<version>\S+)'", problem.message)
    if wanted:
        near = nearest(wanted["version"], _ENSURE)
        place = places.attribute(scene.tokens, "ensure", problem.line)
        marks = (Mark.of(place[1]),) if place and place[1] else ()
        if near:
            return Advice(
                f"did you mean ensure => {near[0]}? Any other word is taken for a "
                "version number",
                marks,
            )
        return Advice(
            f"apt says: {told}; apt-cache policy {wanted['name']} in a %%sh cell shows "
            "the versions that there are",
            marks,
        )
    if told.startswith("Unable to locate package"):
        return Advice(
            "the package lists of this machine have no package of this name; "
            "apt-cache search WORD in a %%sh cell finds names"
        )
    if "Permission denied" in told or "are you root" in told:
        return denied(found, problem, scene)
    return Advice(f"apt says: {told}")


def service(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return where a service comes from."""
    name = found["name"]
    return Advice(
        f"this machine has no service {name}; the package that brings it must be "
        "installed first: declare it, and require it here"
    )


def no_source(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what a source can be."""
    source = found["source"]
    if source.startswith("puppet:"):
        return Advice(
            "puppet:///modules/NAME/FILE is the file FILE in the folder files of the "
            "module NAME; that file does not exist"
        )
    return Advice(
        "the file that source names does not exist on this machine; text of your own "
        "is given with content => instead"
    )


def denied(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return who may do it."""
    if not scene.user:
        return None
    return Advice(
        f"Puppet runs as {scene.user} here, and only root may do this; where sudo "
        "works without a password, the kernel runs Puppet as root"
    )


def uid_taken(found: Match[str], problem: Problem, scene: Scene) -> Advice | None:
    """Return what to do about a number that is in use."""
    return Advice(
        f"another account has the number {found['number']}; take out uid =>, and the "
        "next free one is used"
    )
