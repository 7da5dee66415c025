"""What a terminal reads of the time: one line in a file, written by the seat's server.

The line is a word and perhaps seconds: ``running ENDS`` (a moment of /proc/uptime,
which no setting of the machine's clock moves), ``paused LEFT``, ``unlimited`` or
``unknown``.
"""

import os
import time
from pathlib import Path

from puppetcamp_lab.server.clock.standing import Answer

FOLDER_VARIABLE = "PUPPETCAMP_RUN"
FOLDER = "/run/puppetcamp"


def uptime() -> float:
    """Return the seconds since the machine started, its sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def run_folder() -> Path:
    """Name the folder of what lives as long as the seat's container."""
    return Path(os.environ.get(FOLDER_VARIABLE) or FOLDER)


def line(answer: Answer | None) -> str:
    """Say an answer as a shell can read it."""
    if answer is None:
        return "unknown"
    remaining = answer.remaining(answer.at)
    if remaining is None:
        return "unlimited"
    if answer.paused:
        return f"paused {remaining:.2f}"
    return f"running {answer.at + remaining:.2f}"


def write(folder: Path, answer: Answer | None) -> None:
    """Put an answer where terminals look, at once or not at all; raises OSError."""
    new = folder / "time.new"
    new.write_text(line(answer) + "\n")
    new.replace(folder / "time")
