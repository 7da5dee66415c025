"""Say in few words what a cell did: the same in text and in HTML."""

from collections import Counter
from collections.abc import Iterable

from puppet_kernel.expect import difference, package_states
from puppet_kernel.results import (
    CHECK_KINDS,
    CellResult,
    Change,
    Kind,
    Problem,
    ResourceResult,
    State,
)

MARKS = {
    State.UNCHANGED: "✓",
    State.CHANGED: "●",
    State.PENDING: "○",
    State.FAILED: "✗",
    State.SKIPPED: "»",
}
NAMES = {
    State.UNCHANGED: "unchanged",
    State.CHANGED: "changed",
    State.PENDING: "would change",
    State.FAILED: "failed",
    State.SKIPPED: "skipped",
}
# A check asks, so its states are answers.
CHECK_NAMES = {
    **NAMES,
    State.UNCHANGED: "as expected",
    State.CHANGED: "out of step",
    State.PENDING: "out of step",
}
_DRIFT_NAMES = {
    **NAMES,
    State.UNCHANGED: "repaired",
    State.PENDING: "not repaired",
    State.SKIPPED: "not broken",
}
_STATE_NAMES = {
    Kind.EXPECT: CHECK_NAMES,
    Kind.COMPILED: CHECK_NAMES,
    Kind.DRIFT: _DRIFT_NAMES,
}
_COUNTED = {
    State.FAILED: "{} failed",
    State.CHANGED: "{} changed",
    State.PENDING: "{} would change",
    State.SKIPPED: "{} skipped",
    State.UNCHANGED: "{} already right",
}

SECOND_RUN = "Applied again:"
REPAIR = "Your manifest, applied after the break:"
HIDDEN = "this check is looked at when you submit"

MAX_ROWS = 200
MAX_MESSAGE = 400
MAX_FAILURE = 2_000
MAX_TITLE = 160
MAX_DIFF_LINES = 120
MAX_DIFF = 12_000
MAX_PROBLEMS = 20
MAX_NOTICES = 100
MAX_TEXT = 4_000
MAX_LINES = 400
_DEEP = 4


def verdict_line(result: CellResult) -> str:
    """Return the one line that sums a cell up, such as "3 changed, in 0.2 s"."""
    if result.verdict is not None:
        return _check_line(result)
    if result.kind in CHECK_KINDS:
        return HIDDEN
    counts = Counter(resource.state for resource in result.resources)
    parts = [told.format(counts[s]) for s, told in _COUNTED.items() if counts[s]]
    if not parts:
        parts = ["no resources"] if result.completed else []
    if result.interrupted:
        parts.insert(0, "interrupted")
    elif not result.completed:
        parts.insert(0, "did not finish")
    return f"{', '.join(parts)}, in {seconds(result.seconds)}"


def _check_line(result: CellResult) -> str:
    verdict = result.verdict
    assert verdict is not None  # noqa: S101 - asked by the caller
    name = f"{verdict.check_id}: " if verdict.check_id else ""
    if verdict.passed:
        return f"{name}passed: {verdict.reason}"
    count = len(verdict.problems)
    if not count:
        return f"{name}not passed: {cut(verdict.reason, MAX_MESSAGE)}"
    resources = f"{count} resource{'' if count == 1 else 's'}"
    if result.kind is Kind.IDEMPOTENT:
        return f"{name}not passed: the second run changed {resources}"
    if result.kind is Kind.DRIFT:
        return f"{name}not passed: {resources} not repaired"
    return f"{name}not passed: {resources} out of step"


def seconds(value: float) -> str:
    """Return a duration as people say it: 0.2 s, 12 s, 3 min 5 s."""
    if value < 10:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def took(resource: ResourceResult) -> str:
    """Return how long a resource took: 12 ms, 1.3 s; nothing for next to nothing."""
    if resource.seconds >= 0.9995:
        return seconds(resource.seconds)
    milliseconds = round(resource.seconds * 1000)
    return f"{milliseconds} ms" if milliseconds else ""


def state_name(resource: ResourceResult, kind: Kind) -> str:
    """Return a resource's state as the kind of cell calls it."""
    return _STATE_NAMES.get(kind, NAMES)[resource.state]


def happened(resource: ResourceResult, kind: Kind) -> list[str]:
    """Return what to say about a resource, one entry per change."""
    if resource.type == "Notify":
        told = [change.desired or change.message for change in resource.changes]
    elif kind in {Kind.DRIFT, Kind.COMPILED}:
        told = [change.message for change in resource.changes]
    elif kind is Kind.EXPECT:
        told = [_expected(resource, change) for change in resource.changes]
    else:
        told = [_change(resource, change) for change in resource.changes]
    # Why something failed is told here and nowhere else, and its end tells most.
    return [
        cut_middle(text, MAX_FAILURE)
        if change.status == "failure"
        else cut(text, MAX_MESSAGE)
        for text, change in zip(told, resource.changes, strict=True)
    ]


def _expected(resource: ResourceResult, change: Change) -> str:
    if change.status in {"audit", "note"}:
        return change.message
    return difference(resource, change)


def _change(resource: ResourceResult, change: Change) -> str:
    message = change.message.removesuffix(" (noop)")
    if change.status in {"failure", "audit", "note"} or not change.property:
        return message
    if resource.type == "Exec" and change.property == "returns":
        return "would run" if change.status == "noop" else message
    if change.previous.startswith("{") and change.desired.startswith("{"):
        return f"{change.property} changed"
    if change.property == "ensure" and resource.type == "Package":
        return " → ".join(package_states(change))
    if change.property == "ensure" and change.previous == "absent":
        return "would be created" if change.status == "noop" else "created"
    if "[redacted]" in message or not change.previous:
        return message
    return f"{change.property}: {change.previous} → {change.desired}"


def rows(result: CellResult) -> tuple[list[ResourceResult], str]:
    """Return the resources to show, and a note on those that are not.

    When there are too many, those that are not merely unchanged go first.
    """
    resources = [r for r in result.resources if not _only_says(r, result.kind)]
    if len(resources) <= MAX_ROWS:
        return resources, ""
    telling = [r for r in resources if r.state is not State.UNCHANGED]
    quiet = [r for r in resources if r.state is State.UNCHANGED]
    chosen = {id(r) for r in (telling + quiet)[:MAX_ROWS]}
    shown = [r for r in resources if id(r) in chosen]
    hidden = Counter(r.state for r in resources if id(r) not in chosen)
    told = ", ".join(f"{count} {NAMES[state]}" for state, count in hidden.items())
    return shown, f"… and {len(resources) - MAX_ROWS} more resources ({told})"


def second_title(result: CellResult) -> str:
    """Return what stands above the second run's rows."""
    return REPAIR if result.kind is Kind.DRIFT else SECOND_RUN


def second_rows(result: CellResult) -> list[ResourceResult]:
    """Return what a second run did: of `%%idempotent`, what it should not have."""
    if result.again is None:
        return []
    quiet = {State.UNCHANGED, State.PENDING}
    return [
        resource
        for resource in result.again.resources
        if resource.type != "Notify" and resource.state not in quiet
    ][:MAX_ROWS]


def _only_says(resource: ResourceResult, kind: Kind) -> bool:
    # A notify is never in step. In a check, where that is the question, it is a note.
    return kind is Kind.EXPECT and resource.type == "Notify"


def diff_lines(diff: str) -> list[str]:
    """Return a diff's lines, with a note in place of what is too long."""
    lines = diff[:MAX_DIFF].rstrip("\n").split("\n") if diff else []
    left = diff.rstrip("\n").count("\n") + 1 - min(len(lines), MAX_DIFF_LINES)
    if not lines or (left <= 0 and len(diff) <= MAX_DIFF):
        return lines
    return [*lines[:MAX_DIFF_LINES], f"… [{max(left, 1)} more lines of the diff]"]


def place(line: int | None, file: str | None) -> str:
    """Return where something stands: "line 3", "init.pp line 3" or nothing."""
    told = f"line {line}" if line else ""
    return f"{cut(file, MAX_TITLE)} {told}".strip() if file else told


def short_place(line: int | None, file: str | None) -> str:
    """Return the same for a narrow column: a module's file by its place in there."""
    if file:
        _, inside, rest = file.rpartition("/modules/")
        steps = file.split("/")
        tail = f"…/{'/'.join(steps[-2:])}"
        file = rest if inside else (tail if len(steps) > _DEEP else file)
    return place(line, file)


def cut(text: str, limit: int) -> str:
    """Return text of at most about `limit` characters, saying so when it is cut."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… [{len(text) - limit} more characters]"


def cut_middle(text: str, limit: int) -> str:
    """Return text of at most about `limit` characters: its beginning and its end."""
    if len(text) <= limit:
        return text
    half = limit // 2
    left = len(text) - 2 * half
    return f"{text[:half]}… [{left} more characters] …{text[-half:]}"


def worth_showing(result: CellResult) -> bool:
    """Tell whether there is more to show than an error or printed output."""
    if result.kind in {Kind.EMPTY, Kind.SHELL, Kind.ANSWER}:
        return False
    if result.verdict is not None and not result.resources:
        return result.verdict.passed
    return bool(result.resources or notes(result)) or not result.errors


def notes(result: CellResult) -> list[tuple[str, str, str]]:
    """Return notices and warnings as (level, place, message), limited in number."""
    all_notes = [*result.notices, *result.warnings]
    told = [
        (n.level, place(n.line, n.file), cut(_advised(n), MAX_MESSAGE * 5))
        for n in all_notes[:MAX_NOTICES]
    ]
    told += [
        ("notify", place(r.line, r.file), "; ".join(happened(r, result.kind)))
        for r in result.resources[:MAX_NOTICES]
        if _only_says(r, result.kind)
    ]
    left = len(all_notes) - MAX_NOTICES
    return [*told, ("notice", "", f"… and {left} more")] if left > 0 else told


def _advised(problem: Problem) -> str:
    return f"{problem.message}\n→ {problem.hint}" if problem.hint else problem.message


def cut_lines(text: str) -> str:
    """Return text of at most about MAX_LINES lines, saying so when it is cut."""
    lines = text.split("\n")
    left = len(lines) - MAX_LINES
    if left > 0:
        lines = [*lines[:MAX_LINES], f"… [{left} more lines]"]
    return "\n".join(lines)


def columns(resources: Iterable[ResourceResult]) -> int:
    """Return the width of the widest reference, within reason."""
    return min(48, max((len(r.reference) for r in resources), default=0))
