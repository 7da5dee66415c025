"""Tell how far a batch is while nbgrader works through it."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from puppetcamp_lab.autograding.batch import Batch, Progress
from puppetcamp_lab.client import ServiceError

VARIABLE = "PUPPETCAMP_PROGRESS"
"""Set to `json`, progress is written to standard output, one JSON object a line."""

_EVERY = 1.0
_LINES_EVERY = 5.0


class Reporter:
    """Ask the service once a second, and say what has changed."""

    def __init__(self, batch: Batch, say: Callable[[str], None]) -> None:
        self._batch = batch
        self._say = say
        self._json = os.environ.get(VARIABLE) == "json"
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._said = ""

    def start(self) -> None:
        """Begin to report."""
        self._thread.start()

    def stop(self) -> None:
        """End, with a last report."""
        self._end.set()
        self._thread.join()

    def _follow(self) -> None:
        last = 0.0
        while True:
            over = self._end.wait(_EVERY)
            try:
                progress = self._batch.progress()
            except (ServiceError, KeyError, TypeError, ValueError):
                # The service may be starting again; whoever waits for it says so.
                progress = None
            if progress is not None:
                now = time.monotonic()
                if self._json:
                    self._write(progress)
                elif over or progress.finished or now - last >= _LINES_EVERY:
                    last = now
                    self._line(progress)
                if progress.finished:
                    return
            if over:
                return

    def _write(self, progress: Progress) -> None:
        print(
            json.dumps({**asdict(progress), "sentence": progress.sentence}),
            file=sys.stdout,
            flush=True,
        )

    def _line(self, progress: Progress) -> None:
        if progress.sentence != self._said:
            self._said = progress.sentence
            self._say(progress.sentence)
