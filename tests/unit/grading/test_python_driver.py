"""What the driver keeps of a cell's outputs before they leave the container."""

import json
from typing import Any

import pytest

from puppetcamp.grading.python_driver import TOO_LARGE, Outputs

TEXT = {"name": "stdout", "text": "x" * 100}


def outputs(*messages: tuple[str, dict[str, Any]], check: bool = False) -> Outputs:
    kept = Outputs(5000, check=check)
    for kind, content in messages:
        kept.take(kind, content)
    return kept


def test_streams_are_joined_until_another_comes() -> None:
    error = {"name": "stderr", "text": "e"}
    kept = outputs(("stream", TEXT), ("stream", TEXT), ("stream", error))
    assert [(item["name"], len(item["text"])) for item in kept.items] == [
        ("stdout", 2),
        ("stderr", 1),
    ]
    assert not kept.cut


@pytest.mark.parametrize("wait", [False, True])
def test_an_attendees_cell_may_clear_its_output(wait: bool) -> None:
    shown = {"data": {"text/plain": "b"}, "transient": {"display_id": "a"}}
    kept = outputs(
        ("stream", TEXT), ("clear_output", {"wait": wait}), ("display_data", shown)
    )
    shown = {"output_type": "display_data", "data": {"text/plain": "b"}}
    assert kept.items == [shown]
    kept = outputs(("stream", TEXT), ("clear_output", {"wait": True}))
    assert len(kept.items) == 1


def test_a_check_may_not() -> None:
    error = {"ename": "AssertionError", "evalue": "", "traceback": []}
    kept = outputs(("error", error), ("clear_output", {"wait": False}), check=True)
    assert kept.items == [{"output_type": "error", **error}]


@pytest.mark.parametrize("size", [10, 1000, 10**6])
def test_a_flood_ends_and_its_error_stays(size: int) -> None:
    flood = [("stream", {"name": "stdout", "text": "x" * size})] * 1000
    error = {"ename": "Error", "evalue": "y" * 10**6, "traceback": ["z"] * 10**5}
    kept = outputs(*flood, *[("error", error)] * 50, *flood)
    assert kept.cut
    assert len(json.dumps(kept.items)) < 50_000
    assert [item["output_type"] for item in kept.items].count("error") == 1


def test_what_is_too_large_to_read_is_noted() -> None:
    kept = outputs(("execute_result", {TOO_LARGE: True}), ("error", {TOO_LARGE: True}))
    kinds = [item["output_type"] for item in kept.items]
    assert kinds == ["execute_result", "stream", "error"]


def test_other_messages_are_none() -> None:
    kept = outputs(("comm_open", {}), ("status", {}), ("update_display_data", {}))
    assert kept.items == []
