"""Lint names checks that check nothing, and leaves honest ones alone."""

import pytest

from puppetcamp.grading.lint import Issue, lint
from tests.unit.grading.notebooks import check, code, notebook


def issues(body: str, first_line: str = "%%expect a") -> list[Issue]:
    return [fault.issue for fault in lint(notebook(check(f"{first_line}\n{body}")))]


@pytest.mark.parametrize(
    ("body", "issue"),
    [
        pytest.param("", Issue.EMPTY, id="nothing"),
        pytest.param("# file { '/x': ensure => file }", Issue.EMPTY, id="comment"),
        pytest.param("/* user { 'a': } */", Issue.EMPTY, id="long comment"),
        pytest.param("notice('hello')", Issue.EMPTY, id="a message"),
        pytest.param("File { mode => '0644' }", Issue.EMPTY, id="defaults"),
        pytest.param("$x = 'file { \"/x\": }'", Issue.EMPTY, id="text only"),
        pytest.param(
            "file { '/x': audit => all }", Issue.STATES_NOTHING, id="audited file"
        ),
        pytest.param("file { '/x': }", Issue.STATES_NOTHING, id="named file"),
        pytest.param(
            "file { '/x': backup => false, require => File['/y'] }",
            Issue.STATES_NOTHING,
            id="parameters only",
        ),
        pytest.param("user { 'a': }", Issue.STATES_NOTHING, id="named user"),
        pytest.param(
            "service { 'cron': hasstatus => true }",
            Issue.STATES_NOTHING,
            id="service without state",
        ),
        pytest.param(
            "exec { '/bin/false': refreshonly => true }",
            Issue.REFRESHONLY,
            id="lone refreshonly",
        ),
        pytest.param(
            "file { '/x': mode => '0600', noop => false }", Issue.NOOP, id="noop"
        ),
        pytest.param(
            "File { noop => false } file { '/x': mode => '0600' }",
            Issue.NOOP,
            id="noop as default",
        ),
        pytest.param(
            "file { '/x': * => { 'mode' => '0600', 'noop' => false } }",
            Issue.NOOP,
            id="noop in a hash",
        ),
        pytest.param(
            "exec { '/bin/false': unless => '/bin/true' }",
            Issue.ALWAYS_TRUE,
            id="unless true",
        ),
        pytest.param(
            "exec { 'x': command => 'y', onlyif => 'false' }",
            Issue.ALWAYS_TRUE,
            id="onlyif false",
        ),
        pytest.param(
            "exec { '/bin/false': creates => '/etc/passwd' }",
            Issue.ALWAYS_TRUE,
            id="creates what is there",
        ),
        pytest.param(
            "file { '/etc': ensure => directory }", Issue.ALWAYS_TRUE, id="/etc"
        ),
        pytest.param(
            "user { 'root': ensure => present }", Issue.ALWAYS_TRUE, id="root"
        ),
    ],
)
def test_a_check_of_nothing_is_named(body: str, issue: Issue) -> None:
    assert issues(body) == [issue]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("file { '/x': mode => '0600' }", id="file"),
        pytest.param("file { '/x': content => \"a # b\\n\" }", id="hash in a string"),
        pytest.param("package { 'cron': }", id="a package's default is installed"),
        pytest.param("service { 'cron': ensure => running }", id="service"),
        pytest.param(
            "exec { '/bin/false': unless => 'grep -q noop /etc/motd' }", id="exec"
        ),
        pytest.param(
            "file { '/etc': ensure => directory }\nfile { '/x': ensure => absent }",
            id="one real statement is enough",
        ),
        pytest.param(
            "file { ['/x', '/y']: ensure => file; '/z': ensure => absent }",
            id="several bodies",
        ),
        pytest.param(
            "['/x', '/y'].each |$path| { file { $path: ensure => file } }", id="each"
        ),
        pytest.param("if true { file { '/x': ensure => file } }", id="if"),
        pytest.param(
            "file { '/x': content => @(END) }\n  file { '/y': }\n  | END\n",
            id="heredoc",
        ),
        pytest.param(
            "file { '/x':\n  ### BEGIN HIDDEN TESTS\n  mode => '0600',\n"
            "  ### END HIDDEN TESTS\n}",
            id="hidden",
        ),
        pytest.param(
            "host { 'node': ip => '10.0.0.1' }", id="type lint knows little of"
        ),
    ],
)
def test_an_honest_check_is_left_alone(body: str) -> None:
    assert issues(body) == []


@pytest.mark.parametrize("first_line", ["", "%%noop", "%%sh", "%%expct", "expect"])
def test_a_grade_cell_that_is_no_check_is_named(first_line: str) -> None:
    body = "file { '/x': mode => '0600' }"
    assert issues(body, first_line) == [Issue.NOT_A_CHECK]


def test_other_cells_are_nobodys_business() -> None:
    answer = code("", grade=False, solution=True, grade_id="answer")
    essay = code("", grade=True, solution=True, grade_id="essay")
    assert lint(notebook(answer, essay, code("file { '/x': }"))) == ()


def test_all_faults_are_told_with_their_cells() -> None:
    faults = lint(
        notebook(check("%%expect", "first"), code("x"), check("user{'a':}", "second"))
    )
    assert [(fault.cell_id, fault.issue) for fault in faults] == [
        ("first", Issue.EMPTY),
        ("second", Issue.NOT_A_CHECK),
    ]
    assert all(fault.cell_id in fault.message for fault in faults)


def test_two_faults_of_one_check_are_both_told() -> None:
    assert issues("file { '/x': noop => true }") == [Issue.NOOP, Issue.STATES_NOTHING]
