"""Text out of a container keeps its words and colours, and commands nobody."""

import json
import time

import pytest

from puppetcamp.grading import clean

ESC = "\x1b"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("plain\n\tÄ 字 🐫", "plain\n\tÄ 字 🐫", id="words"),
        pytest.param(f"{ESC}[31mred{ESC}[0m", f"{ESC}[31mred{ESC}[0m", id="colour"),
        pytest.param(f"{ESC}[38;5;28;01mx", f"{ESC}[38;5;28;01mx", id="256 colours"),
        pytest.param(f"{ESC}[mx", f"{ESC}[mx", id="an end of colours"),
        pytest.param(f"a{ESC}[2Jb{ESC}[1;1Hc", "abc", id="cursor"),
        pytest.param(f"{ESC}[8mhidden{ESC}[5mblink", "hiddenblink", id="concealed"),
        pytest.param(f"{ESC}]0;title\x07x{ESC}]8;;http://x{ESC}\\y", "xy", id="OSC"),
        pytest.param(f"{ESC}]52;c;eA==\nnext", "\nnext", id="an OSC without an end"),
        pytest.param("\x9b2Ja\x9d0;t\x9cb", "ab", id="8-bit commands"),
        pytest.param(f"{ESC}{ESC}[2J[31mx", "[31mx", id="one within another"),
        pytest.param(f"x{ESC}", "x", id="half of one"),
        pytest.param(f"{ESC}cx{ESC}(0y", "xy", id="reset and character set"),
        pytest.param("a\x00b\x08c\x7f", "abc", id="controls"),
        pytest.param("10%\r50%\r100%\ndone\r\n", "100%\ndone\n", id="a progress bar"),
        pytest.param("a\u202eb\u2066c\u200bd", "a\ufffdb\ufffdc\ufffdd", id="bidi"),
        pytest.param("\ud800x\ufffe", "\ufffdx\ufffd", id="no characters"),
        pytest.param("a\u2028b", "a\nb", id="another line end"),
        pytest.param(["a", "b"], "ab", id="lines as notebooks store them"),
        pytest.param(["a", 1], "", id="no lines"),
        pytest.param({"a": 1}, "", id="no text"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_text(said: object, shown: str) -> None:
    assert clean.text(said, 1000) == shown


def test_long_text_ends_with_a_note_and_never_in_an_escape() -> None:
    cut = clean.text("x" * 60 + f"{ESC}[31m" * 10, 100)
    assert len(cut) <= 100
    assert cut.endswith(clean.LEFT_OUT)
    assert cut.count(ESC) == cut.count(f"{ESC}[31m")


@pytest.mark.parametrize(
    "piece", [ESC, f"{ESC}]", f"{ESC}[", "\r", "\x9b0;", f"{ESC}[0;", "0;", "\ud800"]
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    clean.text(piece * 200_000, 256 * 1024)
    assert time.process_time() - began < 1


def test_data_is_bounded_in_depth_items_and_text() -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    data = clean.data({"deep": deep, "wide": list(range(10**4)), "long": "x" * 10**5})
    assert len(json.dumps(data)) < 5000
    assert data["deep"] == [[[[[None]]]]]


def test_data_keeps_what_json_can_say() -> None:
    said = {"a": [1, 2.5, True, None, f"{ESC}[2Jx"], "b": float("nan"), "c": 10**30}
    shown = {"a": [1, 2.5, True, None, "x"], "b": None, "c": None}
    assert clean.data(said) == shown
    json.dumps(clean.data(said), allow_nan=False)
