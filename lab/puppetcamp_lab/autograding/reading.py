"""Read what attendees submitted; what can't be read is replaced, with the reason."""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.utils import find_all_files

from puppetcamp_lab.autograding.restore import CourseCell
from puppetcamp_lab.grading import visible

MAX_NOTEBOOK = 16 * 2**20
"""Bytes of one submitted notebook, outputs included."""

MAX_FILES = 200
MAX_FILES_BYTES = 10 * 2**20
"""Files beside a notebook that are taken along into the sandbox."""


class Unreadable(Exception):
    """Say to attendee and instructor why a submission can't be graded."""


def read_notebook(path: Path) -> NotebookNode:
    """Read a submitted notebook in format 4; raise Unreadable if it is not one."""
    if not path.is_file() or path.is_symlink():
        there = sorted(other.name for other in path.parent.glob("*.ipynb"))[:5]
        found = f"; there is {', '.join(there)}" if there else ""
        message = f"The submission holds no notebook {path.name}{found}."
        raise Unreadable(message)
    size = path.stat().st_size
    if size > MAX_NOTEBOOK:
        message = (
            f"{path.name} is {size / 2**20:.1f} MiB large; at most "
            f"{MAX_NOTEBOOK // 2**20} MiB are read. Clear its outputs and pictures."
        )
        raise Unreadable(message)
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(nb)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        # nbformat's parsers raise whatever the content leads them into.
        message = f"{path.name} is no notebook that can be read ({_short(error)})."
        raise Unreadable(message) from error
    if not isinstance(nb, NotebookNode):
        message = f"{path.name} is no notebook that can be read."
        raise Unreadable(message)
    return nb


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def in_place_of(
    course: Iterable[CourseCell], kernelspec: str | None, reason: str
) -> NotebookNode:
    """Make a notebook of the course's own cells that says why it is not theirs."""
    title = new_markdown_cell(f"**Not graded, no points.** {_as_text(reason)}")  # type: ignore[no-untyped-call]
    metadata = {"kernelspec": json.loads(kernelspec)} if kernelspec else {}
    cells = [title, *(cell.cell() for cell in course)]
    return new_notebook(cells=cells, metadata=metadata)  # type: ignore[no-untyped-call,no-any-return]


def _as_text(reason: str) -> str:
    """Escape a reason for Markdown: names of files in it are an attendee's."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]()<>#!|" else letter
        for letter in visible(reason)
    )


def files_beside(
    submitted: Path, source: Path, ignore: Iterable[str]
) -> dict[str, str]:
    """Collect what lies beside a notebook: base64 by relative path.

    The course's own files replace an attendee's, as nbgrader does it. Links are left
    out. Raises Unreadable if it is too much.
    """
    ignored = [*ignore, "*.ipynb"]
    found: dict[str, Path] = {}
    for root in (submitted, source):
        if root.is_dir():
            for name in find_all_files(str(root), ignored):
                path = Path(name)
                if path.is_file() and not _has_link(path, root):
                    found[os.path.relpath(path, root)] = path
    for own in ("timestamp.txt", "submission_id.txt"):
        found.pop(own, None)
    size = sum(path.stat().st_size for path in found.values())
    if len(found) > MAX_FILES or size > MAX_FILES_BYTES:
        message = (
            f"The submission holds {len(found)} files of {size / 2**20:.1f} MiB beside "
            f"the notebook; at most {MAX_FILES} and {MAX_FILES_BYTES // 2**20} MiB are "
            "taken along."
        )
        raise Unreadable(message)
    return {
        name: base64.b64encode(path.read_bytes()).decode()
        for name, path in sorted(found.items())
    }


def _has_link(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return any(
        root.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1)
    )


def language(nb: Mapping[str, Any]) -> str:
    """Name a notebook's language: by its kernel, which the gradebook knows."""
    kernel = nb["metadata"].get("kernelspec", {})
    info = nb["metadata"].get("language_info", {})
    return str(kernel.get("language") or kernel.get("name") or info.get("name") or "")
