"""What an instructor should know of submissions, from graded notebooks and jobs."""

import json
from pathlib import Path
from typing import Any

from puppetcamp_lab.autograding.batch import failures
from puppetcamp_lab.client import CampClient, ServiceError
from puppetcamp_lab.grading import flags_of


def notes(coursedir: Any, exercise: str) -> dict[str, dict[str, Any]]:
    """Give flags and the reason of a missing grade, by attendee.

    Reads the folder of graded work, and asks the camp's service if it answers.
    """
    found: dict[str, dict[str, Any]] = {}
    name = coursedir.format_path(coursedir.autograded_directory, "*", exercise)
    # The directory's pattern is the course's: its fixed beginning may be absolute.
    root = Path(coursedir.root)
    for path in sorted(root.glob(f"{Path(name).relative_to(root)}/*.ipynb")):
        try:
            metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata")
        except (OSError, ValueError):
            continue
        flags = flags_of(metadata)
        if flags:
            attendee = path.parent.parent.name
            note = found.setdefault(attendee, {"flags": [], "reason": None})
            note["flags"] += flags
    try:
        failed = dict(failures(CampClient.from_environment(), exercise))
    except (ServiceError, ValueError, KeyError, TypeError):
        failed = {}
    for attendee, reason in failed.items():
        found.setdefault(attendee, {"flags": [], "reason": None})["reason"] = reason
    return found
