"""`%catalog`: what was compiled, and what became of it."""

import pytest

from puppet_kernel.session import Session
from tests.kernel.questions.support import refusal, rows, text


@pytest.fixture(scope="module")
def applied(session: Session) -> Session:
    result = session.run_cell("""
        class web { file { '/tmp': ensure => directory } -> exec { '/bin/true': } }
        class { 'web': }
        notify { 'done': message => 'x', subscribe => Exec['/bin/true'] }
    """)
    assert result.ok
    return session


def test_all_of_it(applied: Session) -> None:
    shown = text(applied, "%catalog")
    assert "4 resources, 2 dependencies" in shown
    found = rows(applied.run_cell("%catalog"))
    assert found["File[/tmp]"] == [
        "✓ unchanged",
        "line 2",
        "Class[Web]",
        "ensure => 'directory', before => Exec['/bin/true']",
    ]
    assert "exec { '/bin/true':" in shown
    assert "class { 'web':" in shown


@pytest.mark.parametrize("written", ["Exec[/bin/true]", "exec['/bin/true']"])
def test_one_resource(applied: Session, written: str) -> None:
    shown = text(applied, f"%catalog {written}")
    assert shown.startswith("exec { '/bin/true':")
    found = rows(applied.run_cell(f"%catalog {written}"))
    assert found["declared in"] == ["the cell line 2"]
    assert found["inside"] == ["Class[Web]"]
    assert found["comes after"] == ["File[/tmp]"]
    assert found["notifies"] == ["Notify[done]"]
    assert found["last run"] == ["changed: executed successfully"]


def test_a_class(applied: Session) -> None:
    found = rows(applied.run_cell("%catalog Class[web]"))
    assert found["contains"] == ["File[/tmp], Exec[/bin/true]"]


def test_all_of_one_type(applied: Session) -> None:
    assert list(rows(applied.run_cell("%catalog notify"))) == ["Notify[done]"]


def test_an_unknown_one(applied: Session) -> None:
    assert "no Exec[/bin/tru]" in refusal(applied, "%catalog Exec[/bin/tru]")
    result = applied.run_cell("%catalog Exec[/bin/tru]")
    assert result.errors[0].hint == "did you mean Exec[/bin/true]?"


def test_what_was_only_rehearsed(session: Session) -> None:
    session.run_cell("%%noop\nfile { '/tmp/not-there': content => 'x' }")
    found = rows(session.run_cell("%catalog"))
    assert found["File[/tmp/not-there]"][0] == "○ would change"
