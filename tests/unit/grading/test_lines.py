"""Bytes of a stranger become lines, or a fault with its reason."""

import pytest

from puppetcamp.grading.lines import ChannelLimits, LineReader

LIMITS = ChannelLimits(line=40, total=200)


def test_lines_are_put_together() -> None:
    reader = LineReader(LIMITS)
    assert list(reader.feed(b'{"a":')) == []
    assert list(reader.feed(b'1}\n{}\n{"b"')) == [b'{"a":1}\n', b"{}\n"]
    assert reader.fault is None


@pytest.mark.parametrize(
    ("chunk", "fault"),
    [
        pytest.param(b"nonsense\n", "not a JSON object", id="no JSON"),
        pytest.param(b"[" * 39 + b"\n", "not a JSON object", id="nested"),
        pytest.param(b"{}" + b" " * 60 + b"\n", "more than 40 bytes", id="long"),
        pytest.param(b"x" * 60, "more than 40 bytes", id="endless"),
        pytest.param(b"{}\n" * 90, "more than 200 bytes", id="much"),
    ],
)
def test_a_breach_is_named_and_final(chunk: bytes, fault: str) -> None:
    reader = LineReader(LIMITS)
    list(reader.feed(chunk))
    assert reader.fault is not None
    assert fault in reader.fault
    assert list(reader.feed(b"{}\n")) == []
