"""Turn a worker's events into a CellResult; pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from puppet_kernel import hints
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block
from puppet_kernel.hints import cycles
from puppet_kernel.problems import ERROR_LEVELS, clean, problem
from puppet_kernel.results import (
    CellResult,
    Change,
    Kind,
    Problem,
    ResourceResult,
    State,
)
from puppet_kernel.worker import Event

# These end what has been told one by one.
_SUMMARY = re.compile(
    r"\ALanguage validation logged \d+ errors"
    r"|\AFailed to apply catalog: One or more resource dependency cycles detected"
)
_DEPENDENCY = re.compile(r"\ADependency (?P<ref>.+) has failures: true\Z")
_EXEC_EVENT = re.compile(r"\Aexecuted successfully\Z|\(noop\)\Z")
_DIFF_HEADER = re.compile(r"\A\s*--- (?P<path>[^\t\n]*)[^\n]*\n\+\+\+ [^\n]*\n")


def assemble(cell: Cell, events: list[Event], seconds: float) -> CellResult:
    """Return what the events of one request say about a cell.

    The last event must be "done". An end without a report is an error, never silence.
    """
    done = events[-1]
    interrupted = done.get("interrupted") is not None
    resources = _resources(events)
    errors = _errors(events, cell)
    completed = _completed(cell, events, done) and not interrupted
    errors.extend(_silent_end(cell, done, errors, resources, completed, interrupted))
    result = CellResult(
        kind=cell.kind,
        resources=resources,
        errors=tuple(errors),
        warnings=tuple(_warnings(events, cell)),
        notices=tuple(_notices(events, cell)),
        blocks=_drawings(errors, resources),
        output="".join(map(live_text, events)),
        completed=completed,
        interrupted=interrupted,
        exit_status=done.get("status") if cell.kind is Kind.SHELL else None,
        seconds=seconds,
    )
    if cell.kind is Kind.SHELL:
        return result
    told = tuple(hints.notes(result, hints.Scene(cell.code)))
    return replace(result, notices=result.notices + told)


def _drawings(
    errors: list[Problem], resources: tuple[ResourceResult, ...]
) -> tuple[Block, ...]:
    """Return a picture of the first dependency cycle, if there is one."""
    lines = {r.reference: r.line for r in resources if r.line and not r.file}
    drawn = [cycles.diagram(error.message, lines) for error in errors]
    return tuple(block for block in drawn if block)[:1]


def live_text(event: Event) -> str:
    """Return what an event adds to the cell's printed output; often nothing."""
    match event.get("ev"):
        case "out":
            return str(event.get("text", ""))
        case "truncated":
            return f"\n… [{event.get('bytes', 0):,} more bytes of output left out]\n"
        case "dropped":
            return f"… [{event.get('messages', 0):,} more messages left out]\n"
        case "log" if _is_exec_output(event):
            return f"{event.get('message', '')}\n"
    return ""


def _is_exec_output(event: Event) -> bool:
    source = str(event.get("source", ""))
    return (
        event.get("level") not in ERROR_LEVELS
        and "Exec[" in source
        and source.endswith("/returns")
        and not _EXEC_EVENT.search(str(event.get("message", "")))
    )


def _completed(cell: Cell, events: list[Event], done: Event) -> bool:
    if done.get("signal") is not None or done.get("status") is None:
        return False
    if cell.kind is Kind.SHELL:
        return True
    return any(e.get("ev") == "report" and e.get("completed") is True for e in events)


def _silent_end(
    cell: Cell,
    done: Event,
    errors: list[Problem],
    resources: tuple[ResourceResult, ...],
    completed: bool,
    interrupted: bool,
) -> Iterable[Problem]:
    if interrupted or errors:
        return
    if cell.kind is Kind.SHELL and done.get("status"):
        yield Problem("error", f"the shell ended with exit status {done['status']}")
    elif not completed:
        how = done.get("signal")
        cause = f"killed by signal {how}" if how else f"status {done.get('status')}"
        yield Problem("error", f"Puppet ended before it was done ({cause})")
    elif any(r.state is State.FAILED for r in resources):
        yield Problem("error", "a resource failed")


def _resources(events: list[Event]) -> tuple[ResourceResult, ...]:
    diffs: dict[str, str] = {}
    notes: dict[str, list[str]] = {}
    for event in events:
        source = str(event.get("source", ""))
        if event.get("ev") == "diff":
            path = source.rpartition("/")[0]
            diffs[path] = diffs.get(path, "") + _tidy_diff(str(event.get("message")))
        elif event.get("ev") == "log" and event.get("level") not in ERROR_LEVELS:
            notes.setdefault(source, []).append(str(event.get("message", "")))
    return tuple(
        _resource(event, diffs, notes)
        for event in events
        if event.get("ev") == "resource"
    )


def _resource(
    event: Event, diffs: dict[str, str], notes: dict[str, list[str]]
) -> ResourceResult:
    path = str(event.get("path", ""))
    changes = [_change(change) for change in event.get("events", ())]
    told = {change.message for change in changes}
    # Why it was skipped, that it would have been refreshed: logged, but no event.
    changes += [
        Change("", clean(message), "", "", "note")
        for message in _why_skipped(notes.get(path, []))
        if message not in told
    ]
    return ResourceResult(
        reference=str(event.get("ref", "")),
        type=str(event.get("type", "")),
        title=str(event.get("title", "")),
        state=_state(event, changes),
        changes=tuple(changes),
        diff=diffs.get(path, ""),
        line=event.get("line"),
        file=event.get("file"),
        seconds=float(event.get("seconds") or 0.0),
        asserts=event.get("asserts") is not False,
    )


def _why_skipped(messages: list[str]) -> list[str]:
    """Say in one sentence which failures made Puppet skip a resource."""
    failed = [found["ref"] for m in messages if (found := _DEPENDENCY.match(m))]
    if not failed:
        return messages
    others = [
        message
        for message in messages
        if not _DEPENDENCY.match(message)
        and message != "Skipping because of failed dependencies"
    ]
    return [f"failed dependencies: {', '.join(failed)}", *others]


def _state(event: Event, changes: Iterable[Change]) -> State:
    statuses = {change.status for change in changes}
    if event.get("failed") or "failure" in statuses:
        return State.FAILED
    if event.get("skipped"):
        return State.SKIPPED
    if "noop" in statuses:
        return State.PENDING
    if event.get("changed") or "success" in statuses:
        return State.CHANGED
    return State.UNCHANGED


def _change(event: dict[str, Any]) -> Change:
    return Change(
        property=str(event.get("property") or ""),
        message=clean(str(event.get("message") or "")),
        previous=str(event.get("previous") or ""),
        desired=str(event.get("desired") or ""),
        status=str(event.get("status") or ""),
    )


def _tidy_diff(diff: str) -> str:
    # The second name is a temporary file's, and both times say nothing to a reader.
    tidy = _DIFF_HEADER.sub(
        lambda found: f"--- {found['path']} (before)\n+++ {found['path']} (after)\n",
        diff,
    )
    return tidy if tidy.endswith("\n") else f"{tidy}\n"


def _errors(events: list[Event], cell: Cell) -> list[Problem]:
    refusals = [e for e in events if e.get("ev") in {"refused", "problem"}]
    if refusals:
        # Puppet's own errors follow from the refusal and would only repeat it.
        return [problem(_about(event, event.get("ref")), cell) for event in refusals]
    resources = {str(e.get("path")): e for e in events if e.get("ev") == "resource"}
    lines = {
        str(e.get("ref")): e["line"]
        for e in resources.values()
        if isinstance(e.get("line"), int) and not e.get("file")
    }
    printed = _printed(events)
    problems = []
    for event in events:
        if event.get("ev") == "log" and event.get("level") in ERROR_LEVELS:
            source = str(event.get("source", ""))
            resource = resources.get(source) or resources.get(source.rpartition("/")[0])
            reference = resource.get("ref") if resource else None
            about = _about(event, reference)
            problems.append(problem(about, cell, printed.get(source, ""), lines))
    return _without_repetitions(problems)


def _printed(events: list[Event]) -> dict[str, str]:
    """Return what the commands of resources printed, by the source of the message."""
    printed: dict[str, str] = {}
    for event in events:
        if event.get("ev") == "log" and _is_exec_output(event):
            source = str(event.get("source"))
            printed[source] = f"{printed.get(source, '')}{event.get('message')}\n"
    return printed


def _about(event: Event, reference: str | None) -> Event:
    if not reference:
        return event
    return {**event, "message": f"{reference}: {event.get('message', '')}"}


def _without_repetitions(problems: list[Problem]) -> list[Problem]:
    # A failing resource logs its reason, then the reason within a sentence.
    kept: list[Problem] = []
    trace: tuple[str, ...] = ()
    for index, told in enumerate(problems):
        later = problems[index + 1 :]
        if any(
            told.message in other.message and told.line in {None, other.line}
            for other in later
        ):
            trace = trace or told.backtrace
        elif not (kept and _SUMMARY.search(told.message)):
            kept.append(replace(told, backtrace=told.backtrace or trace))
            trace = ()
    return kept


def _warnings(events: list[Event], cell: Cell) -> Iterable[Problem]:
    paths = {e.get("path") for e in events if e.get("ev") == "resource"}
    for event in events:
        if event.get("ev") == "log" and event.get("level") == "warning":
            # What is about a resource stands beside that resource.
            if event.get("source") not in paths and not _is_exec_output(event):
                yield problem(event, cell)


def _notices(events: list[Event], cell: Cell) -> Iterable[Problem]:
    for event in events:
        if event.get("ev") == "log" and event.get("level") == "notice":
            # Of all notices these come from notice() in the manifest. The others
            # tell what the table tells.
            if str(event.get("source", "")).startswith("Scope("):
                yield problem(event, cell)
