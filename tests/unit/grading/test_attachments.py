"""Files beside a notebook stay inside their folder, and small."""

import base64

import pytest

from puppetcamp.grading import attachments
from puppetcamp.grading.attachments import checked
from puppetcamp.grading.errors import NotebookRefused

TEXT = base64.b64encode(b"text").decode()


def test_files_are_taken_along() -> None:
    files = {"data.csv": TEXT, "pictures/a b/ä.png": TEXT, "..hidden": TEXT}
    assert checked(files) == files
    assert checked(None) == {}


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "../x", "a/../../x", "a//b", ".", "..", "", "a/"),
        *("a\nb", "a\0", "x" * 121, "a/" * 8 + "b"),
    ],
)
def test_no_path_leads_away(path: str) -> None:
    with pytest.raises(NotebookRefused, match="leads away"):
        checked({path: TEXT})


def test_files_arrive_whole() -> None:
    with pytest.raises(NotebookRefused, match=r"'a'.*whole"):
        checked({"a": "no base64!"})


def test_there_is_a_limit_to_their_size_and_number() -> None:
    half = base64.b64encode(bytes(attachments.MAX_BYTES // 2 + 1)).decode()
    with pytest.raises(NotebookRefused, match="MiB"):
        checked({"a": half, "b": half})
    with pytest.raises(NotebookRefused, match="MiB"):
        checked({"a": "x" * (2 * attachments.MAX_BYTES + 1)})
    with pytest.raises(NotebookRefused, match="at most 200"):
        checked({str(number): TEXT for number in range(201)})
