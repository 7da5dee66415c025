"""Why a submission could not be graded, one class per remedy.

    GradingError
    ├── NotebookRefused       the notebook cannot be graded as it is
    ├── SandboxUnavailable    Docker or the attendee image cannot be used
    └── SandboxTimeout        the machine did not keep up; trying again may help

What an attendee's own cells do wrong is none of these: it is graded, and the reason
stands in the outputs and flags.
"""

from docker.errors import DockerException

from puppetcamp.errors import GradingError

DOCKER_FAILURES = (DockerException, OSError)
"""What Docker's client raises: its own errors, and those of the connection below."""


class NotebookRefused(GradingError):
    """Refuse a notebook that cannot be graded, whatever its answers are."""


class SandboxUnavailable(GradingError):
    """Report that no throwaway container could be made."""


class SandboxTimeout(GradingError):
    """Report a throwaway container that was not ready in time."""
