"""Changes and failures in few words, each told once."""

import pytest

from puppet_kernel.display import outputs, to_text, words
from puppet_kernel.results import (
    CellResult,
    Change,
    Kind,
    Problem,
    ResourceResult,
    State,
)


@pytest.mark.parametrize(
    ("previous", "desired", "told"),
    [
        ("purged", "present", "not installed → installed"),
        ("absent", "present", "not installed → installed"),
        ("absent", "purged", "not installed → purged"),
        ("purged", "latest", "not installed → latest"),
        ("purged", "1.2-3", "not installed → 1.2-3"),
        ("1.2-3", "absent", "1.2-3 → not installed"),
        ("1.2-3", "1.2-4", "1.2-3 → 1.2-4"),
    ],
)
def test_packages_are_told_in_plain_words(
    previous: str, desired: str, told: str
) -> None:
    for status in ("success", "noop"):
        change = Change("ensure", "created", previous, desired, status)
        package = ResourceResult("Package[x]", "Package", "x", State.CHANGED, (change,))
        assert words.happened(package, Kind.APPLY) == [told]


def test_a_failure_is_told_whole_once() -> None:
    noise = "\n".join(f"noise {n}" for n in range(40))
    message = f"change failed: returned 100: Reading lists...\n{noise}\nE: no such x"
    change = Change("ensure", message, "purged", "present", "failure")
    package = ResourceResult("Package[x]", "Package", "x", State.FAILED, (change,))
    result = CellResult(
        Kind.APPLY, (package,), (Problem("error", f"Package[x]: {message}", 1),)
    )
    picture, error = outputs(result)
    for shown in ("text/plain", "text/html"):
        assert "noise 20" in picture["data"][shown]
        assert "E: no such x" in picture["data"][shown]
    short = "Package[x]: change failed: returned 100: Reading lists... … E: no such x"
    assert error["evalue"] == f"{short} (line 1)"
    assert short in error["traceback"][0]
    assert "noise" not in "".join(error["traceback"])


def test_an_error_that_no_row_tells_is_told_whole() -> None:
    result = CellResult(
        Kind.APPLY, errors=(Problem("error", "one\ntwo\nthree"),), completed=False
    )
    assert "two" in "".join(outputs(result)[-1]["traceback"])


def test_a_long_failure_keeps_its_end() -> None:
    change = Change("ensure", f"began {'x' * 9_000} ended", "", "", "failure")
    package = ResourceResult("Package[x]", "Package", "x", State.FAILED, (change,))
    text = to_text(CellResult(Kind.APPLY, (package,)))
    assert "began" in text
    assert "ended" in text
    assert "more characters" in text
    assert len(text) < 2_500


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (None, "line 5"),
        ("/site.pp", "/site.pp line 5"),
        ("/etc/code/production/modules/web/manifests/init.pp", "web/manifests/init.pp"),
        ("/srv/puppet/production/manifests/site.pp", "…/manifests/site.pp line 5"),
    ],
)
def test_a_column_has_room_for_the_end_of_a_path(file: str | None, told: str) -> None:
    assert words.short_place(5, file).startswith(told)
