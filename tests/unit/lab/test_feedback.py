"""A page of feedback: what it tells, and what it must not hold."""

import base64
import re
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.server_extensions.formgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from puppetcamp_lab import feedback
from puppetcamp_lab.feedback.hidden import visible
from puppetcamp_lab.feedback.markup import markdown
from puppetcamp_lab.feedback.plain import MAX_LINES, plain
from puppetcamp_lab.feedback.verdict import VERDICT_MIME, Finding, tell
from puppetcamp_lab.nbgrader_defaults import configure

pytestmark = [
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

HIDDEN = """%%expect access
file { '/srv/page':
  owner => 'root',
  ### BEGIN HIDDEN TESTS
  mode  => '0664',
  ### END HIDDEN TESTS
}"""
OPEN = "%%expect page\nfile { '/srv/page':\n  content => 'hello',\n}"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8


def verdict(passed: bool = False, **more: Any) -> dict[str, Any]:
    told = {"check_id": "access", "passed": passed, "reason": "x", **more}
    data = {
        VERDICT_MIME: told,
        "text/plain": "the table: mode is 0666, expected 0664",
        "text/html": "<b>mode is 0666, expected 0664</b>",
    }
    return dict(new_output("display_data", data=data))


def error(name: str, value: str = "", *traceback: str) -> dict[str, Any]:
    return dict(
        new_output("error", ename=name, evalue=value, traceback=list(traceback))
    )


FINDING = {
    "reference": "File[/srv/page]",
    "line": 2,
    "says": "mode is 0666, expected 0664",
    "hint": "mode is 0666, which is not what the task asks for",
}


def test_an_open_check_is_told_in_full() -> None:
    told = tell([verdict(findings=[FINDING]), error("CheckFailed")], visible(OPEN))
    assert told.findings == (Finding("File[/srv/page]", FINDING["says"]),)
    assert told.show_outputs
    assert told.passed is False


@pytest.mark.parametrize(
    "more",
    [
        {"findings": [FINDING]},
        {"problems": ["File[/srv/page]: mode is 0666, expected 0664"]},
        {"reason": "File[/srv/page]: mode is 0666, expected 0664"},
        {"findings": [{"says": "0664", "hint": None}, "0664", None]},
        {"findings": "0664", "problems": ["0664 without a resource"]},
    ],
)
def test_a_hidden_check_is_told_without_what_it_wants(more: dict[str, Any]) -> None:
    outputs = [verdict(**more), error("CheckFailed", "expected 0664", "0664")]
    told = tell(outputs, visible(HIDDEN))
    assert not told.show_outputs
    assert "0664" not in repr(told)
    assert told.findings or told.note
    if "findings" in more and more["findings"] == [FINDING]:
        assert told.findings[0].says == FINDING["hint"]


def test_a_hidden_check_says_when_the_run_itself_went_wrong() -> None:
    slow = "It did not end within 30 s and was stopped."
    told = tell([error("TimeLimit", slow)], visible(HIDDEN))
    assert told.note == slow
    told = tell([error("CompileError", "Syntax error at '0664'")], visible(HIDDEN))
    assert "0664" not in told.note
    assert "looks closer" in told.note


PYTHON = """assert square(2) == 4
### BEGIN HIDDEN TESTS
assert square(3) == 9
assert square(4) == 16, 'square of four'
### END HIDDEN TESTS"""


def test_a_python_check_names_the_visible_line_that_failed() -> None:
    def failed(number: int, text: str, said: str = "") -> str:
        traceback = f"\x1b[31mAssertionError\x1b[0m\n----> {number} {text}"
        outputs = [error("AssertionError", said, traceback)]
        return tell(outputs, visible(PYTHON)).note

    assert failed(1, "assert square(2) == 4").endswith("assert square(2) == 4")
    assert "9" not in failed(3, "assert square(3) == 9")
    assert "9" not in failed(3, "assert square(3) == 9", "8 is not 9")
    assert failed(4, "assert square(4) == 16", "square of four") == "square of four"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a\n# BEGIN HIDDEN TESTS\nb", "a\n…"),
        ("a\nb\n# END HIDDEN TESTS\nc", "…\nc"),
        (
            "# BEGIN HIDDEN TESTS\n# BEGIN HIDDEN TESTS\nb\n# END HIDDEN TESTS\nc",
            "…\nc",
        ),
        ("a\nb", "a\nb"),
    ],
)
def test_what_is_marked_oddly_is_hidden(source: str, shown: str) -> None:
    assert visible(source).text("…") == shown


def test_terminal_escapes_and_floods_become_plain_text() -> None:
    bold = (
        "\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"
    )
    assert plain(bold) == "red link"
    assert plain("10%\r20%\r\n\x9b31mx\x07\u202e") == "20%\nx��"
    flood = plain("y\n" * 10**6)
    assert flood.count("\n") == MAX_LINES
    assert flood.endswith("left out.")
    assert len(plain("\x1b[" * 10**6)) < 100


def test_markdown_holds_nothing_active() -> None:
    html = markdown(
        "# Task\n<script>alert(1)</script>\n\na <b onclick=x>![pic](http://x/y.png) "
        "[go](javascript:alert(1)) [ok](https://x)\n\n<img src=x onerror=alert(1)>"
    )
    assert html.startswith("<h3>Task</h3>")
    assert "<script" not in html
    assert "<img" not in html
    assert "(pic)" in html
    assert "<b" not in html
    assert 'href="javascript' not in html
    assert '<a href="https://x">ok</a>' in html


@pytest.fixture
def course(tmp_path: Path) -> NbGraderAPI:
    """Give a course with one autograded submission of ada's, full of bad intentions."""
    config = Config()
    configure(config)
    feedback.configure(config)
    config.CourseDirectory.course_id = "puppet"
    config.CourseDirectory.root = str(tmp_path)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    source = tmp_path / "source" / "first"
    source.mkdir(parents=True)
    nbformat.write(notebook(), source / "first.ipynb")
    made = api.generate_assignment("first")
    assert made["success"], made
    graded = tmp_path / "autograded" / "ada" / "first"
    graded.mkdir(parents=True)
    nbformat.write(notebook(outputs=True), graded / "first.ipynb")
    (graded / "timestamp.txt").write_text("2026-11-22 10:30:00.123456 UTC")
    with Gradebook(api.coursedir.db_url, "puppet") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("first", "ada")
        gradebook.find_grade("page", "first", "first", "ada").auto_score = 2
        gradebook.find_grade("access", "first", "first", "ada").auto_score = 0
        comment = gradebook.find_comment("answer", "first", "first", "ada")
        comment.manual_comment = "Well *done*. <script>alert('instructor')</script>"
        gradebook.db.commit()
    return api


def notebook(outputs: bool = False) -> Any:
    attack = [
        new_output(
            "display_data",
            data={
                "text/html": "<script>alert('html')</script>",
                "application/javascript": "alert('js')",
                "image/svg+xml": "<svg onload=alert('svg')>",
                "text/plain": "\x1b[2J<script>alert('text')</script>",
            },
        ),
        new_output(
            "display_data",
            data={"image/png": base64.b64encode(PNG).decode(), "text/plain": "dots"},
        ),
        new_output("display_data", data={"image/png": "PHNjcmlwdD4="}),
        new_output("stream", text="I read:   mode  => '0664', \n"),
    ]
    failed = [verdict(findings=[FINDING]), error("CheckFailed", "expected 0664")]
    answer = "### BEGIN SOLUTION\nfile { '/srv/page': }\n### END SOLUTION"
    if outputs:
        answer = "notice('</pre><script>alert(0)</script>')"
    cells = [
        new_markdown_cell("# The page"),
        new_code_cell(answer, metadata=mark("answer", solution=True)),
        new_code_cell(OPEN, metadata=mark("page", grade=True, points=2)),
        new_code_cell(HIDDEN, metadata=mark("access", grade=True, points=3)),
    ]
    if outputs:
        cells[1].outputs = attack
        passed = verdict(True)
        passed["data"]["text/plain"] = "✓ as expected  File[/srv/page]"
        cells[2].outputs = [nbformat.from_dict(passed)]
        cells[3].outputs = [nbformat.from_dict(output) for output in failed]
    kernel = {"name": "puppet", "language": "puppet", "display_name": "Puppet"}
    return new_notebook(
        cells=cells,
        metadata={"kernelspec": kernel, "language_info": {"name": "puppet"}},
    )


def mark(name: str, **traits: Any) -> dict[str, Any]:
    plain_cell = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **plain_cell, **traits}}


def test_nbgrader_makes_a_page_that_holds_no_secret_and_nothing_active(
    course: NbGraderAPI,
) -> None:
    done = course.generate_feedback("first", "ada")
    assert done["success"], done
    folder = Path(course.coursedir.root) / "feedback" / "ada" / "first"
    page = (folder / "first.html").read_text()
    words = " ".join(
        re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S).split()
    )

    assert "You earned 2 of 5 points" in words
    assert "22 November 2026, 10:30:00 UTC" in words
    assert re.search(r"page ✓ passed 2 of 2", words)
    assert re.search(r"access ✗ not passed 0 of 3", words)
    assert "File[/srv/page] mode is 0666, which is not what the task asks for" in words
    assert "here the check looks closer" in words
    assert "Well done ." in words
    assert "dots" in page
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in page

    assert "0664" not in page
    assert "HIDDEN TESTS" not in page
    assert "\x1b" not in page
    assert "<script" not in page
    assert "<svg" not in page
    assert "alert(&#39;html" not in page
    assert "alert(&#39;js" not in page
    tags = set(re.findall(r"<([a-z0-9]+)", page))
    assert tags <= set(
        "html head meta title style body main header p h1 h2 h3 strong time table "
        "caption thead tbody tr th td a span div section pre code ul li em img "
        "details summary".split()
    )
    assert not re.search(r"\son[a-z]+\s*=", page.partition("</style>")[2].lower())


def test_formgrader_shows_a_submission_without_anything_active(
    course: NbGraderAPI,
) -> None:
    hostile = notebook(outputs=True)
    attack = "<img src=x onerror=alert(1)> <script>alert(2)</script> 1 < 2 [x](y)"
    raw = new_raw_cell(attack, metadata={"raw_mimetype": "text/html"})
    hostile.cells += [new_markdown_cell(attack), raw]
    hostile.cells[1].outputs[1].metadata = {"image/png": {"width": '1"><script>'}}
    hostile.cells[1].outputs[2].data["image/png"] = '"><script>alert(3)</script>'
    hostile.cells[1].metadata.tags = ['"><script>alert(4)</script>']
    hostile.metadata.title = "</title><script>alert(5)</script>"
    hostile.metadata.kernelspec.name = "python3"
    # As nbgrader's FormgradeExtension does.
    config = Config(course.config)
    config.HTMLExporter.template_name = "formgrade"
    templates = Path(nbgrader.server_extensions.formgrader.__file__).parent
    config.HTMLExporter.extra_template_basedirs = [str(templates / "templates")]
    names = ("assignment_id", "notebook_id", "submission_id", "student", "base_url")
    resources: dict[str, Any] = dict.fromkeys((*names, "notebook_path"), "x")
    resources |= {"index": 0, "total": 1, "first_name": "", "last_name": ""}
    page, _ = HTMLExporter(config=config).from_notebook_node(hostile, resources)
    assert "alert(" in page, "its text is shown"
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, flags=re.S):
        assert "alert(" not in script
    assert not re.search(r"<(img|svg)[^>]*(onerror|onload)", page)
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in page
    assert "1 &lt; 2" in page
