"""Judge a check: desired state, compared without changing anything.

A check passes on evidence only. Whatever is missing, unclear or unfinished fails.
"""

import re

from puppet_kernel.results import (
    CellResult,
    Change,
    Finding,
    ResourceResult,
    State,
    Verdict,
)

# A notify is "out of step" on every run: it says something about nothing.
_NO_EVIDENCE = frozenset({"Notify"})
_CONTENT = frozenset({"content", "source", "checksum"})
# What Puppet calls a file's or a package's state, in a learner's words.
_ABSENT = frozenset({"absent", "purged", "nil", ""})

NOT_ASKED = ", which is not what the task asks for"

# Purged is not installed either, but whoever asks for it asks for more.
_PACKAGE_WANTED = {"absent": "not installed", "present": "installed"}
_PACKAGE_IS = {**_PACKAGE_WANTED, "purged": "not installed"}

_COMMENT_OR_STRING = re.compile(
    r"#[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL
)
_NOOP_FALSE = re.compile(r"\bnoop\s*=>\s*false\b")


def judge(result: CellResult, check_id: str | None) -> Verdict:
    """Return the verdict on a check's run; pure, and closed to doubt."""
    obstacle = _obstacle(result)
    if obstacle:
        return Verdict(check_id, False, obstacle)
    resources = [r for r in result.resources if r.type not in _NO_EVIDENCE]
    wrong = [r for r in resources if r.state is not State.UNCHANGED]
    if wrong:
        problems = tuple(map(out_of_step, wrong))
        findings = tuple(found for resource in wrong for found in _findings(resource))
        return Verdict(check_id, False, "; ".join(problems), problems, findings)
    evidence = [r for r in resources if r.asserts]
    if not evidence:
        return Verdict(check_id, False, _nothing_checked(resources))
    count = len(evidence)
    reason = f"{count} resource{'' if count == 1 else 's'} as expected"
    return Verdict(check_id, True, reason)


def _obstacle(result: CellResult) -> str:
    if result.interrupted:
        return "the check was interrupted"
    failed = [r for r in result.resources if r.state is State.FAILED]
    if result.errors and not failed:
        return f"the check could not be run: {result.errors[0].message}"
    if not result.completed:
        return "the check did not run to its end"
    return ""


def _nothing_checked(resources: list[ResourceResult]) -> str:
    if not resources:
        return "the check declares no resource"
    return "no resource of the check states anything that could be untrue"


def out_of_step(resource: ResourceResult) -> str:
    """Say in one sentence how a resource differs from what was expected."""
    told = [finding.says for finding in _findings(resource)]
    return f"{resource.reference}: {', '.join(dict.fromkeys(told))}"


def _findings(resource: ResourceResult) -> list[Finding]:
    reference = resource.reference
    line = None if resource.file else resource.line
    if resource.state is State.SKIPPED:
        told = "was skipped, so nothing is known about it"
        return [Finding(reference, told, told, line)]
    found = [
        Finding(reference, difference(resource, change), _hint(resource, change), line)
        for change in resource.changes
        if change.status not in {"audit", "note"}
    ]
    says = f"is {resource.state}, expected to be in step"
    return found or [Finding(reference, says, f"is out of step{NOT_ASKED}", line)]


def _hint(resource: ResourceResult, change: Change) -> str:
    """Say how one thing is, and nothing of what was expected."""
    if change.status == "failure":
        return "could not be looked at"
    if resource.type == "Exec" and change.property == "returns":
        return "a condition that the task asks for does not hold"
    if not change.property:
        return f"is out of step{NOT_ASKED}"
    name = subject(resource, change)
    if name == "content" or "[redacted]" in change.message:
        return f"{name} is not what the task asks for"
    if change.property != "ensure":
        return f"{name} is {change.previous}{NOT_ASKED}"
    if resource.type == "Package":
        return f"is {package_states(change)[0]}{NOT_ASKED}"
    if change.previous in _ABSENT:
        return f"is absent{NOT_ASKED}"
    told = "present" if change.desired in _ABSENT else change.previous
    return f"is {told}{NOT_ASKED}"


def subject(resource: ResourceResult, change: Change) -> str:
    """Return what a change is about, as people call it: content, mode, ensure."""
    ensure = change.property == "ensure"
    if change.property in _CONTENT or (
        change.previous.startswith("{") and not ensure and resource.type == "File"
    ):
        return "content"
    return change.property


def difference(resource: ResourceResult, change: Change) -> str:
    """Say how one thing about a resource differs: "mode is 0644, expected 0600"."""
    if change.status == "failure":
        return f"could not be looked at: {change.message}"
    if resource.type == "Exec" and change.property == "returns":
        return "its condition does not hold, so its command would have run"
    if change.property in _CONTENT or change.previous.startswith("{"):
        return "content differs"
    if "[redacted]" in change.message:
        return f"{change.property} differs"
    if change.property == "ensure":
        if resource.type == "Package":
            return "is {}, expected {}".format(*package_states(change))
        return _ensure(change)
    if not change.property:
        return change.message or "is out of step"
    return f"{change.property} is {change.previous}, expected {change.desired}"


def _ensure(change: Change) -> str:
    if change.previous in _ABSENT:
        wanted = "" if change.desired == "present" else f" ({change.desired})"
        return f"is absent, expected to be present{wanted}"
    if change.desired in _ABSENT:
        return "is present, expected to be absent"
    return f"ensure is {change.previous}, expected {change.desired}"


def package_states(change: Change) -> tuple[str, str]:
    """Return a package's state, as it was and as wanted, in plain words.

    Versions stay as they are.
    """
    before, after = change.previous, change.desired
    return _PACKAGE_IS.get(before, before), _PACKAGE_WANTED.get(after, after)


def refuse(body: str) -> list[str]:
    """Return why a text may not be run as a check; empty when it may.

    Looks at the text alone, so that it can be asked without a Puppet. What it cannot
    see (noop set through a variable or by a class) the worker refuses when it has
    compiled the check, before anything is looked at.
    """
    if _NOOP_FALSE.search(_COMMENT_OR_STRING.sub(_blank, body)):
        return [
            'a check must not contain "noop => false": it would change the node; '
            "take it out"
        ]
    return []


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    # Quoted, they mean the same: { 'noop' => 'false' }.
    return text[1:-1] if text[1:-1] in {"noop", "false"} else " "
