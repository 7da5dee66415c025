"""What a Python check is worth, by nbgrader's rules with their open ends closed; pure.

nbgrader reads the points of a check from its outputs: an error or any text on standard
error is none, a number as result is that many, anything else is all of them. That is
kept, with these differences:

- A check that was not run to its end earns nothing.
- A number that is negative, above the maximum or no finite number earns nothing.
  (nbgrader gives all points for the first and the last, and ends the grading of the
  whole submission for the second.)
- Of several results the lowest counts. (nbgrader takes the first.)
- An error counts wherever it stands. (nbgrader stops reading at a result.)
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from puppetcamp.grading import clean
from puppetcamp.grading.notebook import CodeCell
from puppetcamp.grading.verdicts import (
    STRANGER_TYPES,
    VERDICT_MIME,
    Output,
    attendee_outputs,
    failure,
)


@dataclass(frozen=True)
class Judged:
    """Hold a check's outputs, and what the instructor should know of it."""

    outputs: list[Output]
    flags: tuple[str, ...] = ()


def judge(cell: CodeCell, outputs: Iterable[Mapping[str, Any]]) -> Judged:
    """Make the outputs of a check that ran: nbgrader reads its points from them.

    They end with an error, or with a display that holds nothing but a positive
    verdict; the one result among them, if there is any, is a number of points.
    """
    raw = list(outputs)
    shown = attendee_outputs(raw, STRANGER_TYPES)
    if any(output["output_type"] == "error" for output in shown):
        return Judged(shown)
    if any(output.get("name") == "stderr" for output in raw):
        reason = (
            "The check wrote to standard error (the text above, a warning for "
            "example), and nbgrader gives no points for that."
        )
        return Judged([*shown, failure("StandardError", reason)])
    results = [_text(out) for out in raw if out.get("output_type") == "execute_result"]
    if not results:
        return Judged([*shown, _verdict(cell)])
    return _by_result(cell, shown, results)


def _by_result(cell: CodeCell, shown: list[Output], results: list[str]) -> Judged:
    numbers = [number for text in results if (number := _number(text)) is not None]
    if not numbers:
        flag = (
            f"{cell.name}: its result {results[0][:60]!r} is no number of points, and "
            "nbgrader gives all of them for it"
        )
        return Judged([*shown, _verdict(cell)], (flag,))
    lowest = min(numbers, key=lambda number: (math.isfinite(number), number))
    maximum = cell.points
    if not math.isfinite(lowest) or lowest < 0 or maximum is None or lowest > maximum:
        most = "unknown" if maximum is None else f"{maximum:g}"
        reason = f"The check's result is {lowest:g} points of {most}: it earns nothing."
        flag = f"{cell.name}: its result is {lowest:g} points of {most}"
        return Judged([*shown, failure("PointsOutOfRange", reason)], (flag,))
    flags: tuple[str, ...] = ()
    if len(results) > 1:
        several = f"{cell.name}: it has several results, of which the lowest counts"
        flags = (several,)
    points: Output = {
        "output_type": "execute_result",
        "execution_count": None,
        "data": {"text/plain": f"{lowest:.10g}"},
        "metadata": {},
    }
    others = [out for out in shown if _number(_text(out)) is None]
    return Judged([*others, points, _verdict(cell)], flags)


def _text(result: Mapping[str, Any]) -> str:
    data = result.get("data")
    return clean.text(data.get("text/plain") if isinstance(data, Mapping) else "", 200)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _verdict(cell: CodeCell) -> Output:
    verdict = {
        "check_id": cell.name,
        "passed": True,
        "reason": "",
        "problems": [],
        "findings": [],
    }
    data = {VERDICT_MIME: verdict}
    return {"output_type": "display_data", "data": data, "metadata": {}}
