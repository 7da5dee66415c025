"""The lessons of the course, as the camp gives them out."""

import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "PUPPETCAMP_LESSONS"
FOLDER = "/usr/share/puppetcamp/lessons"

_CHECK = re.compile(r"%%(?:expect|idempotent|drift|compiled)[ \t]+([A-Za-z0-9_]+)")
_HEADING = re.compile(r"#[ \t]+(.+)")


@dataclass(frozen=True)
class Lesson:
    """One notebook: what it teaches, and what can be done in it.

    `cells` are the ids of all cells in their order, `code` of those that can be run.
    """

    name: str
    title: str
    minutes: int | None
    teaches: str
    exercise: str
    cells: tuple[str, ...]
    code: frozenset[str]
    checks: frozenset[str]


class Lessons:
    """Read the lessons of a folder; what has not changed is read once."""

    def __init__(self, folder: Path, log: logging.Logger) -> None:
        self.folder = folder
        self._log = log
        self._known: dict[Path, tuple[int, Lesson]] = {}

    def all(self) -> list[Lesson]:
        """List the lessons in the order of their names."""
        found = map(self._read, sorted(self.folder.glob("*.ipynb")))
        return [lesson for lesson in found if lesson is not None]

    def _read(self, path: Path) -> Lesson | None:
        try:
            changed = path.stat().st_mtime_ns
            known = self._known.get(path)
            if known is None or known[0] != changed:
                known = changed, lesson(path.stem, json.loads(path.read_bytes()))
                self._known[path] = known
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            self._log.warning("%s is no lesson: %r", path, error)
            return None
        return known[1]


def given_out(root: Path) -> Path:
    """Name the folder of the lessons as they were, or else of the attendee's."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or FOLDER)
    return folder if folder.is_dir() else root / "lessons"


def lesson(name: str, notebook: dict[str, Any]) -> Lesson:
    """Read one lesson; raises KeyError and the like for what is no notebook."""
    cells: list[dict[str, Any]] = notebook["cells"]
    about = notebook["metadata"].get("puppetcamp", {})
    minutes = about.get("minutes")
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return Lesson(
        name=name,
        title=_title(name, cells),
        minutes=minutes if isinstance(minutes, int) else None,
        teaches=str(about.get("teaches") or ""),
        exercise=str(about.get("exercise") or ""),
        cells=tuple(cell["id"] for cell in cells),
        code=frozenset(cell["id"] for cell in code),
        checks=_checks(cells),
    )


def _title(name: str, cells: list[dict[str, Any]]) -> str:
    """Take the first heading, or make one of the file's name."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = _HEADING.match(_source(cell))
            if found:
                return found[1].strip()
    return name.lstrip("0123456789_").replace("_", " ").capitalize() or name


def _checks(cells: list[dict[str, Any]]) -> frozenset[str]:
    """Name the checks that pass in the end.

    Above the first cell that is the attendee's to fill in, a check that fails is there
    to be seen failing.
    """
    told = (cell["metadata"].get("puppetcamp", {}) for cell in cells)
    answered = {about["answers"] for about in told if "answers" in about}
    found, is_theirs = set(), False
    for cell in cells:
        is_theirs = is_theirs or cell["id"] in answered
        fails = "raises-exception" in cell["metadata"].get("tags", [])
        check = _CHECK.match(_source(cell))
        if check and cell["cell_type"] == "code" and (is_theirs or not fails):
            found.add(check[1])
    return frozenset(found)


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
