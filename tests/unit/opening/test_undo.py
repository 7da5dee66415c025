"""All or nothing, whatever interrupts."""

import os
import signal

import pytest

from puppetcamp.opening.undo import all_or_nothing, uninterrupted


def test_a_failure_takes_back_the_last_first() -> None:
    done: list[str] = []
    with pytest.raises(ValueError, match="broken"), all_or_nothing() as undo:  # noqa: PT012
        undo.callback(done.append, "network")
        undo.callback(done.append, "container")
        message = "broken"
        raise ValueError(message)
    assert done == ["container", "network"]


def test_success_takes_nothing_back() -> None:
    done: list[str] = []
    with all_or_nothing() as undo:
        undo.callback(done.append, "network")
    assert done == []


def test_an_interruption_waits() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("what was begun")
        done.append("never")
    assert done == ["what was begun"]


def test_a_second_interruption_does_not_stop_the_undoing() -> None:
    done = []

    def impatient() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        done.append("taken back")

    with pytest.raises(KeyboardInterrupt), all_or_nothing() as undo:  # noqa: PT012
        undo.callback(impatient)
        raise KeyboardInterrupt
    assert done == ["taken back"]
