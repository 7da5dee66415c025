"""Export notebooks as scripts: `jupyter nbconvert --to script`, and JupyterLab's menu.

nbconvert finds this by the language's name, among the entry points of the group
`nbconvert.exporters.script`. It is the only module that needs nbconvert.
"""

from typing import Any, Self

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Float

from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.script import Source, to_script
from puppet_kernel.whole import look
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv


class PuppetExporter(Exporter):
    """Write a notebook's plain cells as one manifest, and the rest as comments.

    As a context manager it keeps Puppet loaded from one notebook to the next.
    """

    export_from_notebook = "Puppet manifest"
    file_extension = ".pp"
    output_mimetype = "text/x-puppet"
    patience = Float(
        60.0, help="Seconds for one look at the cells; without it nothing is compared."
    ).tag(config=True)

    _keep = False
    _worker: Worker | None = None

    def __enter__(self) -> Self:
        self._keep = True
        return self

    def __exit__(self, *_: object) -> None:
        self._keep = False
        self._let_go()

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the script and nbconvert's resources."""
        notebook, found = super().from_notebook_node(nb, resources, **kw)
        sources = [source_of(cell) for cell in notebook.cells]
        try:
            script = self._compared(sources)
        except (OSError, PuppetKernelError) as error:
            self.log.warning("the cells are not compared: %s", error)
            script = to_script(sources, None)
            # A worker that did not answer in time may do so in the next one's place.
            self._let_go()
        return script, found

    def _compared(self, sources: list[Source]) -> str:
        if self._worker is None:
            self._worker = Worker(ProcessChannel(local_worker_argv()))
        worker = self._worker
        try:
            return to_script(sources, lambda texts: look(worker, texts, self.patience))
        finally:
            if not self._keep:
                self._let_go()

    def _let_go(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()


def source_of(cell: NotebookNode) -> Source:
    """Read of a cell what its script needs, and how its last run ended."""
    failed = ""
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            failed = str(output.get("ename", ""))
    # The tag stays when somebody has mended the cell: then it has run without an error.
    mended = cell.get("execution_count") is not None and not failed
    to_fail = "raises-exception" in cell.metadata.get("tags", ()) and not mended
    return Source(str(cell.cell_type), str(cell.source), failed, to_fail)
