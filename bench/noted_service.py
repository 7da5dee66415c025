"""The camp's service as it is, with a note of when its enforcer asks for each stop."""

import logging
import os
import sys
from pathlib import Path

from puppetcamp import service

_SAYS = "the time of %s is up"


class Notes(logging.Handler):
    """Write into $BENCH_STOPS what the enforcer logs right before it asks the hub."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note whose stop it is, by this machine's clock."""
        if str(record.msg).startswith(_SAYS) and isinstance(record.args, tuple):
            with Path(os.environ["BENCH_STOPS"]).open("a") as notes:
                notes.write(f"asked {record.args[0]} {record.created}\n")


if __name__ == "__main__":
    logging.getLogger("puppetcamp").addHandler(Notes())
    sys.exit(service.main())
