"""Make a bundle: `python -m puppetcamp_lab.takehome HOME TASK > BUNDLE.zip`.

Runs in a container of its own that holds nothing else of value and has no network. HOME
is anybody's; TASK is the service's. Ends with 0 when the bundle is whole.
"""

import logging
import sys
from pathlib import Path

from puppetcamp_lab.takehome.bundle import Bundle
from puppetcamp_lab.takehome.home import Home
from puppetcamp_lab.takehome.limits import Limits
from puppetcamp_lab.takehome.task import read_task


def main() -> None:
    """Write the bundle to standard output."""
    logging.basicConfig(level=logging.WARNING)
    home, task = Path(sys.argv[1]), read_task(Path(sys.argv[2]).read_bytes())
    limits = Limits()
    with Home(home, limits) as found:
        Bundle(found, task, limits, sys.stdout.buffer).write()
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
