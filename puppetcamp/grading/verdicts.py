"""Outputs of graded cells, made so that they can't earn points by accident.

nbgrader gives a grade cell full points for anything but an error, text on standard
error or a number as its result: also for no output at all. So a check's outputs end
with an error unless they hold a positive verdict, and standard error and results are
never used. Whatever an attendee's code had a hand in is hostile: known types alone are
kept, cleaned and bounded. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from puppetcamp.grading import clean
from puppetcamp.grading.images import picture

VERDICT_MIME = "application/vnd.puppet.verdict+json"
"""The kernel's display of a check carries its verdict under this type."""

MAX_OUTPUT = 256 * 2**10
"""Characters of text in one cell's outputs; more is replaced by a note."""

MAX_PICTURES = 2 * 2**20
"""Characters of base64 in one cell's pictures; the ones beyond are left out."""

MAX_OUTPUTS = 500
"""Outputs of one cell."""

KERNEL_TYPES = ("text/plain", "text/html")
"""What the Puppet kernel's own display makes, on this side, of a worker's events."""

STRANGER_TYPES = ("text/plain", "image/png", "image/jpeg")
"""What is shown of data that an attendee's code made: nothing that a browser runs."""

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
        _data(output)[VERDICT_MIME]
        for output in outputs
        if output.get("output_type") == "display_data" and VERDICT_MIME in _data(output)
    ]
    return bool(verdicts) and all(
        isinstance(verdict, Mapping) and verdict.get("passed") is True
        for verdict in verdicts
    )


def attendee_outputs(
    outputs: Iterable[Mapping[str, Any]], types: tuple[str, ...] = KERNEL_TYPES
) -> list[Output]:
    """Prepare the outputs of an attendee's cell: harmless, and without a verdict.

    A verdict of the attendee's worker is hearsay; what it shows stays, its data goes.
    """
    return _bounded(_passive(outputs, types))


def check_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[Output]:
    """Prepare the checker's outputs for a check; without a verdict it fails."""
    outputs = list(outputs)
    passive = _passive(outputs, (*KERNEL_TYPES, VERDICT_MIME))
    if not passed(outputs) and not any(_is_error(output) for output in passive):
        passive.append(
            failure("NoVerdict", "The check came to no verdict, so it earns nothing.")
        )
    return _bounded(passive)


def _passive(
    outputs: Iterable[Mapping[str, Any]], types: tuple[str, ...]
) -> list[Output]:
    """Turn outputs into ones that nbgrader reads no points from."""
    left = MAX_PICTURES
    kept: list[Output] = []
    for output in outputs:
        made = _one(output, types, left)
        if made is not None:
            left -= sum(len(made.get("data", {}).get(kind, "")) for kind in _PICTURES)
            kept.append(made)
    return kept


def _one(
    output: Mapping[str, Any], types: tuple[str, ...], pictures: int
) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        said = clean.text(output.get("text"), MAX_OUTPUT)
        return {"output_type": "stream", "name": "stdout", "text": said}
    if kind == "error":
        return _error(output)
    if kind not in ("display_data", "execute_result"):
        return None
    data = _bundle(_data(output), types, pictures)
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _error(output: Mapping[str, Any]) -> Output:
    lines = output.get("traceback")
    lines = lines[:200] if isinstance(lines, list) else []
    return {
        "output_type": "error",
        "ename": clean.text(output.get("ename"), 200) or "Error",
        "evalue": clean.text(output.get("evalue"), 4000),
        "traceback": [clean.text(line, 20_000) for line in lines],
    }


_PICTURES = ("image/png", "image/jpeg")


def _bundle(
    data: Mapping[str, Any], types: tuple[str, ...], pictures: int
) -> dict[str, Any]:
    """Keep the allowed types of a display; say what was there if none is left."""
    kept: dict[str, Any] = {}
    for kind in types:
        if kind not in data:
            continue
        value = data[kind]
        if kind in _PICTURES:
            value = picture(kind, value, pictures)
        elif kind == VERDICT_MIME:
            value = clean.data(value, characters=4000, items=4000)
        elif kind == "text/html" and len(str(value)) > MAX_OUTPUT:
            value = None
        else:
            value = clean.text(value, MAX_OUTPUT)
        if value is not None:
            kept[kind] = value
    if kept or VERDICT_MIME in data:
        return kept
    names = ", ".join(clean.text(name, 60) for name in sorted(map(str, data))[:5])
    return {"text/plain": f"(An output was left out: {names or 'it held nothing'}.)"}


def _bounded(outputs: list[Output]) -> list[Output]:
    """Replace outputs beyond the limits by a note; errors and verdicts stay."""
    size = sum(_characters(output) for output in outputs)
    if size <= MAX_OUTPUT and len(outputs) <= MAX_OUTPUTS:
        return outputs
    note: Output = {
        "output_type": "stream",
        "name": "stdout",
        "text": f"(Output of more than {MAX_OUTPUT // 1024} KiB, or of more than "
        f"{MAX_OUTPUTS} parts, was left out.)\n",
    }
    errors = [_short(output) for output in outputs if _is_error(output)]
    verdicts = [
        {**output, "data": {VERDICT_MIME: output["data"][VERDICT_MIME]}}
        for output in outputs
        if VERDICT_MIME in output.get("data", {})
    ]
    return [note, *errors[:20], *verdicts[:20]]


def _characters(output: Output) -> int:
    """Count the characters of an output's text; pictures have a limit of their own."""
    if output["output_type"] == "stream":
        return len(output["text"])
    if _is_error(output):
        return len(output["evalue"]) + sum(len(line) for line in output["traceback"])
    data = output["data"]
    return sum(
        len(value) if isinstance(value, str) else len(str(value))
        for kind, value in data.items()
        if kind not in _PICTURES
    )


def _is_error(output: Output) -> bool:
    return bool(output["output_type"] == "error")


def _data(output: Mapping[str, Any]) -> Mapping[str, Any]:
    data = output.get("data")
    return data if isinstance(data, Mapping) else {}


def _short(error: Output) -> Output:
    return failure(error["ename"], error["evalue"][:2000])
