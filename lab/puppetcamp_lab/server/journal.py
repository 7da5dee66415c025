"""Where the kernels of a seat note the cells that were run.

The file is in the attendee's home: it outlives the node, and leaves the seat only if
the camp asks for progress.
"""

import logging
import os
from pathlib import Path

VARIABLE = "PUPPET_KERNEL_JOURNAL"
"""Where the kernel reads which file that is."""


def journal_path() -> Path:
    """Name the file; it need not exist yet."""
    return Path("~/.local/share/puppetcamp/journal").expanduser()


def have_written(log: logging.Logger) -> None:
    """Have every kernel that starts from now on write the journal."""
    path = journal_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("cells that are run are not noted: %s", error)
    else:
        os.environ[VARIABLE] = str(path)
