"""What can go wrong, as a tree.

PuppetKernelError
├── CellError        the cell cannot be understood: unknown magic, wrong argument
├── Unanswered       a magic got no answer; carries what Puppet says about it
└── WorkerError      the warm Puppet does not do its part
    ├── WorkerDied     it ended, or never began
    └── WorkerTimeout  it took longer than the caller allowed
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from puppet_kernel.results import Problem


class PuppetKernelError(Exception):
    """Be the base of every error this package raises on purpose."""


class CellError(PuppetKernelError):
    """Say why a cell cannot be understood, and what would be."""


class Unanswered(PuppetKernelError):
    """Say why a magic has no answer: Puppet's problems, or ours."""

    def __init__(self, *problems: "Problem", interrupted: bool = False) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.interrupted = interrupted


class WorkerError(PuppetKernelError):
    """Be the base of what goes wrong between Python and the warm Puppet."""


class WorkerDied(WorkerError):
    """Say that the process behind a channel has ended."""


class WorkerTimeout(WorkerError):
    """Say that an answer did not come in time; the request has been killed."""
