"""Give every event of a worker the shape that its readers count on; pure.

A worker may be in a container whose root is somebody else: what it says is read with as
much trust as any stranger's text.
"""

import math
from collections.abc import Mapping
from typing import Any

_TEXT = frozenset(
    {"ev", "level", "message", "source", "file", "issue", "ref", "type", "title"}
    | {"path", "text", "property", "previous", "desired"}
)
_COUNTS = frozenset({"line", "pos", "bytes", "messages", "index", "total", "signal"})
_LARGEST = 2**53


def well_formed(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event without the fields whose values are of no use.

    Fields that are not known here stay as they are.
    """
    kept = {key: value for key, value in event.items() if _fits(key, value)}
    if "status" in kept and not _fits_status(kept):
        del kept["status"]
    if "events" in kept:
        changes = kept["events"] if isinstance(kept["events"], list) else []
        kept["events"] = [well_formed(c) for c in changes if isinstance(c, Mapping)]
    return kept


def _fits(key: str, value: object) -> bool:
    if key in _TEXT:
        return isinstance(value, str)
    if key in _COUNTS:
        return _is_count(value)
    if key == "seconds":
        return _is_count(value) or (isinstance(value, float) and math.isfinite(value))
    return True


def _fits_status(event: Mapping[str, Any]) -> bool:
    """Tell whether a status is of its kind: an exit status, or else Puppet's word."""
    status = event["status"]
    if event.get("ev") == "done":
        return status is None or _is_count(status)
    return isinstance(status, str)


def _is_count(value: object) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and (abs(value) < _LARGEST)
    )
