"""Export notebooks as scripts: `jupyter nbconvert --to script`, and JupyterLab's menu.

nbconvert finds this by the language's name, among the entry points of the group
`nbconvert.exporters.script`. It is the only module that needs nbconvert.
"""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.script import Source, to_script
from puppet_kernel.whole import look
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

_TIMEOUT = 60.0


class PuppetExporter(Exporter):
    """Write a notebook's plain cells as one manifest, and the rest as comments."""

    export_from_notebook = "Puppet manifest"
    file_extension = ".pp"
    output_mimetype = "text/x-puppet"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the script and nbconvert's resources."""
        notebook, found = super().from_notebook_node(nb, resources, **kw)
        sources = [_source(cell) for cell in notebook.cells]
        try:
            script = _compared(sources)
        except (OSError, PuppetKernelError) as error:
            self.log.warning("the cells are not compared: %s", error)
            script = to_script(sources, None)
        return script, found


def _compared(sources: list[Source]) -> str:
    worker = Worker(ProcessChannel(local_worker_argv()))
    try:
        return to_script(sources, lambda texts: look(worker, texts, _TIMEOUT))
    finally:
        worker.close()


def _source(cell: NotebookNode) -> Source:
    failed = ""
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            failed = str(output.get("ename", ""))
    return Source(str(cell.cell_type), str(cell.source), failed)
