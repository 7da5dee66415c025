"""All or nothing: what was begun is taken back, and no signal comes in between."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a shutdown, a lost connection."""


@contextmanager
def all_or_nothing() -> Iterator[ExitStack]:
    """Give a stack of ways back, which are gone only if the block fails."""
    undo = ExitStack()
    try:
        yield undo
    except BaseException:
        with uninterrupted():
            undo.close()
        raise


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let interruptions wait until the block has ended.

    A request to Docker Engine that is given up halfway is carried out all the same,
    after its undoing. Handlers are exchanged, not masked: a mask holds for one thread,
    and the kernel would hand the signal to another one. For the main thread only.
    """
    waiting: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        waiting.append(number)

    before = {number: signal.signal(number, note) for number in INTERRUPTIONS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        for noted in waiting[:1]:
            signal.raise_signal(noted)
