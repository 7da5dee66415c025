"""Judge a repair: something was broken, and the manifest was applied again.

It passes on evidence only: what the break would change before it was done, it would
change in the same way after the manifest was applied again. Pure.
"""

from dataclasses import dataclass, replace

from puppet_kernel import expect, idempotent
from puppet_kernel.results import (
    CellResult,
    Change,
    Finding,
    ResourceResult,
    State,
    Verdict,
)

_COUNTS = frozenset({"noop", "success"})
_NOTHING = (
    "there is nothing to break: the machine is already as this check would break it"
)
_NOT_TAKEN = "the check broke nothing: {} is not as the break wants it"
_UNGUARDED = (
    "the check cannot tell what it broke: {} would run again; give it onlyif or unless"
)
_STAYS = "the machine stays as the break left it"

Key = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """Hold one thing that a break changes: what it was, and what it becomes."""

    resource: ResourceResult
    change: Change


def differences(looked: CellResult) -> dict[Key, Difference]:
    """Return what a break would change, by resource and property."""
    return {
        (resource.reference, change.property): Difference(resource, change)
        for resource in looked.resources
        if resource.type != "Notify"
        for change in resource.changes
        if change.status in _COUNTS and change.property
    }


def cannot_break(looked: CellResult) -> str:
    """Return why a break proves nothing, by what it would change; empty if it may."""
    obstacle = idempotent.broken(looked, "first look at the break")
    return obstacle or ("" if differences(looked) else _NOTHING)


def not_broken(looked: CellResult, done: CellResult, again: CellResult) -> str:
    """Return why a break did not take; empty if all of it did.

    `done` is the run of the break, and `again` a second look at it.
    """
    obstacle = idempotent.broken(done, "break")
    if obstacle:
        return obstacle
    left = differences(looked).keys() - {
        key
        for key, found in differences(done).items()
        if found.change.status == "success"
    }
    if left:
        return _NOT_TAKEN.format(min(left)[0])
    obstacle = idempotent.broken(again, "second look at the break")
    still = differences(again).keys() & differences(looked).keys()
    if obstacle or not still:
        return obstacle
    name = min(still)[0]
    # A command says nothing about what it did; all else did what it said it does.
    return (_UNGUARDED if name.startswith("Exec[") else _NOT_TAKEN).format(name)


def judge(
    before: CellResult, applied: CellResult, after: CellResult, check_id: str | None
) -> Verdict:
    """Return the verdict on looks at the break, before it and after the repair."""
    obstacle = idempotent.broken(applied, "run of your manifest after the break")
    obstacle = obstacle or idempotent.broken(after, "last look at the break")
    if obstacle:
        return Verdict(check_id, False, f"{obstacle}; {_STAYS}")
    broken = differences(before)
    found = [_finding(d, now) for d, now in _not_repaired(broken, differences(after))]
    if not found:
        count = len({reference for reference, _ in broken})
        told = f"{count} resource{'' if count == 1 else 's'}"
        return Verdict(check_id, True, f"your manifest repaired what broke ({told})")
    said: dict[str, list[str]] = {}
    for finding in found:
        said.setdefault(finding.reference, []).append(finding.says)
    problems = tuple(f"{name}: {', '.join(told)}" for name, told in said.items())
    return Verdict(check_id, False, "; ".join(problems), problems, tuple(found))


def rows(before: CellResult, after: CellResult | None) -> tuple[ResourceResult, ...]:
    """Return what the break broke, one resource each: unchanged if it was repaired."""
    broken = differences(before)
    now = differences(after) if after else {}
    kept: dict[str, ResourceResult] = {}
    for (reference, _), difference in broken.items():
        kept.setdefault(reference, replace(difference.resource, changes=(), diff=""))
    if after is None:
        return tuple(replace(r, state=State.SKIPPED) for r in kept.values())
    for difference, found in _not_repaired(broken, now):
        resource = kept[difference.resource.reference]
        change = replace(difference.change, message=_says(difference, found))
        kept[resource.reference] = replace(
            resource, state=State.PENDING, changes=(*resource.changes, change)
        )
    return tuple(
        replace(r, state=r.state if r.changes else State.UNCHANGED)
        for r in kept.values()
    )


def _not_repaired(
    broken: dict[Key, Difference], now: dict[Key, Difference]
) -> list[tuple[Difference, Difference | None]]:
    return [
        (difference, now.get(key))
        for key, difference in broken.items()
        if key not in now or now[key].change.previous != difference.change.previous
    ]


def _finding(difference: Difference, now: Difference | None) -> Finding:
    resource = difference.resource
    name = expect.subject(resource, difference.change)
    hint = f"{name} was broken, and your manifest did not repair it"
    if now is not None:
        hint = f"{name} was broken, and is not what it was before"
    line = None if resource.file else resource.line
    return Finding(resource.reference, _says(difference, now), hint, line)


def _says(difference: Difference, now: Difference | None) -> str:
    """Say how one thing is, and how it was: "mode is still 0666; it was 0644"."""
    resource, change = difference.resource, difference.change
    name = expect.subject(resource, change)
    if resource.type == "Exec":
        return "what its command broke is not repaired"
    if name == "content" or "[redacted]" in change.message:
        told = "is not what it was before" if now else "is still as the break left it"
        return f"{name} {told}"
    is_now = now.change.previous if now else change.desired
    still = "" if now else "still "
    return f"{name} is {still}{is_now}; before the break it was {change.previous}"
