"""What a check's outputs tell an attendee, without what has to stay hidden. Pure.

A check with a hidden part is told in hints: they name resource and attribute, never the
value that the check wants. Its outputs are not shown, since they may quote the check.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puppetcamp_lab.feedback.hidden import Visible
from puppetcamp_lab.feedback.plain import line, plain

VERDICT_MIME = "application/vnd.puppet.verdict+json"
MAX_FINDINGS = 50

_OWN_WORDS = frozenset(
    "NoVerdict NotGraded TimeLimit WorkerLost NodeTampered KernelLost KernelAltered "
    "StandardError PointsOutOfRange".split()
)
"""Errors of the grader, which speak of the run and do not quote the check."""

_ARROW = re.compile(r"^-+>\s*(\d+) (.*)$", re.MULTILINE)
_UNTOLD = (
    "This check did not pass. It looks closer than the part of it that you see: read "
    "the task once more."
)


@dataclass(frozen=True)
class Finding:
    """Say of one resource, or of one line, what is out of step."""

    about: str
    says: str


@dataclass(frozen=True)
class Told:
    """Hold what a page says of a check; `passed` is None where nothing is known."""

    passed: bool | None
    findings: tuple[Finding, ...] = ()
    note: str = ""
    show_outputs: bool = True


def tell(outputs: Sequence[Mapping[str, Any]], seen: Visible) -> Told:
    """Say what a check's outputs mean; `seen` is what may be seen of its source."""
    verdict = _verdict(outputs)
    errors = [o for o in outputs if o.get("output_type") == "error"]
    if not errors and (verdict is None or verdict.get("passed") is True):
        passed = True if verdict is not None else None
        return Told(passed, show_outputs=seen.whole)
    findings = _findings(verdict or {}, seen.whole)
    note = "" if findings else _note(verdict or {}, errors, seen)
    return Told(False, findings, note, show_outputs=seen.whole)


def _verdict(outputs: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for output in outputs:
        data = output.get("data")
        found = data.get(VERDICT_MIME) if isinstance(data, Mapping) else None
        if isinstance(found, Mapping):
            return found
    return None


def _findings(verdict: Mapping[str, Any], whole: bool) -> tuple[Finding, ...]:
    """Read the findings of a verdict; an older verdict has sentences instead."""
    found = verdict.get("findings")
    if isinstance(found, list) and found:
        told = [_finding(entry, whole) for entry in found[:MAX_FINDINGS]]
    else:
        problems = verdict.get("problems")
        sentences = problems if isinstance(problems, list) else []
        told = [_sentence(entry, whole) for entry in sentences[:MAX_FINDINGS]]
    return tuple(finding for finding in told if finding.says)


def _finding(entry: object, whole: bool) -> Finding:
    if not isinstance(entry, Mapping):
        return Finding("", "")
    says = line(entry.get("says" if whole else "hint"))
    return Finding(line(entry.get("reference"), 200), says)


def _sentence(problem: object, whole: bool) -> Finding:
    """Take a sentence "File[/x]: mode is 0666, expected 0664" apart."""
    reference, _, says = line(problem).partition(": ")
    if not says:
        return Finding("", reference if whole else "")
    if not whole:
        says = says.partition(", expected")[0]
    return Finding(reference, says)


def _note(
    verdict: Mapping[str, Any], errors: Sequence[Mapping[str, Any]], seen: Visible
) -> str:
    if seen.whole:
        # The outputs, which follow, say the rest.
        return line(verdict.get("reason"))
    for error in errors:
        if error.get("ename") in _OWN_WORDS:
            return line(error.get("evalue"))
    for error in errors:
        if said := _authors_message(error, seen):
            return said
        if failed := _visible_line(error, seen):
            return f"This line of it did not hold: {failed}"
    return _UNTOLD


def _authors_message(error: Mapping[str, Any], seen: Visible) -> str:
    """Return the message of a Python assertion that its author wrote out for it.

    A message that was put together at run time may hold what the check wants.
    """
    said = error.get("evalue")
    if error.get("ename") != "AssertionError" or not isinstance(said, str):
        return ""
    written = any(f"{q}{said}{q}" in part for part in seen.hidden for q in "\"'")
    return line(said) if written else ""


def _visible_line(error: Mapping[str, Any], seen: Visible) -> str:
    """Find the line of a Python check that failed, if it may be seen."""
    traceback = error.get("traceback")
    if not isinstance(traceback, list):
        return ""
    text = plain("\n".join(part for part in traceback if isinstance(part, str)))
    for number, quoted in _ARROW.findall(text):
        there = seen.lines.get(int(number), "").strip()
        if there and there == quoted.strip():
            return there
    return ""
