"""Lint names checks that check nothing, and leaves honest ones alone."""

import pytest

from puppetcamp.grading.lint import Issue, lint
from tests.unit.grading.notebooks import check, code, notebook


def issues(body: str, first_line: str = "%%expect check") -> list[Issue]:
    return [fault.issue for fault in lint(notebook(check(f"{first_line}\n{body}")))]


def messages(body: str, first_line: str) -> str:
    faults = lint(notebook(check(f"{first_line}\n{body}")))
    return "\n".join(fault.message for fault in faults)


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
        notebook(
            check("%%expect first", "first"), code("x"), check("user{'a':}", "second")
        )
    )
    assert [(fault.cell_id, fault.issue) for fault in faults] == [
        ("first", Issue.EMPTY),
        ("second", Issue.NOT_A_CHECK),
    ]
    assert all(fault.cell_id in fault.message for fault in faults)


def test_two_faults_of_one_check_are_both_told() -> None:
    assert issues("file { '/x': noop => true }") == [Issue.NOOP, Issue.STATES_NOTHING]


@pytest.mark.parametrize(
    ("kind", "body", "issue"),
    [
        ("idempotent", "notice('x')", Issue.EMPTY),
        ("idempotent", "exec { '/bin/x': refreshonly => true }", Issue.REFRESHONLY),
        ("idempotent", "file { '/x': ensure => file, noop => true }", Issue.NOOP),
        ("idempotent", "%as rocky-9\nfile { '/x': ensure => file }", Issue.DIRECTIVE),
        ("drift", "", Issue.EMPTY),
        ("drift", "file { '/x': }", Issue.STATES_NOTHING),
        ("drift", "file { '/etc': ensure => directory }", Issue.ALWAYS_TRUE),
        ("drift", "exec { '/bin/rm /x': }", Issue.UNGUARDED),
        ("drift", "exec { 'rm /x': onlyif => 'true' }", Issue.UNGUARDED),
        (
            "drift",
            "file { '/y': ensure => absent }\nexec { '/bin/rm /x': }",
            Issue.UNGUARDED,
        ),
        ("drift", "exec { '/bin/x': refreshonly => true }", Issue.REFRESHONLY),
        ("drift", "file { '/x': ensure => absent, noop => false }", Issue.NOOP),
        ("drift", "%data a: 1\nfile { '/x': ensure => absent }", Issue.DIRECTIVE),
        ("compiled", "", Issue.EMPTY),
        ("compiled", "%as rocky-9", Issue.EMPTY),
        ("compiled", "class { 'settings': }", Issue.ALWAYS_TRUE),
        ("compiled", "stage { 'main': }", Issue.ALWAYS_TRUE),
        ("compiled", "%as rocky-99\nfile { '/x': }", Issue.MACHINE),
        ("compiled", "%on rocky-9\nfile { '/x': }", Issue.DIRECTIVE),
        ("compiled", "file { '/x': }\n%as rocky-9", Issue.DIRECTIVE),
        ("compiled", "%as\nfile { '/x': }", Issue.DIRECTIVE),
        ("expect", "%as rocky-9\nfile { '/x': ensure => file }", Issue.DIRECTIVE),
    ],
)
def test_every_kind_has_its_own_ways_to_check_nothing(
    kind: str, body: str, issue: Issue
) -> None:
    first_line = f"%%{kind} check"
    assert issues(body, first_line) == [issue]
    (told,) = messages(body, first_line).split("\n")
    what, remedy = told.removeprefix("check check: ").rsplit("; ", 1)
    assert what
    assert remedy


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("idempotent", ""),
        ("idempotent", "# the whole manifest"),
        ("idempotent", "exec { '/bin/x': creates => '/y' }"),
        ("drift", "file { '/etc/motd': content => 'broken' }"),
        ("drift", "exec { 'pkill nginx': onlyif => 'pgrep nginx' }"),
        ("compiled", "package { 'nginx': }"),
        ("compiled", "include nginx"),
        ("compiled", "File['/x'] ~> Service['y']"),
        ("compiled", "### BEGIN HIDDEN TESTS\n%as rocky\n%data a: 1\nfile { '/x': }"),
        ("compiled", "%as os.family=RedHat\nfile { '/x': mode => '0600' }"),
        ("compiled", "%as trixie os.family=Odd\nfile { '/x': mode => '0600' }"),
        ("compiled", "%as ./facts.json\nfile { '/x': mode => '0600' }"),
        ("compiled", "stage { 'main': before => Stage['last'] }"),
    ],
)
def test_honest_checks_of_every_kind_are_left_alone(kind: str, body: str) -> None:
    assert issues(body, f"%%{kind} check") == []


def test_a_machine_nobody_has_facts_of_gets_the_list() -> None:
    told = messages("%as rokcy-9\nfile { '/x': }", "%%compiled check")
    assert "no facts of rokcy-9" in told
    assert "rocky-9" in told


def test_names_are_unique_and_the_cells_own() -> None:
    body = "\nfile { '/x': ensure => file }"
    faults = lint(
        notebook(
            check(f"%%expect one{body}", "one"),
            check(f"%%expect one{body}", "one"),
            check(f"%%drift other{body}", "two"),
            check(f"%%compiled{body}", "three"),
        )
    )
    assert [(fault.cell_id, fault.issue) for fault in faults] == [
        ("one", Issue.DUPLICATE),
        ("one", Issue.DUPLICATE),
        ("two", Issue.ID),
        ("three", Issue.ID),
    ]
    assert "write %%drift two" in faults[2].message


def test_a_python_notebook_has_no_checks_in_puppet() -> None:
    assert lint(notebook(check("assert x == 1"), kernel="python3")) == ()
