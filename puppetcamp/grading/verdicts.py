"""Outputs of graded cells, made so that they can't earn points by accident.

nbgrader gives a grade cell full points for anything but an error, text on standard
error or a number as its result: also for no output at all. So a check's outputs end
with an error unless they hold a positive verdict, and standard error and results are
never used. Pure.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

VERDICT_MIME = "application/vnd.puppet.verdict+json"
"""The kernel's display of a check carries its verdict under this type."""

MAX_OUTPUT = 256 * 2**10
"""Characters of one cell's outputs as JSON; more is replaced by a note."""

Output = dict[str, Any]


def failure(name: str, reason: str) -> Output:
    """Make the `error` output that earns nothing and says why."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": reason,
        "traceback": [f"{name}: {reason}"],
    }


def passed(outputs: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether outputs hold a positive verdict and nothing that contradicts it."""
    outputs = list(outputs)
    if any(output.get("output_type") == "error" for output in outputs):
        return False
    verdicts = [
        output["data"][VERDICT_MIME]
        for output in outputs
        if output.get("output_type") == "display_data"
        and VERDICT_MIME in output.get("data", {})
    ]
    return bool(verdicts) and all(
        isinstance(verdict, Mapping) and verdict.get("passed") is True
        for verdict in verdicts
    )


def attendee_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[Output]:
    """Prepare the outputs of an attendee's cell: bounded, and without a verdict.

    A verdict of the attendee's worker is hearsay; what it shows stays, its data goes.
    """
    return _bounded([_without_verdict(_passive(output)) for output in outputs])


def check_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[Output]:
    """Prepare the checker's outputs for a check; without a verdict it fails."""
    outputs = list(outputs)
    passive = [_passive(output) for output in outputs]
    if passed(outputs):
        return _bounded(passive, keep_verdict=True)
    if not any(output["output_type"] == "error" for output in passive):
        passive.append(
            failure("NoVerdict", "The check came to no verdict, so it earns nothing.")
        )
    return _bounded(passive)


def _passive(output: Mapping[str, Any]) -> Output:
    """Turn an output into one that nbgrader reads no points from."""
    kind = output.get("output_type")
    if kind == "stream":
        return {
            "output_type": "stream",
            "name": "stdout",
            "text": output.get("text", ""),
        }
    if kind == "error":
        return {
            key: output[key] for key in ("output_type", "ename", "evalue", "traceback")
        }
    return {
        "output_type": "display_data",
        "data": dict(output.get("data", {})),
        "metadata": dict(output.get("metadata", {})),
    }


def _without_verdict(output: Output) -> Output:
    if VERDICT_MIME not in output.get("data", {}):
        return output
    data = {kind: value for kind, value in output["data"].items()}
    del data[VERDICT_MIME]
    return {**output, "data": data}


def _bounded(outputs: list[Output], *, keep_verdict: bool = False) -> list[Output]:
    """Replace outputs beyond the limit by a note; errors and verdicts stay."""
    if len(json.dumps(outputs)) <= MAX_OUTPUT:
        return outputs
    note: Output = {
        "output_type": "stream",
        "name": "stdout",
        "text": f"(Output of more than {MAX_OUTPUT // 1024} KiB was left out.)\n",
    }
    kept = [_short(output) for output in outputs if output["output_type"] == "error"]
    if keep_verdict:
        kept += [
            {**output, "data": {VERDICT_MIME: output["data"][VERDICT_MIME]}}
            for output in outputs
            if VERDICT_MIME in output.get("data", {})
        ]
    return [note, *kept]


def _short(error: Output) -> Output:
    return failure(str(error.get("ename"))[:200], str(error.get("evalue"))[:2000])
