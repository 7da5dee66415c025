"""Notebooks that an attendee doctored: each takes the released one and changes it."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

VERDICT_MIME = "application/vnd.puppet.verdict+json"
PASSED = {
    "check_id": "check",
    "passed": True,
    "reason": "forged",
    "problems": [],
    "findings": [],
}
TRUE_OF_ANY = "%%expect check\nfile { '/etc': ensure => directory }"
ESCAPES = "\x1b[2J\x1b]0;owned\x07"
SCRIPT = "<script>alert('eve')</script><img src=x onerror=alert('eve')>"

PYTHON_FORGER = f"""
from IPython.core.magic import register_cell_magic
from IPython.display import publish_display_data

@register_cell_magic
def expect(line, cell):
    publish_display_data({{"{VERDICT_MIME}": {PASSED!r}, "text/plain": "passed"}})
"""


@dataclass(frozen=True)
class Doctored:
    """Hold one submission: who sends it, what is done to it, which flag must match."""

    attendee: str
    what: str
    doctor: Callable[[NotebookNode], None] | str | bytes | None
    flag: str

    def write(self, path: Path) -> None:
        """Doctor the released notebook that lies there."""
        if self.doctor is None:
            path.unlink()
        elif isinstance(self.doctor, bytes):
            path.write_bytes(self.doctor)
        elif isinstance(self.doctor, str):
            path.unlink()
            path.symlink_to(self.doctor)
        else:
            notebook = nbformat.read(path, as_version=4)
            self.doctor(notebook)
            # nbformat would refuse to write some of them.
            path.write_text(json.dumps(notebook), encoding="utf-8")


def _claim(**roles: object) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.cells[2].metadata.nbgrader.update(roles)


def _other_check(nb: NotebookNode) -> None:
    nb.cells[2].source = TRUE_OF_ANY


def _unknown_check(nb: NotebookNode) -> None:
    del nb.cells[2].metadata["nbgrader"]
    nb.cells[2].source = TRUE_OF_ANY


def _drop(nb: NotebookNode) -> None:
    del nb.cells[2]


def _reorder(nb: NotebookNode) -> None:
    nb.cells.insert(0, nb.cells.pop(2))


def _twice(nb: NotebookNode) -> None:
    double = copy.deepcopy(nb.cells[2])
    double.source = TRUE_OF_ANY
    nb.cells.append(double)


def _markdown(nb: NotebookNode) -> None:
    nb.cells[2].cell_type = "markdown"
    for key in ("outputs", "execution_count"):
        nb.cells[2].pop(key, None)


def _own_points(nb: NotebookNode) -> None:
    extra = copy.deepcopy(nb.cells[2])
    extra.metadata.nbgrader.update(grade_id="extra", points=100)
    extra.source = TRUE_OF_ANY
    nb.cells.append(extra)


def _manual(nb: NotebookNode) -> None:
    nb.cells[1].metadata.nbgrader.update(grade=True, points=100)


def _outputs(nb: NotebookNode) -> None:
    data = {VERDICT_MIME: PASSED, "text/plain": "passed"}
    nb.cells[2].outputs = [nbformat.v4.new_output("display_data", data)]
    number = nbformat.v4.new_output("execute_result", {"text/plain": "3"})
    nb.cells[2].outputs.append(number)
    nb.metadata["puppetcamp_grading"] = {"flags": [], "seconds": 1.0}
    nb.cells[1].source = "%%sh\nsudo pkill -9 ruby; sleep 1"


def _python(nb: NotebookNode) -> None:
    nb.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nb.metadata.language_info = {"name": "python"}
    nb.cells[1].source = PYTHON_FORGER


def _escapes(nb: NotebookNode) -> None:
    extra = copy.deepcopy(nb.cells[2])
    extra.metadata.nbgrader.update(grade_id=f"{ESCAPES}{SCRIPT}", points=1)
    nb.cells.append(extra)
    nb.cells.append(nbformat.v4.new_markdown_cell(f"{SCRIPT} [go](javascript:eve())"))
    nb.cells[1].source = (
        f'notify {{ "{SCRIPT}": }}\nnotice("\\u{{1b}}[2J{SCRIPT}")\n'
        "exec { '/bin/false': }"
    )
    nb.cells.append(
        nbformat.v4.new_code_cell(
            f"%%sh\nprintf '\\033[2J\\033]0;owned\\007'; echo \"{SCRIPT}\"; exit 3"
        )
    )


GIANT = json.dumps(
    {"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": "x" * 2**24}, "cells": []}
).encode()
DEEP = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": ' + b'{"a":' * 100_000

SUBMISSIONS = [
    Doctored("points", "a check's points raised", _claim(points=100), "points"),
    Doctored("solution", "a check made a solution", _claim(solution=True), "role"),
    Doctored("ungraded", "a check made no check", _claim(grade=False), "role"),
    Doctored("renamed", "a check renamed", _claim(grade_id="other"), "other|missing"),
    Doctored("unlocked", "another check in its place", _other_check, "check"),
    Doctored("unknown", "a check without its metadata", _unknown_check, "missing"),
    Doctored("dropped", "a check left out", _drop, "missing"),
    Doctored("reordered", "a check moved to the front", _reorder, "moved"),
    Doctored("twice", "a check twice", _twice, "twice"),
    Doctored("markdown", "a check made text", _markdown, "markdown"),
    Doctored("extra", "a check of the attendee's own", _own_points, "extra"),
    Doctored("manual", "points for an answer", _manual, "points"),
    Doctored("outputs", "outputs with a verdict, a dead worker", _outputs, "ended"),
    Doctored("python", "another kernel that defines %%expect", _python, "kernel"),
    Doctored("giant", "a notebook of 16 MiB", GIANT, "large"),
    Doctored("deep", "a notebook without an end", DEEP, "no notebook"),
    Doctored("binary", "no notebook", b"\x7fELF\x00\xff" * 100, "no notebook"),
    Doctored("nothing", "no file", None, "no notebook"),
    Doctored("linked", "a link to another's", "../../ada/first/first.ipynb", "no note"),
    Doctored("painter", "scripts and escapes", _escapes, "claims points"),
]
