"""What a result looks like: complete, escaped, limited."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import nbformat
import pytest

from puppet_kernel.display import (
    VERDICT_MIME,
    outputs,
    to_html,
    to_text,
    verdict_data,
    words,
)
from puppet_kernel.expect import judge
from puppet_kernel.results import (
    CellResult,
    Change,
    Finding,
    Kind,
    Problem,
    ResourceResult,
    State,
    Verdict,
)

EVIL = "</pre><script>alert('1')</script><img src=x onerror=\"alert(1)\">&"
DIFF = "--- /etc/motd (before)\n+++ /etc/motd (after)\n@@ -1 +1 @@\n-old\n+new\n"


def resource(state: State, number: int = 1, **more: object) -> ResourceResult:
    title = f"/tmp/{number}"  # noqa: S108 - a name, never a file
    given: dict[str, object] = {"line": number, **more}
    return ResourceResult(
        f"File[{title}]",
        "File",
        title,
        state,
        **given,  # type: ignore[arg-type]
    )


def everything(text: str) -> CellResult:
    """Return a result that says `text` wherever it can say something."""
    change = Change("mode", text, text, text, "success")
    problem = Problem("error", text, 1, 1, text, text, text)
    return CellResult(
        Kind.APPLY,
        resources=(
            ResourceResult(text, text, text, State.CHANGED, (change,), text, 1, text),
        ),
        errors=(problem,),
        warnings=(problem,),
        notices=(problem,),
        output=text,
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in {"br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(html: str) -> set[str]:
    parser = Tags()
    parser.feed(html)
    assert not parser.open
    return parser.seen


def test_text_of_attendees_is_escaped() -> None:
    html = to_html(everything(EVIL))
    assert tags(html) <= {
        *("div", "b", "span", "table", "thead", "tbody", "tr", "th", "td"),
        *("br", "details", "summary", "pre"),
    }
    assert "<script" not in html


def test_control_characters_do_not_reach_the_page() -> None:
    assert "\x1b" not in to_html(everything("\x1b[31mred\x00"))


@pytest.mark.parametrize("state", list(State))
def test_a_state_is_told_in_words_and_by_a_mark(state: State) -> None:
    result = CellResult(Kind.APPLY, (resource(state),))
    for picture in (to_text(result), to_html(result)):
        assert words.NAMES[state] in picture
        assert words.MARKS[state] in picture
        assert "File[/tmp/1]" in picture


def test_marks_differ() -> None:
    assert len(set(words.MARKS.values())) == len(State)


def test_the_verdict_line_counts() -> None:
    states = [State.CHANGED] * 3 + [State.UNCHANGED] * 2
    result = CellResult(
        Kind.APPLY,
        tuple(resource(state, n) for n, state in enumerate(states)),
        seconds=0.21,
    )
    assert words.verdict_line(result) == "3 changed, 2 already right, in 0.2 s"
    assert to_text(result).endswith("3 changed, 2 already right, in 0.2 s")


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (61.4, "1 min 1 s")]
)
def test_seconds_read_well(seconds: float, told: str) -> None:
    assert words.seconds(seconds) == told


def test_a_diff_unfolds() -> None:
    result = CellResult(Kind.APPLY, (resource(State.CHANGED, diff=DIFF),))
    html = to_html(result)
    assert "<details><summary>diff</summary>" in html
    assert "-old</span>" in html
    assert "    -old\n    +new\n" in to_text(result)


def test_notices_and_warnings_are_shown_with_their_place() -> None:
    result = CellResult(
        Kind.APPLY,
        notices=(Problem("notice", "hello"),),
        warnings=(Problem("warning", "careful", 3, None, "/m/init.pp"),),
    )
    text = to_text(result)
    assert "notice: hello" in text
    assert "warning (/m/init.pp line 3): careful" in text
    assert "careful" in to_html(result)


def test_a_great_many_resources_are_cut_the_unchanged_first() -> None:
    quiet = tuple(resource(State.UNCHANGED, n) for n in range(5_000))
    loud = (resource(State.FAILED, 7_001), resource(State.CHANGED, 7_002))
    result = CellResult(Kind.APPLY, quiet + loud)
    for picture in (to_text(result), to_html(result)):
        assert "File[/tmp/7001]" in picture
        assert "File[/tmp/7002]" in picture
        assert "4802 more resources (4802 unchanged)" in picture
        assert len(picture) < 200_000


def test_everything_long_is_cut_with_a_note() -> None:
    huge = "x" * 3_000_000
    result = replace(everything(huge), output="")
    size = len(json.dumps(outputs(result)))
    assert size < 200_000
    assert "more characters" in to_text(result)


def test_a_long_diff_is_cut_with_a_note() -> None:
    diff = "".join(f"+line {n}\n" for n in range(10_000))
    result = CellResult(Kind.APPLY, (resource(State.CHANGED, diff=diff),))
    for picture in (to_text(result), to_html(result)):
        assert "more lines of the diff" in picture
        assert len(picture) < 40_000


def test_an_error_shows_the_line_with_a_caret_below() -> None:
    problem = Problem("error", "Syntax error at 'mode'", 5, 3, None, "SYNTAX_ERROR", "")
    result = CellResult(
        Kind.APPLY,
        errors=(replace(problem, excerpt="\tmode => '0644'", column=2),),
        completed=False,
    )
    (error,) = outputs(result)
    assert error["ename"] == "SyntaxError"
    assert error["evalue"] == "Syntax error at 'mode' (line 5, column 2)"
    told, line, caret = error["traceback"]
    assert "\x1b[1m" in told
    assert line.endswith("\tmode => '0644'")
    assert caret.split("│")[1] == " \x1b[0m\t\x1b[1m^\x1b[0m"


def test_an_error_in_a_module_names_the_file() -> None:
    problem = Problem("error", "boo", 3, 7, "/m/manifests/init.pp")
    (error,) = outputs(CellResult(Kind.APPLY, errors=(problem,), completed=False))
    assert "/m/manifests/init.pp line 3, column 7" in error["evalue"]


def test_a_passed_check_carries_its_verdict() -> None:
    result = CellResult(Kind.EXPECT, (resource(State.UNCHANGED),))
    result = replace(result, verdict=judge(result, "motd"))
    (output,) = outputs(result)
    assert output["data"][VERDICT_MIME] == {
        "check_id": "motd",
        "passed": True,
        "reason": "1 resource as expected",
        "problems": [],
        "findings": [],
    }
    assert "motd: passed: 1 resource as expected" in output["data"]["text/plain"]


def test_a_failed_check_ends_with_an_error() -> None:
    change = Change("mode", "", "0644", "0600", "noop")
    result = CellResult(
        Kind.EXPECT, (resource(State.PENDING, changes=(change,), diff=DIFF),)
    )
    result = replace(result, verdict=judge(result, "motd"))
    picture, error = outputs(result)
    verdict = picture["data"][VERDICT_MIME]
    assert verdict["passed"] is False
    assert verdict["findings"] == [
        {
            "reference": "File[/tmp/1]",
            "line": 1,
            "says": "mode is 0644, expected 0600",
            "hint": "mode is 0644, which is not what the task asks for",
        }
    ]
    assert "-old" in picture["data"]["text/plain"]
    assert "out of step" in picture["data"]["text/html"]
    assert error["ename"] == "ExpectationFailed"
    assert error["evalue"] == "motd: File[/tmp/1]: mode is 0644, expected 0600"


def test_a_verdict_is_bounded() -> None:
    finding = Finding("File[/x]", "y" * 100_000, "z" * 100_000)
    verdict = Verdict("x", False, "r" * 100_000, ("p" * 9_000,) * 999, (finding,) * 999)
    assert len(json.dumps(verdict_data(verdict))) < 100_000


def test_whatever_is_not_ok_ends_with_an_error() -> None:
    unfinished = CellResult(Kind.APPLY, completed=False)
    interrupted = CellResult(Kind.APPLY, completed=False, interrupted=True)
    for result in (unfinished, interrupted):
        assert outputs(result)[-1]["output_type"] == "error"


def test_a_notify_in_a_check_is_a_note() -> None:
    said = Change("message", "", "absent", "look here", "noop")
    notify = ResourceResult("Notify[x]", "Notify", "x", State.PENDING, (said,))
    result = CellResult(Kind.EXPECT, (notify, resource(State.UNCHANGED)))
    text = to_text(replace(result, verdict=judge(result, None)))
    assert "notify: look here" in text
    assert "out of step" not in text
    assert "passed: 1 resource as expected" in text


@pytest.mark.parametrize(
    ("said", "in_columns"),
    [("syntax error\npanel ALL\n      ^", True), ("cannot be found", False)],
)
def test_what_points_at_a_place_stands_in_columns(said: str, in_columns: bool) -> None:
    change = Change("ensure", said, "absent", "file", "failure")
    shown = to_html(
        CellResult(Kind.APPLY, (resource(State.FAILED, changes=(change,)),))
    )
    code = re.search(
        r'font-family: var\(--jp-code[^"]*">[^<]*' + re.escape(said), shown
    )
    assert bool(code) == in_columns
    assert said in shown


def test_an_empty_cell_shows_nothing() -> None:
    assert outputs(CellResult(Kind.EMPTY)) == []


def test_outputs_are_valid_in_a_notebook() -> None:
    found = [
        nbformat.from_dict(output)  # type: ignore[no-untyped-call]
        for output in outputs(everything("x"))
    ]
    cell = nbformat.v4.new_code_cell("x", outputs=found)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert [o["output_type"] for o in found] == ["stream", "display_data", "error"]


def test_results_are_plain_data() -> None:
    plain = everything("x").to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["resources"][0]["state"] == "changed"


def test_every_colour_follows_the_theme() -> None:
    rows = tuple(resource(state, n, diff=DIFF) for n, state in enumerate(State))
    notes = (Problem("warning", "careful", 1),)
    told = CellResult(Kind.APPLY, rows, warnings=notes, notices=notes)
    checked = replace(told, kind=Kind.EXPECT, verdict=judge(told, "x"))
    for result in (told, checked):
        colours = re.findall(r"(?:color: |solid )([^;\"]+)", to_html(result))
        assert len(colours) > len(rows)
        for colour in colours:
            assert re.fullmatch(r"inherit|var\(--jp-[a-z0-9-]+, #[0-9a-f]{6}\)", colour)
        assert "background" not in to_html(result)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0002, ""), (0.0123, "12 ms"), (0.9997, "1.0 s")]
)
def test_a_resource_says_how_long_it_took(seconds: float, told: str) -> None:
    result = CellResult(Kind.APPLY, (resource(State.CHANGED, seconds=seconds),))
    assert f'white-space: nowrap">{told}</td></tr>' in to_html(result)


def test_text_tells_of_long_waits_only() -> None:
    quick, slow = (resource(State.CHANGED, n, seconds=s) for n, s in ((1, 0.1), (2, 2)))
    first, second, _ = to_text(CellResult(Kind.APPLY, (quick, slow))).split("\n")
    assert "ms" not in first
    assert second.endswith("(2.0 s)")
