"""Turn a worker's events into a CellResult; pure."""

import re
from collections.abc import Iterable
from typing import Any

from puppet_kernel.cells import Cell, misplaced_magic
from puppet_kernel.results import (
    CellResult,
    Change,
    Kind,
    Problem,
    ResourceResult,
    State,
)
from puppet_kernel.worker import Event

_ERROR_LEVELS = frozenset({"err", "alert", "emerg", "crit"})
# Issues of a text that Puppet cannot read; there are more, but none that %% causes.
_UNREADABLE = frozenset({"SYNTAX_ERROR", "UNCLOSED_QUOTE"})
# Puppet ends many messages with the place, the node's name, or a second telling.
_PLACE = re.compile(
    r" ?\((?:file: (?P<file>[^,()]+), )?line: (?P<line>\d+)"
    r"(?:, column: (?P<column>\d+))?\)"
)
_NODE = re.compile(r" on node \S+\Z")
_SECOND_TELLING = re.compile(
    r"\n(?:Wrapped exception:\n.*|\\nTry the '--graph' option.*)\Z"
    r"|\\nTry the '--graph' option.*\Z",
    re.DOTALL,
)
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
    return CellResult(
        kind=cell.kind,
        resources=resources,
        errors=tuple(errors),
        warnings=tuple(_warnings(events, cell)),
        notices=tuple(_notices(events, cell)),
        output="".join(map(live_text, events)),
        completed=completed,
        interrupted=interrupted,
        exit_status=done.get("status") if cell.kind is Kind.SHELL else None,
        seconds=seconds,
    )


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
        event.get("level") not in _ERROR_LEVELS
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
        elif event.get("ev") == "log" and event.get("level") not in _ERROR_LEVELS:
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
        Change("", _clean(message), "", "", "note")
        for message in notes.get(path, ())
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
        message=_clean(str(event.get("message") or "")),
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
    references = {
        str(e.get("path")): e.get("ref") for e in events if e.get("ev") == "resource"
    }
    problems = []
    for event in events:
        if event.get("ev") == "log" and event.get("level") in _ERROR_LEVELS:
            path, _, _ = str(event.get("source", "")).rpartition("/")
            problems.append(problem(_about(event, references.get(path)), cell))
    return _without_repetitions(problems)


def _about(event: Event, reference: str | None) -> Event:
    if not reference:
        return event
    return {**event, "message": f"{reference}: {event.get('message', '')}"}


def _without_repetitions(problems: list[Problem]) -> list[Problem]:
    # A failing resource logs its reason, then the reason within a sentence.
    kept: list[Problem] = []
    for index, told in enumerate(problems):
        later = problems[index + 1 :]
        if not any(told.message in other.message for other in later):
            kept.append(told)
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


def problem(event: Event, cell: Cell) -> Problem:
    """Return what an event of the worker says about a cell that went wrong."""
    message = str(event.get("message", ""))
    line, column, file = event.get("line"), event.get("pos"), event.get("file")
    place = _PLACE.search(message)
    if place and line is None:
        line, file = int(place["line"]), file or place["file"]
        column = int(place["column"]) if place["column"] else None
    level = str(event.get("level", "err"))
    if level in _ERROR_LEVELS and not file:
        unreadable = event.get("issue") in _UNREADABLE
        magic = misplaced_magic(cell.code, line if unreadable else None)
        if magic:
            return _misplaced(cell, *magic)
    return Problem(
        level="error" if level in _ERROR_LEVELS else level,
        message=_clean(message),
        line=line,
        column=column,
        file=file or None,
        issue=event.get("issue"),
        excerpt="" if file else _excerpt(cell, line),
    )


def _misplaced(cell: Cell, magic: str, line: int) -> Problem:
    excerpt = _excerpt(cell, line)
    return Problem(
        level="error",
        message=f"a magic must be the first line of its cell; move {magic} there "
        f"from line {line}",
        line=line,
        column=excerpt.find(magic) + 1,
        issue="SYNTAX_ERROR",
        excerpt=excerpt,
    )


def _clean(message: str) -> str:
    text = _NODE.sub("", _SECOND_TELLING.sub("", message)).rstrip()
    places = list(_PLACE.finditer(text))
    if places and places[-1].end() == len(text):
        last = places[-1]
        # Told beside the message; the same place within it is one time too many.
        # ("declared at (line: 1); cannot redeclare (line: 1)" needs both.)
        again = re.compile(rf"(?<! at){re.escape(last[0])}")
        text = again.sub("", text[: last.start()])
    return _PLACE.sub(_readable_place, text)


def _readable_place(found: re.Match[str]) -> str:
    file = f"{found['file']} " if found["file"] else ""
    return f" ({file}line {found['line']})"


def _excerpt(cell: Cell, line: int | None) -> str:
    lines = cell.code.split("\n")
    if line is None or not cell.first_line <= line <= len(lines):
        return ""
    return lines[line - 1]
