"""What a test needs from the machine: a skip on a laptop, a failure in CI."""

import os

import pytest


def need(condition: object, reason: str) -> None:
    """Skip the test unless `condition` holds; with CI=true, fail instead."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing on this CI machine: {reason}")
    pytest.skip(reason)
