"""What can go wrong, as a tree.

PuppetKernelError
├── CellError        the cell cannot be understood: unknown magic, wrong argument
└── WorkerError      the warm Puppet does not do its part
    ├── WorkerDied     it ended, or never began
    └── WorkerTimeout  it took longer than the caller allowed
"""


class PuppetKernelError(Exception):
    """Be the base of every error this package raises on purpose."""


class CellError(PuppetKernelError):
    """Say why a cell cannot be understood, and what would be."""


class WorkerError(PuppetKernelError):
    """Be the base of what goes wrong between Python and the warm Puppet."""


class WorkerDied(WorkerError):
    """Say that the process behind a channel has ended."""


class WorkerTimeout(WorkerError):
    """Say that an answer did not come in time; the request has been killed."""
