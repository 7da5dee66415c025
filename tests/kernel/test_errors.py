"""Errors point at the attendee's own line, in Puppet's words."""

import re
from pathlib import Path

import pytest

from puppet_kernel.display import outputs, to_text
from puppet_kernel.errors import CellError
from puppet_kernel.results import Problem
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv


def problem_of(session: Session, source: str) -> Problem:
    result = session.run_cell(source)
    assert not result.ok
    return result.errors[0]


@pytest.mark.parametrize("magic", ["", "%%noop\n", "\n\n%%noop\n", "%%expect x\n"])
def test_a_syntax_error_shows_line_and_caret(session: Session, magic: str) -> None:
    source = f"{magic}file {{ '/tmp/x':\n  ensure => file\n  mode => '0600'\n}}"
    result = session.run_cell(source)
    (problem,) = result.errors
    assert problem.message == "Syntax error at 'mode'"
    assert problem.line == source.split("\n").index("  mode => '0600'") + 1
    assert problem.column == 3
    assert problem.excerpt == "  mode => '0600'"
    assert problem.issue == "SYNTAX_ERROR"
    error = outputs(result)[-1]
    shown = [re.sub(r"\x1b\[\dm", "", line) for line in error["traceback"]]
    at = next(n for n, line in enumerate(shown) if line.endswith("mode => '0600'"))
    assert shown[at].index("mode") == shown[at + 1].index("^")
    missing = next(n for n, line in enumerate(shown) if line.endswith("=> file"))
    assert shown[missing + 1].index("^") == len(shown[missing])
    assert shown[-2:] == ["→ put a comma here; write", "    ensure => file,"]


@pytest.mark.parametrize(
    ("source", "told", "line"),
    [
        ("\nfil { '/tmp/x': }", "Unknown resource type: 'fil'", 2),
        ("notice(1)\nnotice($nope)", "Unknown variable: 'nope'", 2),
        ("\nfile { '/tmp/x':\n  ensur => file\n}", "no parameter named 'ensur'", 2),
        ("include nope", "Could not find class ::nope", 1),
        ("fail('boo')", "boo", 1),
        ("$a = 'open\nx", "Unclosed quote", 1),
        (
            "file { '/tmp/a': }\nfile { '/tmp/a': }",
            "Duplicate declaration: File[/tmp/a] is already declared at (line 1)",
            2,
        ),
    ],
)
def test_errors_have_their_line(
    session: Session, source: str, told: str, line: int
) -> None:
    problem = problem_of(session, source)
    assert told in problem.message
    assert problem.line == line
    assert problem.file is None
    assert problem.excerpt == source.split("\n")[line - 1]


def test_no_ruby_backtrace_is_shown(session: Session) -> None:
    for source in ("fail('boo')", "file { 'relative': }", "notice(1 / 0)"):
        result = session.run_cell(source)
        assert ".rb" not in "".join(outputs(result)[-1]["traceback"])
        assert ".rb:" in result.errors[0].backtrace[0]
        assert len(result.errors[0].backtrace) <= 40


def test_a_failed_command_has_the_trace_of_its_first_telling(session: Session) -> None:
    (problem,) = session.run_cell("exec { '/bin/false': }").errors
    assert ".rb:" in problem.backtrace[0]
    assert problem.hint


def test_a_warning_gets_a_hint(puppet: None) -> None:
    lenient = ["--strict", "warning", "--no-strict_variables"]
    worker = Worker(ProcessChannel([*local_worker_argv(), *lenient]))
    session = Session(worker, cwd="/")
    try:
        result = session.run_cell("$greeting = 'hi'\nnotice($greting)")
        assert result.ok
        assert "→ did you mean $greeting?" in to_text(result)
    finally:
        session.close()


def test_a_dependency_cycle_is_drawn_for_jupyter(session: Session) -> None:
    result = session.run_cell(
        "notify { 'a': require => Notify['b'] }\nnotify { 'b': require => Notify['a'] }"
    )
    drawn = [o["data"] for o in outputs(result) if o["output_type"] == "display_data"]
    (picture,) = [data for data in drawn if "text/vnd.mermaid" in data]
    assert picture["text/vnd.mermaid"].startswith("flowchart")
    assert "Notify[a] (line 1)" in picture["text/plain"]


def test_a_dependency_cycle_is_named(session: Session) -> None:
    problem = problem_of(
        session,
        "file { '/tmp/a': require => File['/tmp/b'] }\n"
        "file { '/tmp/b': require => File['/tmp/a'] }",
    )
    assert "File[/tmp/a] => File[/tmp/b] => File[/tmp/a]" in problem.message
    assert "GraphViz" not in problem.message


@pytest.fixture
def broken_module(puppet: None) -> Path:
    module = Path("/etc/puppet/code/modules/camp_broken")
    manifest = module / "manifests" / "init.pp"
    try:
        manifest.parent.mkdir(parents=True)
    except OSError as error:
        pytest.skip(f"needs to write a module: {error}")
    manifest.write_text("class camp_broken {\n  notice($nope)\n}\n")
    yield manifest
    manifest.unlink()
    for folder in (manifest.parent, module):
        folder.rmdir()


def test_an_error_in_a_module_names_its_file(
    session: Session, broken_module: Path
) -> None:
    result = session.run_cell("\n\ninclude camp_broken")
    (problem,) = result.errors
    assert problem.file == str(broken_module)
    assert problem.line == 2
    assert problem.excerpt == ""
    assert str(broken_module) in outputs(result)[-1]["evalue"]


def test_a_file_without_its_class_is_named(
    session: Session, broken_module: Path
) -> None:
    broken_module.write_text("# class camp_broken { }\n")
    (problem,) = session.run_cell("include camp_broken").errors
    assert problem.hint.startswith(f"{broken_module} is there, but")


def test_an_unknown_magic_is_an_error(session: Session) -> None:
    with pytest.raises(CellError, match="did you mean %%noop"):
        session.run_cell("%%nop\nnotice(1)")


def test_a_child_that_is_killed_is_an_error(session: Session) -> None:
    result = session.run_cell("exec { '/bin/sh -c \"kill -9 $PPID\"': }")
    assert not result.ok
    assert not result.completed
    assert "signal 9" in result.errors[0].message
    assert session.run_cell("notice('next')").ok


def test_endless_recursion_is_an_error(session: Session) -> None:
    result = session.run_cell("function f($x) { f($x) }\nnotice(f(1))")
    assert not result.ok
    assert session.run_cell("notice('next')").ok


@pytest.mark.parametrize(
    ("source", "magic", "line"),
    [
        ("# rehearse\n\n%%noop\nfile { '/tmp/x': ensure => file }", "%%noop", 3),
        ("# look\n%%sh\necho it's me", "%%sh", 2),
        ("file { '/tmp/x': }\n%%expect x\nfile { '/tmp/x': }", "%%expect", 2),
        ("%%noop\n%%expect x\nfile { '/tmp/x': }", "%%expect", 2),
    ],
)
def test_a_magic_that_is_not_on_top_is_named(
    session: Session, source: str, magic: str, line: int
) -> None:
    result = session.run_cell(source)
    (problem,) = result.errors
    assert problem.message == (
        "a magic must be the first line of its cell; "
        f"move {magic} there from line {line}"
    )
    assert (problem.line, problem.column) == (line, 1)
    assert problem.excerpt.startswith(magic)
    assert outputs(result)[-1]["ename"] == "SyntaxError"
