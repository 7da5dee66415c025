"""All or nothing: what was begun is taken back, and no signal comes in between."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
    after its undoing.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
