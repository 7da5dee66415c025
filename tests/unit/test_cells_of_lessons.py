"""What becomes of a lesson's cells when a learner does as its text says."""

from typing import Any

from puppetcamp.course.lessons import checks_that_pass, mended
from puppetcamp.course.pages import may_fail

SHOWN = "raises-exception"


def _code(name: str, source: str | list[str], *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)}
    return {"cell_type": "code", "id": name, "source": source, "metadata": metadata}


def _answer(target: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "source": ["```puppet\n", "include cafe\n", "```\n"],
        "metadata": {"puppetcamp": {"answers": target}},
    }


def test_a_check_that_only_shows_something_need_not_pass() -> None:
    cells = [
        _code("passes", "%%expect a\nfile { '/a': }"),
        _code("shown", "%%idempotent\nexec { '/bin/true': }", SHOWN),
        _code("task", "# Write here."),
        _code("between", "notify { 'no check': }", SHOWN),
        _code("theirs", ["%%compiled b\n", "include cafe\n"], SHOWN),
        _answer("task"),
    ]
    assert checks_that_pass(cells) == ["passes", "theirs"]


def test_without_an_answer_nothing_is_left_to_the_learner() -> None:
    assert checks_that_pass([_code("shown", "%%drift a", SHOWN)]) == []


def test_a_cell_that_is_mended_works_and_shows_something_else() -> None:
    broken = _code("broken", "package { 'tre': }", SHOWN, "kept")
    about = {"changes": [["tre'", "tree'"]], "shows": ["Package[tree]"]}
    broken["metadata"]["puppetcamp"] = {"shows": ["Unable"], "mended": about}
    (found,) = mended([_code("plain", "notify { 'x': }"), broken])
    assert found["source"] == "package { 'tree': }"
    assert found["metadata"] == {
        "tags": ["kept"],
        "puppetcamp": {"shows": ["Package[tree]"]},
    }
    assert may_fail(broken), "the page itself is as it was"
