"""Make one manifest of a notebook's plain cells, as Puppet itself would take it."""

from collections.abc import Sequence

from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.runs import Deadline
from puppet_kernel.script import Declared, Source, read_declared, to_script
from puppet_kernel.worker import Worker


def whole_manifest(sources: Sequence[str], worker: Worker, deadline: Deadline) -> str:
    """Return the plain ones of some cells as one manifest; the last declaration wins.

    Cells that cannot be part of it become comments that say why. Puppet only reads
    them. Raises WorkerDied, WorkerTimeout, and PuppetKernelError without an answer.
    """

    found = [Source("code", source) for source in sources]
    return (
        to_script(found, lambda texts: look(worker, texts, deadline.left()))
        if found
        else ""
    )


def look(worker: Worker, texts: Sequence[str], timeout: float | None) -> list[Declared]:
    """Ask Puppet what texts declare; it only reads them.

    Raises WorkerDied, WorkerTimeout, and PuppetKernelError without a whole answer.
    """
    events = worker.request("declarations", codes=list(texts), timeout=timeout)
    answers = [event for event in events if event.get("ev") == "answer"]
    declared = read_declared(answers[0].get("data") if answers else None)
    if len(declared) != len(texts):
        message = "Puppet did not say what the cells declare"
        raise PuppetKernelError(message)
    return declared
