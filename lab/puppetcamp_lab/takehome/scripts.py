"""Notebooks as manifests, by the kernel's own exporter."""

import logging
import time
from types import TracebackType
from typing import Self

from nbformat import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)

from puppet_kernel.export import PuppetExporter
from puppetcamp_lab.takehome.notebook import Cell, Notebook

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds that Puppet may look at one notebook's cells."""


class Scripts:
    """Make manifests of notebooks until the time is up; a context manager.

    `until` is a moment of the monotonic clock.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self._exporter = PuppetExporter(patience=PATIENCE)  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        self._exporter.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exporter.__exit__()

    def script(self, notebook: Notebook) -> str | None:
        """Return a notebook as one manifest; None if it is none, or there is no time.

        Whatever a notebook does to the exporter costs its own manifest alone.
        """
        left = self._until - time.monotonic()
        if notebook.language != "puppet" or left <= 0:
            return None
        self._exporter.patience = min(PATIENCE, left)
        try:
            text, _ = self._exporter.from_notebook_node(_node(notebook))
        except Exception:
            log.exception("a notebook could not be made a manifest")
            return None
        return text


def _node(notebook: Notebook) -> NotebookNode:
    """Write the notebook anew, of what was understood: nothing else reaches others."""
    node: NotebookNode = new_notebook(  # type: ignore[no-untyped-call]
        cells=[_cell(cell) for cell in notebook.cells]
    )
    return node


def _cell(cell: Cell) -> NotebookNode:
    made: NotebookNode
    if cell.kind == "code":
        made = new_code_cell(cell.source)  # type: ignore[no-untyped-call]
        if cell.failed:
            error = new_output("error", ename=cell.failed)  # type: ignore[no-untyped-call]
            made.outputs = [error]
    elif cell.kind == "markdown":
        made = new_markdown_cell(cell.source)  # type: ignore[no-untyped-call]
    else:
        made = new_raw_cell(cell.source)  # type: ignore[no-untyped-call]
    return made
