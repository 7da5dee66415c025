"""Notebooks for tests, as short as they can be said."""

from typing import Any


def code(source: str, **nbgrader: Any) -> dict[str, Any]:
    """Make a code cell; keyword arguments become its nbgrader metadata."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def check(source: str, grade_id: str = "check") -> dict[str, Any]:
    """Make a grade cell."""
    return code(source, grade=True, solution=False, grade_id=grade_id)


def notebook(*cells: dict[str, Any], kernel: str = "puppet") -> dict[str, Any]:
    """Make a notebook in format 4."""
    return {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {"kernelspec": {"name": kernel, "display_name": kernel}},
        "cells": list(cells),
    }
