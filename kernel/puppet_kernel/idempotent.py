"""Judge a manifest that was applied twice: the second run must change nothing.

It passes on evidence only: a resource counts if both runs looked at it and could have
changed it.
"""

from dataclasses import replace

from puppet_kernel.results import (
    CellResult,
    Change,
    Finding,
    ResourceResult,
    State,
    Verdict,
)

# A notify speaks on every run, which Puppet calls a change.
_SPEAKING = "Notify"
_NO_CHANGE = frozenset({"audit", "note", "noop"})
_EMPTY = "the manifest declares no resource"
_EXEC_ADVICE = "give it creates, unless or onlyif"


def judge(
    first: CellResult, second: CellResult | None, check_id: str | None
) -> Verdict:
    """Return the verdict on two runs; pure, and closed to doubt.

    `second` is None if the first run failed, or if there was nothing to run; it is
    `first` itself if that was applied to a machine that had been managed before.
    """
    obstacle = broken(first, "first run")
    if second is None:
        return Verdict(check_id, False, obstacle or _EMPTY)
    obstacle = obstacle or broken(second, "second run")
    if obstacle:
        return Verdict(check_id, False, obstacle)
    before = {resource.reference: resource for resource in first.resources}
    resources = [r for r in second.resources if r.type != _SPEAKING]
    told = [(r, _offence(r, before.get(r.reference))) for r in resources]
    findings = tuple(_finding(r, offence) for r, offence in told if offence)
    if findings:
        problems = tuple(offence for _, offence in told if offence)
        return Verdict(check_id, False, "; ".join(problems), problems, findings)
    return _passed(first, second, check_id)


def changed_nothing(result: CellResult) -> bool:
    """Tell whether a run went well and left all as it was, but for what it said."""
    return not broken(result, "first run") and not any(
        _offence(resource, resource)
        for resource in result.resources
        if resource.type != _SPEAKING
    )


def joined(first: CellResult, second: CellResult | None) -> CellResult:
    """Return both runs as one result: what either printed and what broke it."""
    if second is None:
        return first
    return replace(
        first,
        again=second,
        output=first.output + second.output,
        errors=first.errors + second.errors,
        completed=first.completed and second.completed,
        interrupted=first.interrupted or second.interrupted,
    )


def broken(result: CellResult, what: str) -> str:
    """Return why a run says nothing about the manifest; empty if it does."""
    if result.interrupted:
        return f"the {what} was interrupted"
    failed = [r.reference for r in result.resources if r.state is State.FAILED]
    if failed:
        return f"the {what} failed: {', '.join(failed[:3])}"
    if result.errors:
        return f"the {what} failed: {result.errors[0].message}"
    if not result.completed:
        return f"the {what} did not reach its end"
    return ""


def _finding(resource: ResourceResult, offence: str) -> Finding:
    says = offence.removeprefix(f"{resource.reference} ")
    line = None if resource.file else resource.line
    # All of this is about the manifest itself: there is nothing to keep quiet about.
    return Finding(resource.reference, says, says, line)


def _passed(first: CellResult, second: CellResult, check_id: str | None) -> Verdict:
    applied = {r.reference for r in first.resources if _was_looked_at(r)}
    proven = [
        r
        for r in second.resources
        if r.type != _SPEAKING
        and r.reference in applied
        and r.state is State.UNCHANGED
        and r.asserts
    ]
    if not proven:
        return Verdict(check_id, False, _nothing_proven(second))
    count = len(proven)
    told = f"{count} resource{'' if count == 1 else 's'}"
    which = "another run" if first is second else "the second run"
    return Verdict(check_id, True, f"{which} changed nothing ({told})")


def _was_looked_at(resource: ResourceResult) -> bool:
    return resource.state in {State.UNCHANGED, State.CHANGED}


def _nothing_proven(second: CellResult) -> str:
    if not second.resources:
        return _EMPTY
    if all(resource.type == _SPEAKING for resource in second.resources):
        return "a notify speaks on every run; the manifest declares nothing else"
    return "no resource was really managed: all were skipped, in noop or state nothing"


def _offence(resource: ResourceResult, before: ResourceResult | None) -> str:
    """Say what a resource did in the second run that it should not have."""
    if resource.state is State.SKIPPED:
        if before is None or before.state is State.SKIPPED:
            return ""
        reference = resource.reference
        return f"{reference} was skipped the second time, so nothing is known about it"
    if resource.state is not State.CHANGED:
        return ""
    told = [_again(resource, change) for change in resource.changes]
    return "; ".join(dict.fromkeys(filter(None, told))) or (
        f"{resource.reference} changed again"
    )


def _again(resource: ResourceResult, change: Change) -> str:
    reference = resource.reference
    if change.status in _NO_CHANGE:
        return ""
    if not change.property:
        return f"{reference} was refreshed again: what notifies it changes every time"
    if resource.type == "Exec":
        return f"{reference} ran again: {_EXEC_ADVICE}"
    if change.property in {"content", "source", "checksum"}:
        return f"{reference} changed again: its content is another one on every run"
    if "[redacted]" in change.message or not change.previous:
        return f"{reference} changed again: {change.property}"
    return (
        f"{reference} changed again: {change.property} was {change.previous}, "
        f"set to {change.desired}"
    )
