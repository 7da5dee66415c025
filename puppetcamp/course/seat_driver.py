"""Run inside a seat: lessons as shipped, then what finishes them; tell it as JSON.

Not imported: sent as text to the seat's own Python. Its argument is the path of the
list of lessons, each with its notebook, its answers, the ids of its checks, and the
cells that the text has learners mend, as they are then.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

CELL_SECONDS = 120

Cell = Any


class Learner:
    """Run the cells of one lesson in a kernel, named as JupyterLab names them."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.notebook: Any = nbformat.from_dict(asked["notebook"])  # type: ignore[no-untyped-call]
        self.answers: dict[str, str] = asked["answers"]
        self.checks: list[str] = asked["checks"]
        self.mended: Any = [nbformat.from_dict(cell) for cell in asked["mended"]]  # type: ignore[no-untyped-call]
        self._client: Any = NotebookClient(
            self.notebook, timeout=CELL_SECONDS, allow_errors=True
        )
        self._id = ""

    def work(self) -> dict[str, Any]:
        """Run the lesson, finish it, and tell both."""
        with self._client.setup_kernel(cwd=str(Path.cwd())):
            self._name_cells()
            began = time.monotonic()
            for cell in self.notebook.cells:
                self._run(cell)
            shipped = [json.loads(json.dumps(cell)) for cell in self.notebook.cells]
            ended = time.monotonic()
            mended = [self._run(self._put(cell)) for cell in self.mended]
            finished = self._finish()
        more = time.monotonic() - ended
        return {
            "shipped": shipped,
            "mended": mended,
            "finished": finished,
            "seconds": ended - began,
            "more": more,
        }

    def _finish(self) -> list[Cell]:
        """Fill in the answers, and run the checks that stand below the first one.

        A check above it shows something, and may be meant to fail for ever.
        """
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        solved = [n for n, cell in enumerate(code) if cell.id in self.answers]
        first = solved[0] if solved else len(code)
        done = []
        for cell in code[first:]:
            if cell.id in self.answers:
                cell.source = self.answers[cell.id]
            elif cell.id not in self.checks:
                continue
            done.append(self._run(cell))
        return done

    def _run(self, cell: Cell) -> Cell:
        self._id = cell.id
        self._client.execute_cell(cell, self.notebook.cells.index(cell))
        return json.loads(json.dumps(cell))

    def _put(self, cell: Cell) -> Cell:
        """Put a cell where the one was that it is made of: displays are found there."""
        ids = [each.id for each in self.notebook.cells]
        self.notebook.cells[ids.index(cell.id)] = cell
        return cell

    def _name_cells(self) -> None:
        """Send each cell's id with it: the kernel tells by it what was run again."""
        session = self._client.kc.session
        plain = session.msg

        def msg(kind: str, *given: Any, **more: Any) -> Any:
            if kind == "execute_request":
                more["metadata"] = {"cellId": self._id}
            return plain(kind, *given, **more)

        session.msg = msg


def main() -> None:
    """Read what is asked, and write what was shown."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lessons = Path.home() / "lessons"
    lessons.mkdir(exist_ok=True)
    os.chdir(lessons)
    told = [Learner(lesson).work() for lesson in asked]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
