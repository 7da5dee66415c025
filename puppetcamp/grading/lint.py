"""Find checks that check nothing, before an attendee gets their points. Pure.

What a check does is known for certain only when Puppet evaluates it. Lint reads the
text (see `puppetcamp.grading.manifest`): it finds the mistakes that people make, not
every check that somebody makes vacuous on purpose.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from puppet_kernel.cells import parse
from puppet_kernel.errors import CellError
from puppet_kernel.results import Kind
from puppetcamp.grading.manifest import Declared, resources, sets
from puppetcamp.grading.notebook import CodeCell, code_cells

_METAPARAMETERS = frozenset(
    "alias audit before consume export loglevel noop notify require schedule stage "
    "subscribe tag".split()
)

# Attributes that steer how a resource is managed and state nothing about the node.
_PARAMETERS = {
    "file": frozenset(
        "path name backup checksum force ignore links max_files provider purge "
        "recurse recurselimit replace selinux_ignore_defaults show_diff sourceselect "
        "source_permissions staging_location validate_cmd validate_replacement".split()
    ),
    "user": frozenset(
        "name provider allowdupe attribute_membership auth_membership forcelocal "
        "ia_load_module key_membership managehome membership profile_membership "
        "purge_ssh_keys role_membership system".split()
    ),
    "group": frozenset(
        "name provider allowdupe attribute_membership auth_membership forcelocal "
        "ia_load_module system".split()
    ),
    "service": frozenset(
        "name provider binary control hasrestart hasstatus manifest path pattern "
        "restart start status stop timeout".split()
    ),
}

_TRUE = frozenset({"true", "/bin/true", "/usr/bin/true", ":"})
_FALSE = frozenset({"false", "/bin/false", "/usr/bin/false"})
_ALWAYS_THERE = {
    "file": frozenset(
        "/ /bin /bin/sh /dev /dev/null /etc /etc/group /etc/hosts /etc/passwd /home "
        "/opt /proc /root /run /srv /sys /tmp /usr /usr/bin /var /var/log".split()
    ),
    "user": frozenset({"root"}),
    "group": frozenset({"root"}),
}
_PRESENCE = frozenset({"present", "file", "directory"})


class Issue(StrEnum):
    """Name what is wrong with a check."""

    NOT_A_CHECK = "not-a-check"
    EMPTY = "empty"
    NOOP = "noop"
    STATES_NOTHING = "states-nothing"
    REFRESHONLY = "refreshonly"
    ALWAYS_TRUE = "always-true"


_REMEDY = {
    Issue.NOT_A_CHECK: "its first line is not %%expect, so it never earns points; "
    "begin it with %%expect",
    Issue.EMPTY: "it declares no resource; state what the node must look like",
    Issue.NOOP: "it sets noop, which would change the node or hide what it finds; "
    "remove the attribute",
    Issue.STATES_NOTHING: "it only names or audits resources; give them the "
    "attributes that must hold",
    Issue.REFRESHONLY: "a refreshonly exec runs for nobody in a check; remove it or "
    "guard a plain exec with unless or onlyif",
    Issue.ALWAYS_TRUE: "it holds on every node; check what the answer must do",
}


@dataclass(frozen=True)
class Fault:
    """Name one fault of one check; `message` says what and the remedy."""

    cell_id: str
    issue: Issue
    message: str


def lint(notebook: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return all faults of an exercise's checks, in the order of the cells.

    Raises `puppetcamp.grading.errors.NotebookRefused` if it is no Puppet notebook.
    """
    return tuple(
        Fault(cell.name, issue, f"check {cell.name}: {_REMEDY[issue]}")
        for cell in code_cells(notebook)
        if cell.check
        for issue in _issues(cell)
    )


def _issues(cell: CodeCell) -> Iterable[Issue]:
    try:
        parsed = parse(cell.source)
    except CellError:
        return [Issue.NOT_A_CHECK]
    if parsed.kind is not Kind.EXPECT:
        return [Issue.NOT_A_CHECK]
    body = parsed.body
    found = [Issue.NOOP] if sets(body, "noop") else []
    declared = resources(body)
    if not declared:
        return [*found, Issue.EMPTY]
    vacuous = [_vacuous(resource) for resource in declared]
    # One real statement is enough; the others may be there to lead up to it.
    if None not in vacuous:
        found += dict.fromkeys(issue for issue in vacuous if issue)
    return found


def _vacuous(resource: Declared) -> Issue | None:
    """Name why a resource checks nothing, or return None if it may check something."""
    return next((issue for issue, holds in _VACUOUS if holds(resource)), None)


def _states_nothing(resource: Declared) -> bool:
    parameters = _PARAMETERS.get(resource.type)
    if parameters is None:
        return False
    return not set(resource.attributes) - _METAPARAMETERS - parameters


def _refreshonly(resource: Declared) -> bool:
    return resource.type == "exec" and resource.attributes.get("refreshonly") == "true"


def _always_true(resource: Declared) -> bool:
    attributes = resource.attributes
    if resource.type == "exec":
        return (
            attributes.get("unless") in _TRUE
            or attributes.get("onlyif") in _FALSE
            or attributes.get("creates") in _ALWAYS_THERE["file"]
        )
    stated = (
        set(attributes) - _METAPARAMETERS - _PARAMETERS.get(resource.type, frozenset())
    )
    return (
        stated == {"ensure"}
        and attributes["ensure"] in _PRESENCE
        and resource.title in _ALWAYS_THERE.get(resource.type, frozenset())
    )


_VACUOUS: tuple[tuple[Issue, Callable[[Declared], bool]], ...] = (
    (Issue.STATES_NOTHING, _states_nothing),
    (Issue.REFRESHONLY, _refreshonly),
    (Issue.ALWAYS_TRUE, _always_true),
)
