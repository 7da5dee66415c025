"""Note each cell that was run in a file, for whoever wants to know how far one is.

The environment names the file (``PUPPET_KERNEL_JOURNAL``); without it nothing is noted.
Each line is one cell as JSON: `at` (UTC, ISO 8601), `notebook` (its path, as Jupyter's
server names it), `cell` (its id), `status` (ok, failed, or refused: it could not be
run), `checks` (id, passed) and `seconds`. Neither the source of a cell nor what it
printed is in it.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from puppet_kernel.results import CellResult

VARIABLE = "PUPPET_KERNEL_JOURNAL"

NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"
"""Where Jupyter's server says which notebook a kernel is for."""

_LONGEST = 200
"""How much of a name is noted: names are anybody's to choose."""


class Journal:
    """Append lines to a file; several kernels may do so at the same time."""

    def __init__(self, path: Path, notebook: str) -> None:
        self._path = path
        self._notebook = notebook

    @classmethod
    def from_environment(cls) -> "Journal | None":
        """Return the journal that the environment asks for, or None."""
        path = os.environ.get(VARIABLE)
        if not path:
            return None
        return cls(Path(path), os.environ.get(NOTEBOOK_VARIABLE, ""))

    def note(self, cell_id: str, result: CellResult | None, seconds: float) -> None:
        """Note one cell; None is the result of a cell that was refused.

        Raises OSError if the file cannot be written.
        """
        verdict = None if result is None else result.verdict
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "notebook": self._notebook[:_LONGEST],
            "cell": cell_id[:_LONGEST],
            "status": _status(result),
            "checks": []
            if verdict is None
            else [
                {"id": (verdict.check_id or "")[:_LONGEST], "passed": verdict.passed}
            ],
            "seconds": round(seconds, 3),
        }
        line = json.dumps(entry) + "\n"
        # One write of one line: lines of several kernels do not mix.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)


def _status(result: CellResult | None) -> str:
    if result is None:
        return "refused"
    return "ok" if result.ok else "failed"
