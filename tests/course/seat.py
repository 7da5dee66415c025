"""Run a notebook from top to bottom in a fresh seat without network."""

import json
import re
import subprocess
import uuid
from typing import Any

from .pages import Cell, camp, may_fail

TIME_LIMIT = 300.0
"""Seconds for a whole notebook; a lesson needs about a tenth of it."""

_DRIVER = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.reads(sys.stdin.read(), as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="puppet", allow_errors=True).execute()
sys.stdout.write(nbformat.writes(notebook))
"""


def run(content: dict[str, Any], image: str) -> list[Cell]:
    """Run a notebook's content with the real kernel; return its cells with outputs.

    Raises AssertionError with the container's last words if the notebook cannot be run.
    """
    name = f"puppetcamp-course-{uuid.uuid4().hex[:12]}"
    command = ["docker", "run", "--rm", "-i", "--name", name, "--network", "none"]
    command += ["--hostname", "camp", "--add-host", "camp:127.0.1.1"]
    try:
        done = subprocess.run(
            [*command, image, "python", "-c", _DRIVER],
            input=json.dumps(content),
            capture_output=True,
            text=True,
            check=False,
            timeout=TIME_LIMIT,
        )
    finally:
        subprocess.run(["docker", "rm", "-f", name], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    cells: list[Cell] = json.loads(done.stdout)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def failed(cell: Cell) -> bool:
    """Say whether a cell that ran ended with an error."""
    return any(output["output_type"] == "error" for output in cell["outputs"])


def text(cell: Cell) -> str:
    """Give what a cell shows as plain text, without colours."""
    shown: list[str] = []
    for output in cell["outputs"]:
        plain = output.get("data", {}).get("text/plain", output.get("text", ""))
        shown.append("".join(plain))
        shown += [output.get("evalue", ""), *output.get("traceback", [])]
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(shown))


def faults(cells: list[Cell]) -> list[str]:
    """List where a run differs from what its page says: failures, and words shown."""
    found: list[str] = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        shown = text(cell)
        if failed(cell) != may_fail(cell):
            was = "failed" if failed(cell) else "did not fail"
            found.append(f"{cell['id']} {was}:\n{shown}")
        found += [
            f"{cell['id']} does not show {words!r}:\n{shown}"
            for words in camp(cell).get("shows", [])
            if words not in shown
        ]
    return found
