"""Show a cell while it runs: what it prints, and how far it has come."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from puppet_kernel import display
from puppet_kernel.assemble import live_text
from puppet_kernel.display import words
from puppet_kernel.display.progress import Progress
from puppet_kernel.results import CellResult, Kind
from puppet_kernel.worker import Event

Tell = Callable[[str, dict[str, Any]], None]


class LiveCell:
    """Send the messages of one running cell, by the Jupyter protocol's names.

    `tell` sends a message of a type with a content. The progress is a display of its
    own, which the result takes the place of in the end. A shell has none: it is for
    its script to say how far it is.
    """

    def __init__(self, tell: Tell, kind: Kind) -> None:
        self._tell = tell
        self._kind = kind
        doing = "asking" if kind is Kind.ANSWER else "compiling"
        self._progress = Progress(time.monotonic(), doing)
        self._display_id = uuid.uuid4().hex

    def hear(self, event: Event) -> None:
        """Show what an event of the worker says, if it says anything."""
        text = live_text(event)
        if text:
            self._tell("stream", {"name": "stdout", "text": text})
        if self._kind is Kind.SHELL:
            return
        shown, now = self._progress.shown, time.monotonic()
        if self._progress.hear(event, now):
            data = {
                "text/plain": self._progress.to_text(now),
                "text/html": self._progress.to_html(now),
            }
            self._display(data, update=shown)

    def stop(self) -> None:
        """Have the progress say that the cell was interrupted, once more each time."""
        self._progress.stops += 1

    def finish(self, result: CellResult) -> None:
        """Show what a result shows, the first of it in the progress's place."""
        pictures = display.pictures(result)
        if self._progress.shown and not pictures:
            pictures = [{"text/plain": words.verdict_line(result)}]
        if pictures and self._progress.shown:
            self._display(pictures.pop(0), update=True)
        for data in pictures:
            self._tell("display_data", {"data": data, "metadata": {}})

    def abandon(self, reason: str) -> None:
        """Put a reason in the progress's place: the cell will have no result."""
        if self._progress.shown:
            self._display({"text/plain": reason}, update=True)

    def _display(self, data: dict[str, Any], *, update: bool) -> None:
        content = {
            "data": data,
            "metadata": {},
            "transient": {"display_id": self._display_id},
        }
        self._tell("update_display_data" if update else "display_data", content)
